package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.Body;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.task.Json;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** One dead job in an operator's hand: what it died of, another payload for it, and what is no longer kept. */
class FixAndRetryTest {
    private final ApiStage stage = new ApiStage();

    @Test
    void aDeadJobShowsTheFingerprintOfItsErrorAndOneThatIsBackAtWorkDoesNot() {
        JobId id = stage.dead("echo", "order 4711 failed");
        JobId alike = stage.dead("echo", "order 12 failed");
        JobId other = stage.dead("echo", "no route");

        String fingerprint = stage.get("/v1/jobs/" + id).text("fingerprint");
        assertThat(fingerprint).matches("[0-9a-f]{12}");
        assertThat(stage.get("/v1/jobs/" + alike).text("fingerprint")).isEqualTo(fingerprint);
        assertThat(stage.get("/v1/jobs/" + other).text("fingerprint")).isNotEqualTo(fingerprint);

        assertThat(stage.post("/v1/jobs/" + id + "/retry", "").json().has("fingerprint"))
                .isFalse();
    }

    @Test
    void aRetryWithAPayloadReplacesItAndTheHistorySaysSoAndByWhom() {
        JobId id = stage.dead("echo", "no route");

        Answer answer = stage.post("/v1/jobs/" + id + "/retry", "{\"payload\":{\"fixed\":1}}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.text("state")).isEqualTo("QUEUED");
        assertThat(answer.json().get("payload").toString()).isEqualTo("{\"fixed\":1}");
        JsonNode last = answer.json().get("history").valueStream().toList().getLast();
        assertThat(last.get("by").asString()).isEqualTo("all");
        assertThat(last.get("payloadReplaced").asBoolean()).isTrue();
        assertThat(stage.memory.queue().receive(ApiStage.POOL, 10)).hasSize(1);
        assertThat(stage.get("/v1/jobs/" + id + "/payload").body()).isEqualTo("{\"fixed\":1}");
    }

    @Test
    void aRetryWithoutAPayloadKeepsTheOldOne() {
        JobId id = stage.dead("echo", "no route");
        String payload = stage.get("/v1/jobs/" + id + "/payload").body();

        Answer answer = stage.post("/v1/jobs/" + id + "/retry", "{}");

        assertThat(answer.json().get("payload").toString()).isEqualTo(payload);
        assertThat(answer.json().get("history").toString()).doesNotContain("payloadReplaced");
    }

    @Test
    void retryWithAnotherPayloadDropsTheCheckpointUnlessTheRequestKeepsIt() {
        JobId dropped = stage.deadWithCheckpoint("echo", "2");
        JobId kept = stage.deadWithCheckpoint("echo", "2");
        JobId same = stage.deadWithCheckpoint("echo", "2");

        assertThat(stage.post("/v1/jobs/" + dropped + "/retry", "{\"payload\":[1]}")
                        .status())
                .isEqualTo(200);
        assertThat(stage.post("/v1/jobs/" + kept + "/retry", "{\"payload\":[1],\"keepCheckpoint\":true}")
                        .status())
                .isEqualTo(200);
        assertThat(stage.post("/v1/jobs/" + same + "/retry", "").status()).isEqualTo(200);

        assertThat(stage.job(dropped).checkpoint()).isNull();
        assertThat(stage.job(kept).checkpoint()).isEqualTo(Json.parse("2"));
        assertThat(stage.job(same).checkpoint()).isEqualTo(Json.parse("2"));
        assertThat(List.of(dropped, kept, same))
                .extracting(id -> stage.job(id).epoch())
                .containsExactly(1, 1, 0);
    }

    @Test
    void retriedJobShowsNothingOfItsLastLifeButItsHistory() {
        JobId id = stage.dead("echo", "no route");
        assertThat(stage.get("/v1/jobs/" + id).json().has("startedAt")).isTrue();

        Answer answer = stage.post("/v1/jobs/" + id + "/retry", "");

        assertThat(answer.json().propertyNames()).doesNotContain("error", "startedAt", "finishedAt", "deadReason");
        assertThat(answer.json().get("history").toString()).contains("java.io.IOException: no route");
    }

    @Test
    void retryGoesToThePoolThatTheTaskHasToday() {
        JobId id = stage.deadIn("pool-that-is-gone", "process-image");

        Answer answer = stage.post("/v1/jobs/" + id + "/retry", "");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.text("pool")).isEqualTo("heavy");
        assertThat(stage.job(id).pool()).isEqualTo("heavy");
        assertThat(stage.memory.queue().receive("heavy", 10)).hasSize(1);
    }

    @Test
    void retryOfAJobWhoseTaskAndPoolAreGoneIs409UntilItNamesATask() {
        JobId id = stage.deadIn("pool-that-is-gone", "task-that-is-gone");
        JobId waits = stage.deadIn("heavy", "task-that-is-gone");

        problem(
                stage.post("/v1/jobs/" + id + "/retry", ""),
                409,
                "task-that-is-gone",
                "pool-that-is-gone",
                "name the task");
        problem(stage.post("/v1/jobs/" + id + "/retry", "{\"payload\":1}"), 422, "no task 'task-that-is-gone'");
        assertThat(stage.post("/v1/jobs/" + waits + "/retry", "").text("pool")).isEqualTo("heavy");

        Answer answer = stage.post("/v1/jobs/" + id + "/retry", "{\"task\":\"echo\"}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.text("task")).isEqualTo("echo");
        assertThat(answer.text("pool")).isEqualTo(ApiStage.POOL);
        assertThat(answer.json()
                        .get("history")
                        .valueStream()
                        .toList()
                        .getLast()
                        .get("task")
                        .asString())
                .isEqualTo("echo");
        assertThat(stage.memory.queue().receive(ApiStage.POOL, 10)).hasSize(1);
    }

    @Test
    void retryAsAnotherTaskChecksThePayloadAgainstThatTask() {
        JobId id = stage.enqueued("{\"task\":\"echo\",\"payload\":{\"file\":\"a\"}}");
        stage.killed(id, "no route");
        String path = "/v1/jobs/" + id + "/retry";

        problem(stage.post(path, "{\"task\":\"process-image\"}"), 422, "/payload/width");
        problem(stage.post(path, "{\"task\":\"process-imag\"}"), 422, "did you mean 'process-image'?");
        problem(stage.post(path, "{\"task\":\"process-image\",\"payload\":{\"file\":1}}"), 422, "/payload/file");
        assertThat(stage.job(id).state()).isEqualTo(JobState.DEAD);

        Answer answer = stage.post(path, "{\"task\":\"process-image\",\"payload\":{\"file\":\"a\",\"width\":2}}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(stage.job(id).pool()).isEqualTo("heavy");
        assertThat(stage.job(id).epoch()).isEqualTo(1);
    }

    @Test
    void anotherPayloadIsCheckedAsAtTheEnqueueAndARefusedOneChangesNothing() {
        JobId id = stage.dead("process-image", "no route");
        Job before = stage.job(id);

        problem(
                stage.post("/v1/jobs/" + id + "/retry", "{\"payload\":{\"file\":\"a\",\"width\":\"1\"}}"),
                422,
                "/payload/width");
        problem(
                stage.post("/v1/jobs/" + id + "/retry", "{\"payload\":\"" + "x".repeat(5 * 1024 * 1024) + "\"}"),
                413,
                "5242880");
        problem(stage.post("/v1/jobs/" + id + "/retry", "{\"paylod\":{}}"), 422, "/paylod", "did you mean 'payload'?");
        problem(stage.post("/v1/jobs/" + id + "/retry", "{\"keepCheckpoint\":true}"), 422, "/keepCheckpoint");
        problem(
                stage.post(
                        "/v1/jobs/" + id + "/retry", "{\"payload\":{\"file\":\"a\",\"width\":1},\"keepCheckpoint\":1}"),
                422,
                "/keepCheckpoint",
                "true or false");

        assertThat(stage.job(id)).isEqualTo(before);
    }

    @Test
    void anotherPayloadForAJobThatIsNotDeadIs409AndIsNotKept() {
        JobId id = stage.enqueued("{\"task\":\"echo\",\"payload\":1}");

        problem(stage.post("/v1/jobs/" + id + "/retry", "{\"payload\":2}"), 409, "QUEUED");

        assertThat(stage.get("/v1/jobs/" + id + "/payload").body()).isEqualTo("1");
        assertThat(stage.faults.calls())
                .filteredOn("keepBody"::equals)
                .as("the first one's")
                .hasSize(1);
    }

    @Test
    void aRetryThatIsAnswered503LeavesTheJobAndItsPayloadAsTheyAre() {
        stage.memory.bodies().apartAbove(0, Integer.MAX_VALUE);
        JobId id = stage.dead("echo", "no route");
        String before = stage.get("/v1/jobs/" + id + "/payload").body();
        for (String call : List.of("keepBody", "redriveWithPayload")) {
            stage.faults.refuse(call, 1);

            problem(stage.post("/v1/jobs/" + id + "/retry", "{\"payload\":2}"), 503);

            assertThat(stage.job(id).state()).isEqualTo(JobState.DEAD);
            assertThat(stage.get("/v1/jobs/" + id + "/payload").body()).isEqualTo(before);
        }
    }

    @Test
    void aJobWhosePayloadIsGoneIsShownWithoutItAndCanBeGivenAnother() {
        stage.memory.bodies().apartAbove(0, Integer.MAX_VALUE);
        JobId id = stage.dead("echo", "no route");
        stage.memory.bodies().discard(id, (Body.Apart) stage.job(id).payload());

        Answer job = stage.get("/v1/jobs/" + id);
        assertThat(job.status()).isEqualTo(200);
        assertThat(job.json().has("payload")).isFalse();
        problem(stage.get("/v1/jobs/" + id + "/payload"), 404, "is gone");
        assertThat(stage.post("/v1/jobs/" + id + "/retry", "{\"payload\":2}").status())
                .isEqualTo(200);
        assertThat(stage.get("/v1/jobs/" + id + "/payload").body()).isEqualTo("2");
    }

    @Test
    void aJobWhoseRetentionIsOverIsGoneAlthoughItsRowExists() {
        JobId id = stage.dead("echo", "no route");
        assertThat(stage.get("/v1/jobs").body()).contains(id.text());

        stage.memory.clock().advance(Lifecycle.DEAD_RETENTION.plus(Duration.ofSeconds(1)));

        assertThat(stage.memory.rows().row(id).has(Field.TTL)).isTrue();
        problem(stage.get("/v1/jobs/" + id), 404);
        problem(stage.get("/v1/jobs/" + id + "/payload"), 404);
        problem(stage.post("/v1/jobs/" + id + "/retry", ""), 404);
        problem(stage.post("/v1/jobs/" + id + "/cancel", ""), 404);
        assertThat(stage.get("/v1/jobs?from=2026-03-01T00:00:00Z").body()).doesNotContain(id.text());
    }
}
