package dev.longshore.local;

import dev.longshore.task.Json;
import dev.longshore.task.TaskDescription;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A worker's process, which runs one state of the team's classes: {@link WorkerMain} is its other side. */
final class Generation {
    /** As Lambda's Java runtimes start: the second compiler does not pay in a process that is replaced at each change. */
    private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** What ends a drain that takes longer: interrupted handlers have 2 s to clean up, and outcomes have to be written. */
    private static final Duration LONGEST_END = Pollers.DRAIN.plusSeconds(10);

    /** What ends a start whose constructor hangs. */
    private static final Duration LONGEST_START = Duration.ofMinutes(1);

    private final int number;
    private final Process process;
    private final CompletableFuture<List<TaskDescription>> tasks = new CompletableFuture<>();
    private final CompletableFuture<WorkerReport> polling = new CompletableFuture<>();
    private final CountDownLatch draining = new CountDownLatch(1);
    private volatile boolean killed;

    private Generation(int number, Process process) {
        this.number = number;
        this.process = process;
    }

    /** The worker cannot run; the message is a sentence for the developer. */
    static final class RefusedException extends Exception {
        private RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Starts the process.
     *
     * @param worker the worker's class
     * @param environment variables besides those of this process
     */
    static Generation launch(int number, String worker, String classPath, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK_START);
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-agentlib:") && !argument.startsWith("-javaagent:"))
                .forEach(command::add);
        command.addAll(List.of("-classpath", classPath, WorkerMain.class.getName(), worker));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            Generation generation = new Generation(number, builder.start());
            Thread.ofVirtual().name("worker-output-" + number).start(generation::relay);
            return generation;
        } catch (IOException e) {
            throw new UncheckedIOException("The worker's process did not start", e);
        }
    }

    /** Prints what the process prints, and takes its reports, until it ends. */
    private void relay() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                Optional<WorkerReport> report = WorkerReport.read(line);
                report.ifPresent(this::take);
                String printed = WorkerReport.output(line);
                if (!printed.isEmpty() || report.isEmpty()) {
                    System.out.println(printed);
                }
            }
        } catch (IOException e) {
            if (!killed) { // which closes the output
                throw new UncheckedIOException("The output of the worker's process cannot be read", e);
            }
        } finally {
            RefusedException ended =
                    new RefusedException("Its process ended before it polled; its last output says why");
            tasks.completeExceptionally(ended);
            polling.completeExceptionally(ended);
            draining.countDown();
        }
    }

    private void take(WorkerReport report) {
        switch (report.event()) {
            case LOADED -> tasks.complete(Objects.requireNonNull(report.tasks()));
            case REFUSED -> tasks.completeExceptionally(new RefusedException(String.valueOf(report.refusal())));
            case POLLING -> polling.complete(report);
            case DRAINING -> draining.countDown();
        }
    }

    int number() {
        return number;
    }

    /**
     * Its tasks, as soon as it has reported them.
     *
     * @throws RefusedException when it cannot run
     */
    List<TaskDescription> tasks() throws RefusedException {
        return await(tasks);
    }

    /**
     * Polls these engines from now on.
     *
     * @throws RefusedException when its process ends before that
     */
    void poll(EngineAddresses engines) throws RefusedException {
        try {
            OutputStream input = process.getOutputStream();
            input.write((Json.of(engines).text() + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            kill(); // it does not read; the wait below then ends
        }
        await(polling);
    }

    private static <T> T await(CompletableFuture<T> report) throws RefusedException {
        try {
            return report.orTimeout(LONGEST_START.toSeconds(), TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            if (e.getCause() instanceof TimeoutException) {
                throw new RefusedException("It was not ready after " + LONGEST_START.toSeconds()
                        + " s; the constructor and the method 'tasks' should open nothing");
            }
            throw e;
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The status that its process ended with. */
    int status() {
        return process.exitValue();
    }

    /** Ends its polls; once this returns it receives no more messages, and its jobs have {@link Pollers#DRAIN} to end. */
    void drain() throws InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            kill(); // its input is broken, so it has ended already or cannot be reached
        }
        draining.await();
    }

    /** Waits for the end of its drain, which has begun; kills it when that takes too long. */
    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
        }
    }

    void kill() {
        killed = true;
        process.destroyForcibly();
    }
}
