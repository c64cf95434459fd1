package dev.longshore.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.client.JobFilter;
import dev.longshore.client.Longshore;
import dev.longshore.local.LocalRuntime;
import dev.longshore.local.LocalSettings;
import dev.longshore.task.Limit;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The statements of docs/clients.md that call the API run as they are, in a process of their own, against a runtime. */
class ClientSnippetsTest {
    private static final Path PAGE = Path.of("../../docs/clients.md");
    private static final Pattern JAVA = Pattern.compile("(?ms)^```java\\n(.*?)^```");

    /** Of blocks that other tests run: the fake, the outbox, Spring. */
    private static final Pattern ELSEWHERE = Pattern.compile("FakeLongshore|Outbox");

    private static final String APPLICATION = """
            import dev.longshore.client.*;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;

            final class Application {
                record Video(String source) {}
                record Receipt(int amount) {}

                static String currentTraceparent() {
                    return "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
                }

                public static void main(String[] arguments) throws Exception {
                    try (Longshore longshore = Longshore.fromEnvironment()) {
            %s
                    }
                }

            %s
            }
            """;

    /** What the page's application enqueues. */
    static final class FilmWorker extends WorkerFunction {
        record Video(String source) {}

        record Receipt(int amount) {}

        record Day(@Nullable String day) {}

        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("process-video", Video.class, (video, job) -> new Receipt(42))
                    .limit(Limit.concurrent(5));
            tasks.add("generate-report", Day.class, (day, job) -> null);
        }
    }

    @TempDir
    static Path folder;

    private static LocalRuntime runtime;

    @BeforeAll
    static void start() {
        runtime = LocalRuntime.start(new LocalSettings(0, folder.resolve("data"), Optional.empty()), new FilmWorker());
    }

    @AfterAll
    static void stop() {
        runtime.close();
    }

    @Test
    void statementsOfThePageRun() throws Exception {
        List<String> blocks = JAVA.matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .filter(block -> !ELSEWHERE.matcher(block).find())
                .toList();
        assertThat(blocks).hasSize(9);

        String printed = run(blocks);

        assertThat(printed).contains("0 jobs");
        try (Longshore longshore = Longshore.builder()
                .url(runtime.url().toString())
                .key(runtime.key())
                .build()) {
            assertThat(longshore.list(JobFilter.all().task("process-video"))).hasSize(6);
            assertThat(longshore.list(JobFilter.all().tag("import-7")))
                    .singleElement()
                    .satisfies(job -> assertThat(job.meta()).containsEntry("tenant", "acme"));
            assertThat(longshore.limits().list().get(0).concurrent()).isEqualTo(3);
            assertThat(longshore.schedules().get("nightly").zone()).hasToString("Europe/Berlin");
        }
    }

    private static String run(List<String> blocks) throws IOException, InterruptedException {
        StringBuilder calls = new StringBuilder();
        StringBuilder snippets = new StringBuilder();
        for (int i = 0; i < blocks.size(); i++) {
            boolean ownClient = blocks.get(i).contains("Longshore longshore =");
            calls.append("snippet" + i + "(" + (ownClient ? "" : "longshore, ")
                    + "System.getenv(\"LONGSHORE_KEY\"), List.of(new Video(\"1\"), new Video(\"2\")));\n");
            snippets.append("static void snippet" + i + "(" + (ownClient ? "" : "Longshore longshore, ")
                    + "String key, List<Video> videos) throws Exception {\n" + blocks.get(i) + "}\n");
        }
        Path source = folder.resolve("Application.java");
        Files.writeString(source, APPLICATION.formatted(calls, snippets));
        String classPath = System.getProperty("java.class.path");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-classpath", classPath, source.toString()))
                .as("javac's exit status")
                .isZero();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-classpath",
                        folder + File.pathSeparator + classPath,
                        "Application")
                .redirectErrorStream(true);
        builder.environment().put("LONGSHORE_URL", runtime.url().toString());
        builder.environment().put("LONGSHORE_KEY", runtime.key());
        Process application = builder.start();
        String printed = new String(application.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(application.waitFor()).as(printed).isZero();
        return printed;
    }
}
