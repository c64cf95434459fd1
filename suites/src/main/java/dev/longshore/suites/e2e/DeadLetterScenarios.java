package dev.longshore.suites.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Dead jobs in an operator's hand. Every test has jobs with a tag of its own, and touches no others. */
public interface DeadLetterScenarios {
    Api api();

    @Test
    default void deadJobsAreCountedByTheFingerprintOfTheirError() {
        List<String> ids = discarded(newTag(), 2);
        String fingerprint = api().job(ids.get(0)).get("fingerprint").asString();
        assertThat(api().job(ids.get(1)).get("fingerprint").asString()).isEqualTo(fingerprint);

        JsonNode answer = api().get("/v1/dead-letters?task=rehearse&limit=200").json();

        JsonNode group = answer.get("groups")
                .valueStream()
                .filter(one -> one.get("fingerprint").asString().equals(fingerprint))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no group " + fingerprint + " in " + answer));
        assertThat(group.get("count").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(group.get("reason").asString()).isEqualTo("discarded");
        assertThat(group.get("task").asString()).isEqualTo("rehearse");
    }

    @Test
    default void aCanaryThatDiesAgainStopsTheRedrive() {
        String tag = newTag();
        List<String> ids = discarded(tag, 3);

        JsonNode redrive = ordered("/v1/jobs/retry", Map.of("tag", tag, "canary", true));

        assertThat(redrive.get("task").asString()).isEqualTo("longshore-redrive");
        assertThat(redrive.get("result").get("sent").asInt()).isEqualTo(1);
        assertThat(redrive.get("result").get("stopped").asBoolean()).isTrue();
        assertThat(redrive.get("result").get("because").asString()).contains("dead again, of the same error");
        assertThat(ids.stream().filter(id -> timesRedriven(id) > 0)).hasSize(1);
    }

    @Test
    default void deadJobsOfATagAreRedrivenTogether() {
        String tag = newTag();
        List<String> ids = discarded(tag, 12);

        JsonNode redrive = ordered("/v1/jobs/retry", Map.of("tag", tag, "ratePerSecond", 100));

        assertThat(redrive.get("result").get("sent").asInt()).isEqualTo(12);
        assertThat(redrive.get("progress").asInt()).isPositive();
        ids.forEach(id -> {
            api().await(id, "DEAD again", job -> Api.states(job).size() == 6);
            assertThat(timesRedriven(id)).isEqualTo(1);
        });
    }

    @Test
    default void aDeadJobWithAnotherPayloadSucceeds() {
        String id = discarded(newTag(), 1).getFirst();

        Api.Answer retry = api().post("/v1/jobs/" + id + "/retry", Map.of("payload", Map.of("value", "mended")));

        assertThat(retry.status()).as(retry.raw().body()).isEqualTo(200);
        JsonNode job = api().await(id, "SUCCEEDED");
        assertThat(job.get("result").get("value").asString()).isEqualTo("mended");
        assertThat(job.get("history").get(3).get("payloadReplaced").asBoolean()).isTrue();
        assertThat(job.has("fingerprint")).isFalse();
    }

    @Test
    default void aPurgedJobIsGone() {
        String tag = newTag();
        String id = discarded(tag, 1).getFirst();

        JsonNode purge = ordered("/v1/jobs/purge", Map.of("tag", tag));

        assertThat(purge.get("result").get("purged").asInt()).isEqualTo(1);
        assertThat(api().get("/v1/jobs/" + id).status()).isEqualTo(404);
        assertThat(api().get("/v1/jobs?tag=" + tag).json().get("jobs")).isEmpty();
        assertThat(api().post("/v1/jobs/" + id + "/retry", Map.of()).status()).isEqualTo(404);
    }

    /** The hook of {@code rehearse} writes a file, which only a report over it can show to a client. */
    @Test
    default void hookOfATaskRunsWhenItsJobIsDead() {
        String id = discarded(newTag(), 1).getFirst();

        JsonNode report = api().await(
                        "report of what the hook of " + id + " wrote", Duration.ofMinutes(3), () -> reportOfDeath(id));

        assertThat(report.get("rows").asInt()).isEqualTo(1);
    }

    /** The result of a report over the hook's file; empty while that is not there. */
    private Optional<JsonNode> reportOfDeath(String id) {
        String report = api().enqueue(Map.of(
                "task", "generate-report", "payload", Map.of("file", "deaths/" + id + ".csv", "title", "Dead: " + id)));
        JsonNode job = api().await(report, "at its end", one -> one.has("finishedAt"));
        return Optional.ofNullable(job.get("result"));
    }

    @Test
    default void theOperatorsLogSaysWhoDidWhat() {
        String id = discarded(newTag(), 1).getFirst();
        api().post("/v1/jobs/" + id + "/retry", Map.of());

        JsonNode entries = api().get("/v1/operator-log?limit=100").json().get("entries");

        JsonNode entry = entries.valueStream()
                .filter(one -> one.path("target").asString("").equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no entry of " + id + " in " + entries));
        assertThat(entry.get("action").asString()).isEqualTo("POST /v1/jobs/{id}/retry");
        assertThat(entry.get("key").asString())
                .isEqualTo(api().job(id).get("history").get(3).get("by").asString());
        assertThat(entry.get("outcome").asString()).isEqualTo("done");
    }

    @Test
    default void theQuarantineIsListed() {
        assertThat(api().get("/v1/quarantine").json().get("messages").isArray()).isTrue();
        assertThat(api().get("/v1/quarantine/" + UUID.randomUUID()).status()).isEqualTo(404);
    }

    private static String newTag() {
        return "dead-" + UUID.randomUUID();
    }

    private List<String> discarded(String tag, int count) {
        List<String> ids = IntStream.range(0, count)
                .mapToObj(i -> api().enqueue(Map.of(
                        "task", "rehearse",
                        "payload", Map.of("failAttempts", 1, "failWith", "discard"),
                        "tags", List.of(tag))))
                .toList();
        ids.forEach(id -> api().await(id, "DEAD"));
        return ids;
    }

    /** Gives an order; answers the job of it when it has ended. */
    private JsonNode ordered(String call, Map<String, ?> order) {
        Api.Answer answer = api().post(call, order);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
        String id = answer.json().get("id").asString();
        assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + id);
        return api().await(id, "SUCCEEDED");
    }

    private long timesRedriven(String id) {
        return Api.states(api().job(id)).stream().filter("QUEUED"::equals).count() - 1;
    }
}
