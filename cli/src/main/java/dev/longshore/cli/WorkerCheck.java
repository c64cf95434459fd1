package dev.longshore.cli;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The process {@code dev.longshore.worker.DeploymentCheck} out of the new worker's jar. It gets jobs as JSON lines and answers what it
 * could not run.
 */
final class WorkerCheck implements AutoCloseable {
    private static final String MAIN = "dev.longshore.worker.DeploymentCheck";
    /** Of a stack trace. */
    private static final Pattern FRAME = Pattern.compile("^\\s+(?:at |\\.\\.\\. \\d+ more)");

    private final Process process;
    private final Writer jobs;
    private final CompletableFuture<List<String>> findings;
    private final CompletableFuture<List<String>> errors;

    private WorkerCheck(Process process) {
        this.process = process;
        this.jobs = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.findings = lines(process.getInputStream());
        this.errors = lines(process.getErrorStream());
    }

    static WorkerCheck start(Shell shell, Path jar, String worker) throws IOException {
        return new WorkerCheck(shell.program(List.of(java(shell), "-cp", jar.toString(), MAIN, worker))
                .start());
    }

    void send(String id, String task, JsonNode payload) throws IOException {
        Map<String, Object> job = new LinkedHashMap<>();
        job.put("id", id);
        job.put("task", task);
        job.put("payload", payload);
        try {
            jobs.write(Json.line(job));
            jobs.write('\n');
        } catch (IOException e) {
            throw ended(e);
        }
    }

    /** What it found in all that was sent, as JSON lines. */
    List<String> findings() throws IOException, InterruptedException {
        try {
            jobs.close();
        } catch (IOException e) {
            throw ended(e);
        }
        int status = process.waitFor();
        if (status != 0) {
            throw failure(status);
        }
        return findings.join();
    }

    /** It does not read any more: why is in its own message. */
    private CommandFailure ended(IOException e) throws IOException {
        try {
            return failure(process.waitFor());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw e;
        }
    }

    private CommandFailure failure(int status) {
        String said = errors.join().stream()
                .filter(line -> !FRAME.matcher(line).find())
                .map(String::strip)
                .collect(Collectors.joining(" "));
        if (said.contains("UnsupportedClassVersionError")) {
            return CommandFailure.usage(
                    "The worker's jar is for a newer Java than that of JAVA_HOME or, without it, of this command;"
                            + " set JAVA_HOME to a JDK 25");
        }
        if (said.contains("Could not find or load main class")) {
            return CommandFailure.usage("The jar has no " + MAIN + ": --jar takes the worker's shaded jar, which has"
                    + " Longshore's worker in it");
        }
        return CommandFailure.usage("The worker's jar could not check the jobs (exit " + status + "): "
                + (said.isEmpty() ? "it printed nothing" : said));
    }

    /** That of JAVA_HOME, else the one that runs this command, which the script takes from the PATH. */
    private static String java(Shell shell) {
        String home = shell.variable("JAVA_HOME");
        Path java = Path.of(home == null ? System.getProperty("java.home") : home, "bin", "java");
        if (!Files.isExecutable(java)) {
            throw CommandFailure.usage("JAVA_HOME is " + home + ", which has no bin/java");
        }
        return java.toString();
    }

    /** On a thread of its own: the JDK's HTTP client needs those of the common pool, of which a small machine has one. */
    private static CompletableFuture<List<String>> lines(InputStream stream) {
        CompletableFuture<List<String>> lines = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader text =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        lines.complete(text.lines().toList());
                    } catch (IOException | RuntimeException e) {
                        lines.completeExceptionally(e);
                    }
                },
                "longshore-check");
        reader.setDaemon(true);
        reader.start();
        return lines;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
