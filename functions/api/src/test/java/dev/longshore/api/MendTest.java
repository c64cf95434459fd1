package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** One dead job in an operator's hand: what it died of, another payload for it, and what is no longer kept. */
class MendTest {
    private final ApiStage stage = new ApiStage();

    @Test
    void aDeadJobTellsTheFingerprintOfItsErrorAndOneThatIsBackAtWorkDoesNot() {
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

        Answer answer = stage.post("/v1/jobs/" + id + "/retry", "{\"payload\":{\"mended\":1}}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.text("state")).isEqualTo("QUEUED");
        assertThat(answer.json().get("payload").toString()).isEqualTo("{\"mended\":1}");
        JsonNode last = answer.json().get("history").valueStream().toList().getLast();
        assertThat(last.get("by").asString()).isEqualTo("all");
        assertThat(last.get("payloadReplaced").asBoolean()).isTrue();
        assertThat(stage.memory.queue().receive(ApiStage.POOL, 10)).hasSize(1);
        assertThat(stage.get("/v1/jobs/" + id + "/payload").body()).isEqualTo("{\"mended\":1}");
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
        problem(stage.post("/v1/jobs/" + id + "/retry", "{\"paylod\":{}}"), 422, "/paylod", "takes 'payload'");

        assertThat(stage.job(id)).isEqualTo(before);
    }

    @Test
    void anotherPayloadForAJobThatIsNotDeadIs409AndIsNotKept() {
        JobId id = stage.enqueued("{\"task\":\"echo\",\"payload\":1}");

        problem(stage.post("/v1/jobs/" + id + "/retry", "{\"payload\":2}"), 409, "QUEUED");

        assertThat(stage.get("/v1/jobs/" + id + "/payload").body()).isEqualTo("1");
        assertThat(stage.faults.calls()).doesNotContain("keepPayload");
    }

    @Test
    void aPayloadWhoseJobHasMovedOnMeanwhileIsTakenAway() {
        JobId id = stage.dead("echo", "no route");
        stage.faults.loseAnswer("keepPayload", 1);
        problem(stage.post("/v1/jobs/" + id + "/retry", "{\"payload\":2}"), 503);
        assertThat(stage.job(id).state()).isEqualTo(JobState.DEAD);

        stage.faults.refuse("sendBackMended", 1);
        problem(stage.post("/v1/jobs/" + id + "/retry", "{\"payload\":2}"), 503);

        assertThat(stage.job(id).state()).isEqualTo(JobState.DEAD);
        assertThat(stage.get("/v1/jobs/" + id + "/payload").body()).isNotEqualTo("2");
    }

    @Test
    void aJobWhoseRetentionIsOverIsGoneForEverybodyThoughItsRowIsStillThere() {
        JobId id = stage.dead("echo", "no route");
        assertThat(stage.get("/v1/jobs").body()).contains(id.text());

        stage.memory.clock().advance(Lifecycle.DEAD_RETENTION.plus(Duration.ofSeconds(1)));

        assertThat(stage.memory.jobs().row(id).has(Field.TTL)).isTrue();
        problem(stage.get("/v1/jobs/" + id), 404);
        problem(stage.get("/v1/jobs/" + id + "/payload"), 404);
        problem(stage.post("/v1/jobs/" + id + "/retry", ""), 404);
        problem(stage.post("/v1/jobs/" + id + "/cancel", ""), 404);
        assertThat(stage.get("/v1/jobs?from=2026-03-01T00:00:00Z").body()).doesNotContain(id.text());
    }
}
