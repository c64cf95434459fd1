package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.LimitKey;
import dev.longshore.job.engines.Limiter;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.task.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The requests about limits, and what a job that waits for a slot looks like. */
class LimitsTest {
    private static final LimitKey ACME = new LimitKey("crm-api", "acme");

    private final ApiStage stage = ApiStage.with(tasks -> {
        tasks.limit("crm-api", Limit.concurrent(1).perKey());
        tasks.find("echo").orElseThrow().uses("crm-api");
        tasks.find("process-image").orElseThrow().uses("crm-api").limit(Limit.concurrent(5));
    });

    @Test
    void limitsAreListedWithTheirNumbersAndTasks() {
        assertThat(stage.get("/v1/limits").body())
                .isEqualTo(
                        "{\"limits\":[{\"name\":\"crm-api\",\"concurrent\":1,\"perKey\":true,\"tasks\":[\"echo\","
                                + "\"process-image\"],\"used\":0,\"waiting\":0,\"keys\":[]},{\"name\":\"process-image\","
                                + "\"concurrent\":5,\"perKey\":false,\"tasks\":[\"process-image\"],\"used\":0,\"waiting\":0}]}");
        assertThat(stage.get("/v1/tasks")
                        .json()
                        .get("tasks")
                        .get(0)
                        .get("limits")
                        .toString())
                .isEqualTo("[\"crm-api\"]");
    }

    @Test
    void usedAndWaitingAreCountedPerKey() {
        runs(enqueue("acme"));
        waits(enqueue("acme"));
        waits(enqueue("acme"));

        JsonNode limit = stage.get("/v1/limits").json().get("limits").get(0);

        assertThat(limit.get("used").asInt()).isEqualTo(1);
        assertThat(limit.get("waiting").asInt()).isEqualTo(2);
        assertThat(limit.get("keys").toString())
                .isEqualTo(
                        "[{\"key\":\"acme\",\"used\":1,\"waiting\":2,\"oldestWaiting\":\"2026-03-10T12:00:01.000Z\"}]");
    }

    @Test
    void aHeldJobSaysWhatItWaitsForAndHowManyWaitBeforeIt() {
        runs(enqueue("acme"));
        waits(enqueue("acme"));
        JobId third = enqueue("acme");
        waits(third);

        JsonNode job = stage.get("/v1/jobs/" + third).json();

        assertThat(job.get("waitReason").asString()).isEqualTo("limit");
        assertThat(job.get("held").asString()).isEqualTo("limit crm-api, key acme, 1 before it");
        assertThat(job.get("limitKey").asString()).isEqualTo("acme");
        assertThat(stage.get("/v1/jobs?limit=1")
                        .json()
                        .get("jobs")
                        .get(0)
                        .get("held")
                        .asString())
                .isEqualTo("limit crm-api, key acme");
    }

    @Test
    void theKeyOfALimitIsNotShownWithoutTheScopeRead() {
        String key = stage.key("sender", Set.of(Scope.ENQUEUE));

        Answer answer = stage.post(
                "/v1/jobs", "{\"task\":\"echo\",\"limitKey\":\"acme\"}", Map.of("authorization", "Bearer " + key));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).doesNotContain("acme");
    }

    @Test
    void anOperatorsNumberTakesThePlaceOfTheCodesUntilItIsRemoved() {
        JsonNode set = stage.put("/v1/limits/crm-api", "{\"concurrent\":3}").json();
        assertThat(set.get("concurrent").asInt()).isEqualTo(3);
        assertThat(set.get("code").asInt()).isEqualTo(1);
        assertThat(set.get("setBy").asString()).isEqualTo("all");
        assertThat(stage.memory.limits().numbers().get("crm-api").jobs()).isEqualTo(3);

        JsonNode reset = stage.delete("/v1/limits/crm-api").json();
        assertThat(reset.get("concurrent").asInt()).isEqualTo(1);
        assertThat(reset.has("code")).isFalse();
        assertThat(stage.memory.limits().numbers()).isEmpty();
    }

    @Test
    void aNumberOutOfRangeIsRefusedAndAnUnknownLimitIsNotFound() {
        assertThat(stage.put("/v1/limits/crm-api", "{\"concurrent\":0}").status())
                .isEqualTo(422);
        assertThat(stage.put("/v1/limits/crm-api", "{\"concurrent\":1001}").status())
                .isEqualTo(422);
        assertThat(stage.put("/v1/limits/crm-api", "{}").text("field")).isEqualTo("/concurrent");
        Answer unknown = stage.put("/v1/limits/crm-ap", "{\"concurrent\":1}");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text("detail")).contains("did you mean 'crm-api'?");
        assertThat(stage.delete("/v1/limits/nothing").status()).isEqualTo(404);
    }

    @Test
    void aLimitKeyIsPrintableAscii() {
        Answer answer = stage.post("/v1/jobs", "{\"task\":\"echo\",\"limitKey\":\"a b\"}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text("field")).isEqualTo("/limitKey");
    }

    @Test
    void aRerunTakesTheSlotsOfTheSameKey() {
        JobId first = enqueue("acme");
        stage.killed(first, "no route");

        Answer again = stage.post("/v1/jobs/" + first + "/rerun", "");

        assertThat(again.text("limitKey")).isEqualTo("acme");
    }

    @Test
    void aHeldJobIsCancelledLikeAnyOther() {
        runs(enqueue("acme"));
        JobId second = enqueue("acme");
        waits(second);

        assertThat(stage.post("/v1/jobs/" + second + "/cancel", "").text("state"))
                .isEqualTo("CANCELLED");
        assertThat(stage.job(second).indexedAt()).isNull();
    }

    private JobId enqueue(String key) {
        JobId id = stage.enqueued("{\"task\":\"echo\",\"limitKey\":\"" + key + "\"}");
        stage.memory.clock().advance(Duration.ofSeconds(1));
        return id;
    }

    private void runs(JobId id) {
        assertThat(take(id)).isInstanceOf(Limiter.Admission.Taken.class);
    }

    private void waits(JobId id) {
        assertThat(take(id)).isInstanceOf(Limiter.Admission.Waits.class);
        Job job = stage.job(id);
        stage.memory
                .jobs()
                .apply(id, new Lifecycle(now(), "hold " + id).hold(job, HoldReason.limit(ACME), job.createdAt()));
    }

    private Limiter.Admission take(JobId id) {
        return new Limiter(stage.memory.engines()).take(stage.job(id), ACME, 1, now().plusSeconds(40));
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}
