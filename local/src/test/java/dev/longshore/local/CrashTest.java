package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.testkit.e2e.Api;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The runtime as a process of its own: killed in the middle of its work, stopped politely, started again. */
class CrashTest {
    private static final String KEY = "ls_crash_0123456789abcdef0123456789abcdef";

    @TempDir
    Path data;

    private final int port = Ports.free();
    private final Api api = new Api(URI.create("http://127.0.0.1:" + port), KEY, Duration.ofSeconds(60));
    private Process runtime;

    @AfterEach
    void end() {
        if (runtime != null) {
            runtime.destroyForcibly();
        }
    }

    @Test
    void aJobThatRanWhenTheRuntimeWasKilledEndsAfterARestart() throws Exception {
        start();
        String running = api.rehearse(Map.of("runMs", 8_000, "value", "survivor"));
        List<String> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(api.enqueue(Map.of("task", "rehearse", "payload", Map.of("value", i), "delaySeconds", i % 3)));
        }
        api.await(running, "RUNNING");

        runtime.destroyForcibly().waitFor(); // kill -9
        start();

        JsonNode survivor = api.await(running, "SUCCEEDED");
        assertThat(survivor.get("attempt").asInt()).isEqualTo(2);
        assertThat(survivor.get("result").get("fence").asLong()).isEqualTo(2);
        for (String id : waiting) {
            api.await(id, "SUCCEEDED");
        }
    }

    @Test
    void aRuntimeThatIsStoppedPolitelyLetsItsJobsEnd() throws Exception {
        start();
        String running = api.rehearse(Map.of("runMs", 3_000));
        api.await(running, "RUNNING");

        runtime.destroy(); // SIGTERM
        assertThat(runtime.waitFor(30, TimeUnit.SECONDS)).isTrue();
        start();

        JsonNode job = api.job(running);
        assertThat(job.get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(job.get("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void aSecondRuntimeOnTheSameDataIsRefusedWithTheRemedy() throws Exception {
        start();

        Process second = launch(Ports.free());

        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(new String(second.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("Another Longshore runs on the data in")
                .contains("LONGSHORE_DATA");
    }

    private void start() throws IOException {
        runtime = launch(port);
        api.awaitUp();
    }

    private Process launch(int onPort) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-classpath",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "dev");
        builder.environment().put("LONGSHORE_PORT", Integer.toString(onPort));
        builder.environment().put("LONGSHORE_DATA", data.toString());
        builder.environment().put("LONGSHORE_KEY", KEY);
        File log = data.resolveSibling(data.getFileName() + ".log").toFile();
        return builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log)).start();
    }
}
