package dev.longshore.suites.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Handlers that compute on every processor and do not look at interrupts: time-outs and heartbeats come all the same. */
public interface SpinningScenarios {
    /** The Longshore to test. */
    Api api();

    @Test
    default void jobsThatComputeOnEveryProcessorAreTimedOutAllTheSame() {
        List<String> ids = IntStream.range(0, 2 * Runtime.getRuntime().availableProcessors())
                .mapToObj(i -> api().enqueue(
                                Map.of("task", "rehearse", "payload", Map.of("spinMs", 15_000), "maxAttempts", 1)))
                .toList();

        for (String id : ids) {
            JsonNode job = api().await(id, "DEAD");
            assertThat(job.get("error").get("type").asString()).isEqualTo("TimedOut");
            assertThat(Api.runTime(job))
                    .as("a time-out of 10 s, and at most 5 s more")
                    .isLessThan(Duration.ofSeconds(15));
        }
    }

    /**
     * A heartbeat brings a cancellation to a job that never checks for one. Each job is cancelled once it runs: where each
     * invocation has a container of its own, the second may start when the first ends.
     */
    @Test
    default void heartbeatsComeWhileJobsComputeOnEveryProcessor() {
        List<String> ids = IntStream.range(0, Runtime.getRuntime().availableProcessors())
                .mapToObj(i -> api().enqueue(
                                Map.of("task", "rehearse-long", "payload", Map.of("spinMs", 45_000), "maxAttempts", 1)))
                .toList();
        Map<String, Instant> cancelled = new ConcurrentHashMap<>();
        ids.parallelStream().forEach(id -> {
            api().await(id, "RUNNING");
            assertThat(api().post("/v1/jobs/" + id + "/cancel", Map.of()).status())
                    .isEqualTo(200);
            cancelled.put(id, Instant.now()); // a front door that starts first may take as long as a heartbeat
        });

        for (String id : ids) {
            Instant end =
                    Instant.parse(api().await(id, "CANCELLED").get("finishedAt").asString());
            assertThat(Duration.between(cancelled.get(id), end))
                    .as("a heartbeat each 20 s, 5 s of grace")
                    .isLessThan(Duration.ofSeconds(35));
        }
    }
}
