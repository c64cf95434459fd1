package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.suites.e2e.Api;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The runtime as a process of its own: killed in the middle of its work, stopped politely, started again. */
class CrashTest {
    @TempDir
    Path data;

    private RuntimeProcess runtime;
    private Api api;

    @BeforeEach
    void prepare() {
        runtime = new RuntimeProcess(data);
        api = runtime.api(Duration.ofSeconds(60));
    }

    @AfterEach
    void end() {
        runtime.close();
    }

    @Test
    void aJobThatRanWhenTheRuntimeWasKilledEndsAfterARestart() throws Exception {
        runtime.start();
        String running = api.rehearse(Map.of("runMs", 5_000, "value", "survivor"));
        List<String> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(api.enqueue(Map.of("task", "rehearse", "payload", Map.of("value", i), "delaySeconds", i % 3)));
        }
        api.await(running, "RUNNING");

        runtime.kill();
        runtime.start();

        JsonNode survivor = api.await(running, "SUCCEEDED");
        assertThat(survivor.get("attempt").asInt()).isEqualTo(2);
        assertThat(survivor.get("result").get("fence").asLong()).isEqualTo(2);
        for (String id : waiting) {
            api.await(id, "SUCCEEDED");
        }
    }

    @Test
    void aRuntimeThatIsStoppedPolitelyLetsItsJobsEnd() throws Exception {
        runtime.start();
        String running = api.rehearse(Map.of("runMs", 3_000));
        api.await(running, "RUNNING");

        assertThat(runtime.stop().waitFor(30, TimeUnit.SECONDS)).isTrue();
        runtime.start();

        JsonNode job = api.job(running);
        assertThat(job.get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(job.get("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void aSecondRuntimeOnTheSameDataIsRefusedWithTheRemedy() throws Exception {
        runtime.start();

        Process second = runtime.launch(Ports.free());

        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("Another Longshore runs on the data in")
                .contains("LONGSHORE_DATA");
    }
}
