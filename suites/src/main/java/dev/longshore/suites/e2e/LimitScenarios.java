package dev.longshore.suites.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Limits of how many jobs run at once, on the example task {@code rehearse-one-at-a-time}: one of each key. */
public interface LimitScenarios {
    String ONE_AT_A_TIME = "rehearse-one-at-a-time";

    /** The Longshore to test. */
    Api api();

    @Test
    default void jobsOfOneKeyRunOneAfterTheOtherAndUseUpNoAttempts() {
        List<JsonNode> done =
                allSucceeded(batch(IntStream.range(0, 6).mapToObj(i -> "acme").toList()));

        assertThat(done).allSatisfy(job -> {
            assertThat(job.get("attempt").asInt()).isEqualTo(1);
            assertThat(Api.states(job)).containsExactly("QUEUED", "RUNNING", "SUCCEEDED");
        });
        List<JsonNode> inOrder = done.stream()
                .sorted(Comparator.comparing(job -> time(job, "startedAt")))
                .toList();
        for (int i = 1; i < inOrder.size(); i++) {
            assertThat(time(inOrder.get(i), "startedAt"))
                    .as("the start of job %d, after the end of the one before", i)
                    .isAfterOrEqualTo(time(inOrder.get(i - 1), "finishedAt"));
        }
    }

    @Test
    default void aJobThatWaitsForASlotSaysSoAndIsCancelledLikeAnyOther() {
        String key = "acme-" + UUID.randomUUID();
        String first = api().enqueue(Map.of("task", ONE_AT_A_TIME, "limitKey", key, "payload", Map.of("runMs", 8_000)));
        api().await(first, "RUNNING");
        String second = api().enqueue(Map.of("task", ONE_AT_A_TIME, "limitKey", key));

        JsonNode waiting = api().await(second, "held by its limit, or started", LimitScenarios::waitsOrStarted);
        assumeThat(waiting.path("waitReason").asString(""))
                .as("what the second job waits for, where a pool works on two batches at once")
                .isEqualTo("limit");

        assertThat(waiting.get("held").asString())
                .isEqualTo("limit " + ONE_AT_A_TIME + ", key " + key + ", 0 before it");
        assertThat(waiting.get("attempt").asInt()).isZero();
        String cancelled = api().post("/v1/jobs/" + second + "/cancel", Map.of())
                .json()
                .get("state")
                .asString();
        assumeThat(cancelled)
                .as("its state, unless the first job has ended meanwhile")
                .isNotEqualTo("RUNNING");
        assertThat(cancelled).isIn("CANCELLED", "SUCCEEDED");
        api().await(first, "SUCCEEDED");
    }

    private static boolean waitsOrStarted(JsonNode job) {
        return job.path("waitReason").asString("").equals("limit")
                || !job.get("state").asString().equals("QUEUED");
    }

    /** One job for each key, whose names a run of the suite makes its own. */
    private List<String> batch(List<String> keys) {
        String run = UUID.randomUUID().toString();
        List<Map<String, Object>> jobs = keys.stream()
                .<Map<String, Object>>map(key ->
                        Map.of("task", ONE_AT_A_TIME, "limitKey", key + "-" + run, "payload", Map.of("runMs", 200)))
                .toList();
        List<String> ids = new ArrayList<>();
        api().post("/v1/jobs/batch", Map.of("jobs", jobs))
                .json()
                .get("results")
                .forEach(result -> ids.add(result.get("job").get("id").asString()));
        return ids;
    }

    private List<JsonNode> allSucceeded(List<String> ids) {
        return ids.stream().map(id -> api().await(id, "SUCCEEDED")).toList();
    }

    private static Instant time(JsonNode job, String field) {
        return Instant.parse(job.get(field).asString());
    }
}
