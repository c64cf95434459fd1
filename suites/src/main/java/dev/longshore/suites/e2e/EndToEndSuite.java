package dev.longshore.suites.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What every Longshore does, wherever it runs: the embedded runtime, LocalStack, AWS. Speaks HTTP only, and uses the
 * example task {@code rehearse}.
 */
public abstract class EndToEndSuite
        implements RequestScenarios,
                PauseScenarios,
                LimitScenarios,
                ScheduleScenarios,
                LedgerScenarios,
                DeadLetterScenarios,
                RunAgainScenarios,
                UniqueScenarios,
                SpinningScenarios,
                KeyScenarios,
                UploadScenarios {

    /** The Longshore to test. */
    @Override
    public abstract Api api();

    // ---- the lifecycle of a job

    @Test
    void aJobIsAcceptedAtOnceAndItsResultIsThereWhenItHasRun() {
        Api.Answer answer = api().post("/v1/jobs", Map.of("task", "rehearse", "payload", Map.of("value", "hello")));

        assertThat(answer.status()).isEqualTo(202);
        String id = answer.json().get("id").asString();
        assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + id);
        JsonNode job = api().await(id, "SUCCEEDED");
        assertThat(job.get("attempt").asInt()).isEqualTo(1);
        assertThat(job.get("result").get("value").asString()).isEqualTo("hello");
        assertThat(job.get("result").get("attempt").asInt()).isEqualTo(1);
        assertThat(Api.states(job)).containsExactly("QUEUED", "RUNNING", "SUCCEEDED");
    }

    @Test
    void aJobThatFailsTwiceSucceedsAtItsThirdAttemptWithItsHistory() {
        String id = api().rehearse(Map.of("failAttempts", 2));

        JsonNode job = api().await(id, "SUCCEEDED");

        assertThat(job.get("attempt").asInt()).isEqualTo(3);
        assertThat(Api.states(job))
                .containsExactly("QUEUED", "RUNNING", "RETRYING", "RUNNING", "RETRYING", "RUNNING", "SUCCEEDED");
        assertThat(job.get("history").get(2).get("error").asString()).isNotBlank();
        assertThat(job.get("history").get(5).get("attempt").asInt()).isEqualTo(3);
    }

    @Test
    void aJobThatFailsEachTimeIsDeadAsExhausted() {
        String id = api().rehearse(Map.of("failAttempts", 3));

        JsonNode job = api().await(id, "DEAD");

        assertThat(job.get("deadReason").asString()).isEqualTo("exhausted");
        assertThat(job.get("attempt").asInt()).isEqualTo(3);
        assertThat(job.get("error").get("message").asString()).isNotBlank();
    }

    @Test
    void aDiscardedJobIsDeadAtOnce() {
        String id = api().rehearse(Map.of("failAttempts", 1, "failWith", "discard"));

        JsonNode job = api().await(id, "DEAD");

        assertThat(job.get("deadReason").asString()).isEqualTo("discarded");
        assertThat(job.get("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void aJobThatHangsIsInterruptedAtItsTimeout() {
        String id = api().enqueue(Map.of(
                "task", "rehearse", "payload", Map.of("failAttempts", 1, "failWith", "hang"), "maxAttempts", 1));

        JsonNode job = api().await(id, "DEAD");

        assertThat(job.get("error").get("type").asString()).isEqualTo("TimedOut");
        assertThat(Api.runTime(job)).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(16));
    }

    @Test
    void aSnoozeUsesUpNoAttempt() {
        String id = api().rehearse(Map.of("snoozeSeconds", 1));

        JsonNode job = api().await(id, "SUCCEEDED");

        assertThat(job.get("attempt").asInt()).isEqualTo(1);
        assertThat(Api.states(job)).containsExactly("QUEUED", "RUNNING", "RETRYING", "RUNNING", "SUCCEEDED");
    }

    @Test
    void aDelayedJobDoesNotStartBeforeItsTime() {
        Instant start = Instant.now();
        String id = api().enqueue(Map.of("task", "rehearse", "payload", Map.of(), "delaySeconds", 2));
        assertThat(api().job(id).get("state").asString()).isEqualTo("SCHEDULED");

        JsonNode job = api().await(id, "SUCCEEDED");

        assertThat(time(job, "startedAt")).isAfterOrEqualTo(start.plusSeconds(2));
        assertThat(time(job, "runAt")).isBetween(start.plusSeconds(2), start.plusSeconds(62));
    }

    @Test
    void aJobThatWasNotStartedInTimeIsDeadAsExpired() {
        Instant due = Instant.now().plusSeconds(3);
        String id = api().enqueue(Map.of(
                "task",
                "rehearse",
                "payload",
                Map.of(),
                "runAt",
                due.toString(),
                "expiresAt",
                due.plusMillis(1).toString()));

        JsonNode job = api().await(id, "DEAD");

        assertThat(job.get("deadReason").asString()).isEqualTo("expired");
        assertThat(job.get("attempt").asInt()).isZero();
    }

    @Test
    void aJobThatContinuesInFurtherInvocationsUsesUpOneAttempt() {
        String id = api().rehearse(Map.of("continueTimes", 2, "value", "done"));

        JsonNode job = api().await(id, "SUCCEEDED");

        assertThat(job.get("attempt").asInt()).isEqualTo(1);
        assertThat(job.get("result").get("fence").asInt()).isEqualTo(3);
        assertThat(Api.states(job))
                .containsExactly("QUEUED", "RUNNING", "QUEUED", "RUNNING", "QUEUED", "RUNNING", "SUCCEEDED");
    }

    /** Lambda's own guard against loops would stop at about the sixteenth. */
    @Test
    void aChainOfTwentyJobsThatEachEnqueueTheNextRunsToItsEnd() {
        JsonNode job = api().await(api().rehearse(Map.of("chainJobs", 20)), "SUCCEEDED");

        for (int depth = 1; depth <= 20; depth++) {
            job = api().await(job.at("/result/next").asString(), "SUCCEEDED");
            assertThat(job.get("chainDepth").asInt()).isEqualTo(depth);
        }
        assertThat(job.get("result").has("next")).isFalse();
    }

    @Test
    void progressIsSeenWhileAJobRuns() {
        String id = api().rehearse(Map.of("runMs", 4_000, "progressSteps", 4));

        JsonNode job = api().await(id, "RUNNING with progress", now -> now.has("progress"));
        assertThat(job.get("progress").asInt()).isBetween(0, 100);
        assertThat(api().await(id, "SUCCEEDED").get("progress").asInt()).isEqualTo(100);
    }

    // ---- bodies

    @Test
    void whatGoesInComesOutWhateverItIs() {
        for (String value : List.of(
                "\"\\u0000 \\\" \\\\ / \\b\\f\\n\\r\\t \u00e9 \u6771\u4eac \ud83d\udea2 \\ud83d\\udea2 \u202e\"",
                "12345678901234567890.123456789012345678901234567890",
                "-0.0",
                "1E-300",
                "1e400",
                "[[],{},null,true,false,\"\",{\"\":{\"a\":[{}]}}]",
                "{\"z\":1,\"a\":{\"\u00fc\":2},\"__proto__\":3}")) {
            String body = "{\"task\":\"rehearse\",\"payload\":{\"value\":" + value + "}}";
            Api.Answer answer = api().send(api().request("/v1/jobs")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body)));
            assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
            String id = answer.json().get("id").asString();

            String seen =
                    api().await(id, "SUCCEEDED").get("result").get("value").toString();

            assertThat(Json.parse(seen).tree()).isEqualTo(Json.parse(value).tree());
            assertThat(api().get("/v1/jobs/" + id + "/payload").raw().body())
                    .isEqualTo("{\"value\":" + Json.parse(value).text() + "}");
        }
    }

    @Test
    void aLargePayloadIsKeptApartAndComesBackWhole() {
        String large = IntStream.range(0, 60_000)
                .mapToObj(i -> UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) (i >> 8)})
                        .toString())
                .reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append)
                .toString();
        String id = api().enqueue(Map.of("task", "rehearse", "payload", Map.of("value", large), "delaySeconds", 800));

        JsonNode job = api().job(id);
        Api.Answer payload = api().get("/v1/jobs/" + id + "/payload");

        assertThat(job.has("payload")).as("2 MB do not travel with the job").isFalse();
        assertThat(payload.status()).isEqualTo(200);
        assertThat(payload.json().get("value").asString()).isEqualTo(large);
        assertThat(api().post("/v1/jobs/" + id + "/cancel", Map.of()).status()).isEqualTo(200);
    }

    @Test
    void aPayloadOf20KilobytesIsAFileAndReachesItsHandlerAndItsReader() {
        String text = IntStream.range(0, 600)
                .mapToObj(i -> UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) (i >> 8)})
                        .toString())
                .collect(Collectors.joining());
        String id = api().rehearse(Map.of("value", text));

        JsonNode job = api().await(id, "SUCCEEDED");

        assertThat(job.get("payload").get("value").asString()).isEqualTo(text);
        assertThat(job.get("result").get("value").asString()).isEqualTo(text);
    }

    // ---- the same request twice

    @Test
    void theSameIdempotencyKeyAndBodyIsTheSameJob() {
        String key = UUID.randomUUID().toString();
        Map<String, ?> request = Map.of("task", "rehearse", "payload", Map.of("value", 1));

        Api.Answer first = api().post("/v1/jobs", request, "Idempotency-Key", key);
        Api.Answer again = api().post("/v1/jobs", request, "Idempotency-Key", key);
        Api.Answer other = api().post(
                        "/v1/jobs", Map.of("task", "rehearse", "payload", Map.of("value", 2)), "Idempotency-Key", key);

        assertThat(first.status()).isEqualTo(202);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
        assertThat(other.status()).isEqualTo(422);
        assertThat(Api.states(api().await(first.json().get("id").asString(), "SUCCEEDED")))
                .containsExactly("QUEUED", "RUNNING", "SUCCEEDED");
    }

    // ---- many

    @Test
    void aBatchOfAHundredIsTakenAndEveryJobOfItRuns() {
        List<Map<String, ?>> jobs = IntStream.range(0, 100)
                .<Map<String, ?>>mapToObj(i -> Map.of("task", "rehearse", "payload", Map.of("value", i)))
                .toList();

        Api.Answer answer = api().post("/v1/jobs/batch", Map.of("jobs", jobs));

        assertThat(answer.status()).isEqualTo(207);
        List<String> ids = new ArrayList<>();
        answer.json().get("results").forEach(result -> {
            assertThat(result.get("status").asInt()).isEqualTo(202);
            ids.add(result.get("job").get("id").asString());
        });
        assertThat(new HashSet<>(ids)).hasSize(100);
        for (int i = 0; i < ids.size(); i++) {
            assertThat(api().await(ids.get(i), "SUCCEEDED")
                            .get("result")
                            .get("value")
                            .asInt())
                    .isEqualTo(i);
        }
    }

    @Test
    void aBatchAnswersForEachJobInOrder() {
        Api.Answer answer = api().post(
                        "/v1/jobs/batch",
                        Map.of(
                                "jobs",
                                List.of(
                                        Map.of("task", "rehearse", "payload", Map.of()),
                                        Map.of("task", "reherse", "payload", Map.of()),
                                        Map.of("task", "rehearse", "payload", Map.of("runMs", "soon")))));

        JsonNode results = answer.json().get("results");
        assertThat(results.get(0).get("status").asInt()).isEqualTo(202);
        assertThat(results.get(1).get("status").asInt()).isEqualTo(422);
        assertThat(results.get(1).get("problem").get("detail").asString()).contains("rehearse");
        assertThat(results.get(2).get("status").asInt()).isEqualTo(422);
        assertThat(results.get(2).get("problem").get("field").asString()).contains("/payload/runMs");
    }

    @Test
    void jobsAreListedNewestFirstByTagAndStateAndInPages() {
        String tag = "run-" + UUID.randomUUID();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.addFirst(api().enqueue(Map.of(
                    "task", "rehearse", "payload", Map.of(), "tags", List.of(tag), "delaySeconds", 700)));
        }

        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            Api.Answer page = api().get("/v1/jobs?task=rehearse&state=SCHEDULED&limit=3&tag=" + tag
                    + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            assertThat(page.status()).as(page.raw().body()).isEqualTo(200);
            page.json().get("jobs").forEach(job -> listed.add(job.get("id").asString()));
            cursor = page.json().has("cursor") ? page.json().get("cursor").asString() : "";
        } while (!cursor.isEmpty());

        assertThat(Set.copyOf(listed)).isEqualTo(Set.copyOf(ids));
        assertThat(listed).hasSize(7).isSortedAccordingTo(Comparator.reverseOrder());
        ids.forEach(id -> api().post("/v1/jobs/" + id + "/cancel", Map.of()));
    }

    // ---- an operator's hand

    @Test
    void aWaitingJobIsCancelledAndARunningOneIsAsked() {
        String waiting = api().enqueue(Map.of("task", "rehearse", "payload", Map.of(), "delaySeconds", 600));
        String running = api().rehearse(Map.of("runMs", 8_000));
        api().await(running, "RUNNING");

        Api.Answer first = api().post("/v1/jobs/" + waiting + "/cancel", Map.of());
        Api.Answer second = api().post("/v1/jobs/" + running + "/cancel", Map.of());

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json().get("state").asString()).isEqualTo("CANCELLED");
        assertThat(second.status()).isEqualTo(200);
        JsonNode end = api().await(running, "CANCELLED");
        assertThat(Api.states(end)).containsExactly("QUEUED", "RUNNING", "CANCELLED");
    }

    @Test
    void anEndedJobIsNotCancelledAndOnlyADeadJobIsRedriven() {
        String id = api().rehearse(Map.of());
        api().await(id, "SUCCEEDED");

        Api.Answer cancel = api().post("/v1/jobs/" + id + "/cancel", Map.of());
        Api.Answer retry = api().post("/v1/jobs/" + id + "/retry", Map.of());

        assertThat(cancel.status()).isEqualTo(409);
        assertThat(cancel.json().get("detail").asString()).contains("SUCCEEDED");
        assertThat(retry.status()).isEqualTo(409);
    }

    @Test
    void aRedrivenJobStartsItsAttemptsAfreshAndKeepsItsHistory() {
        String id = api().rehearse(Map.of("failAttempts", 1, "failWith", "discard"));
        api().await(id, "DEAD");

        Api.Answer retry = api().post("/v1/jobs/" + id + "/retry", Map.of());

        assertThat(retry.status()).isEqualTo(200);
        assertThat(retry.json().get("state").asString()).isEqualTo("QUEUED");
        JsonNode job = api().await(id, "DEAD again", now -> Api.states(now).size() == 6);
        assertThat(Api.states(job)).containsExactly("QUEUED", "RUNNING", "DEAD", "QUEUED", "RUNNING", "DEAD");
        assertThat(job.get("history").get(3).get("by").asString()).isNotBlank();
    }

    // ---- around it

    @Test
    void tasksQueuesAndHealthAreServedAndUnknownKeysAreRefused() {
        assertThat(api().get("/v1/tasks").json().get("tasks").toString()).contains("rehearse");
        assertThat(api().get("/v1/queues").json().get("queues").toString()).contains("default");
        assertThat(api().send(api().anonymous("/v1/health").GET()).status()).isEqualTo(200);
        Api.Answer refused = api().send(api().anonymous("/v1/tasks").GET());
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
    }

    private static Instant time(JsonNode job, String field) {
        return Instant.parse(job.get(field).asString());
    }
}
