package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.deadletter.MaintenanceTasks;
import dev.longshore.job.deadletter.Quarantine.Quarantined;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** All dead jobs at once: their groups, the orders to redrive or to purge, and the quarantine. */
class DeadLettersTest {
    private final ApiStage stage = new ApiStage();

    // ---- groups

    @Test
    void deadJobsAreCountedByTheirFingerprintMostFirst() {
        stage.dead("echo", "no route");
        JobId first = stage.dead("echo", "order 1 failed");
        stage.memory.clock().advance(Duration.ofSeconds(5));
        JobId last = stage.dead("echo", "order 2 failed");

        JsonNode groups = stage.get("/v1/dead-letters").json();

        assertThat(groups.get("complete").asBoolean()).isTrue();
        assertThat(groups.get("groups")).hasSize(2);
        JsonNode most = groups.get("groups").get(0);
        assertThat(most.get("count").asInt()).isEqualTo(2);
        assertThat(most.get("fingerprint").asString())
                .isEqualTo(stage.job(first).fingerprint());
        assertThat(most.get("task").asString()).isEqualTo("echo");
        assertThat(most.get("reason").asString()).isEqualTo("exhausted");
        assertThat(most.get("errorType").asString()).isEqualTo("java.io.IOException");
        assertThat(most.get("errorMessage").asString()).isEqualTo("order 2 failed");
        assertThat(most.get("first").asString())
                .isEqualTo(ApiStage.time(stage.job(first).finishedAt()));
        assertThat(most.get("last").asString())
                .isEqualTo(ApiStage.time(stage.job(last).finishedAt()));
        assertThat(most.get("job").asString()).isEqualTo(last.text());
    }

    @Test
    void groupsKeepToTheirTaskTimesAndLimit() {
        stage.dead("echo", "no route");
        stage.dead("process-image", "too large");
        Instant between = stage.memory.clock().advance(Duration.ofHours(1));
        stage.dead("echo", "disk full");

        assertThat(stage.get("/v1/dead-letters?task=process-image").json().get("groups"))
                .hasSize(1);
        assertThat(stage.get("/v1/dead-letters?from=" + between)
                        .json()
                        .get("groups")
                        .toString())
                .contains("disk full")
                .doesNotContain("no route");
        JsonNode limited = stage.get("/v1/dead-letters?limit=1").json();
        assertThat(limited.get("groups")).hasSize(1);
        assertThat(limited.get("otherGroups").asInt()).isEqualTo(2);
        problem(stage.get("/v1/dead-letters?limit=0"), 400, "limit");
        problem(stage.get("/v1/dead-letters?form=x"), 400, "did you mean 'from'?");
        problem(stage.get("/v1/dead-letters?from=2027-01-01T00:00:00Z"), 400, "after 'to'");
    }

    @Test
    void oneCallCountsSoManyAndSaysFromWhenToContinue() {
        int all = DeadRequests.MOST_COUNTED + 200;
        for (int i = 0; i < all; i++) {
            stage.plantDead(
                    "order " + i + " failed", stage.memory.clock().instant().plusMillis(i / 2));
        }
        stage.memory.clock().advance(Duration.ofMinutes(1));

        JsonNode first = stage.get("/v1/dead-letters").json();
        JsonNode second = stage.get("/v1/dead-letters?from=" + first.get("next").asString())
                .json();

        assertThat(first.get("complete").asBoolean()).isFalse();
        assertThat(second.get("complete").asBoolean()).isTrue();
        assertThat(first.at("/groups/0/count").asInt()
                        + second.at("/groups/0/count").asInt())
                .isEqualTo(all);
    }

    // ---- orders

    @Test
    void aBulkRetryIsAJobOfOursThatHasTheRequestedFilter() {
        Answer answer = stage.post(
                "/v1/jobs/retry",
                "{\"task\":\"echo\",\"error\":\"0123456789ab\",\"reason\":\"exhausted\",\"tag\":\"red\",\"limit\":7,"
                        + "\"ratePerSecond\":2.5,\"canary\":true,\"from\":\"2026-03-10T00:00:00Z\"}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        Job job = stage.job(new JobId(answer.text("id")));
        assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + job.id());
        assertThat(job.task()).isEqualTo("longshore-redrive");
        assertThat(job.pool()).isEqualTo("default");
        MaintenanceTasks.Redrive order = stage.memory.jobs().payload(job).as(MaintenanceTasks.Redrive.class);
        assertThat(order.limit()).isEqualTo(7);
        assertThat(order.ratePerSecond()).isEqualTo(2.5);
        assertThat(order.canary()).isTrue();
        assertThat(order.by()).isEqualTo("all");
        assertThat(order.filter().to())
                .as("what dies later is not meant")
                .isEqualTo(stage.memory.clock().instant());
        assertThat(stage.memory.queue().receive(ApiStage.POOL, 10)).hasSize(1);
    }

    @Test
    void nothingIsMeantBySayingNothing() {
        for (String call : List.of("/v1/jobs/retry", "/v1/jobs/purge")) {
            problem(stage.post(call, "{}"), 422, "/all", "'all': true");
            problem(stage.post(call, "{\"all\":false}"), 422, "/all");
            problem(stage.post(call, "{\"tag\":\"a\",\"task\":null}"), 422, "/task", "is null; leave it out");
            problem(stage.post(call, "{\"all\":true,\"tag\":\"red\"}"), 422, "send one of them");
            assertThat(stage.post(call, "{\"all\":true}").status()).isEqualTo(202);
        }
    }

    @Test
    void ordersThatCannotBeMeantAre422WithTheField() {
        refused("{\"tag\":\"a\",\"limit\":0}", "/limit", "from 1 to 1000000");
        refused("{\"tag\":\"a\",\"limit\":1000001}", "/limit", "from 1 to 1000000");
        refused("{\"tag\":\"a\",\"ratePerSecond\":0}", "/ratePerSecond", "from 0.01 to 1000");
        refused("{\"tag\":\"a\",\"ratePerSecond\":\"fast\"}", "/ratePerSecond", "takes a number");
        refused("{\"tag\":\"a\",\"canary\":1}", "/canary", "true or false");
        refused("{\"error\":\"Oops\"}", "/error", "fingerprint");
        refused("{\"reason\":\"exausted\"}", "/reason", "did you mean 'exhausted'?");
        refused("{\"from\":\"2027-01-01T00:00:00Z\"}", "/from", "after the latest death");
        refused("{\"from\":\"yesterday\"}", "/from", "ISO 8601");
        refused("{\"tgag\":\"a\"}", "/tgag", "did you mean 'tag'?");
        assertThat(problem(stage.post("/v1/jobs/purge", "{\"tag\":\"a\",\"canary\":true}"), 422)
                        .text("field"))
                .isEqualTo("/canary");
        problem(stage.post("/v1/jobs/retry", ""), 400, "body is empty");
        assertThat(stage.memory.rows().all()).isEmpty();
    }

    @Test
    void taskThatNeitherTheCatalogueNorADeadJobHasIs422WithTheNearestName() {
        stage.deadIn("heavy", "task-that-is-gone");
        stage.memory.clock().advance(Duration.ofSeconds(1));

        for (String call : List.of("/v1/jobs/retry", "/v1/jobs/purge")) {
            Answer refused = problem(stage.post(call, "{\"task\":\"ecko\"}"), 422, "did you mean 'echo'?");
            assertThat(refused.text("type")).endsWith("/unknown-task");
            assertThat(refused.text("field")).isEqualTo("/task");
            for (String task : List.of("echo", "resize-image", "task-that-is-gone", "longshore-redrive")) {
                assertThat(stage.post(call, "{\"task\":\"" + task + "\"}").status())
                        .as(task)
                        .isEqualTo(202);
            }
        }
        assertThat(problem(stage.get("/v1/dead-letters?task=ecko"), 422, "did you mean 'echo'?")
                        .text("parameter"))
                .isEqualTo("task");
        assertThat(stage.get("/v1/dead-letters?task=task-that-is-gone").json().get("groups"))
                .hasSize(1);
        Instant later = stage.memory.clock().advance(Duration.ofHours(1));
        assertThat(stage.get("/v1/dead-letters?task=task-that-is-gone&from=" + later)
                        .json()
                        .get("groups"))
                .as("of another time, and no unknown task for that")
                .isEmpty();
    }

    @Test
    void dryRunCountsWhatTheOrderWouldTakeAndMakesNothing() {
        for (int i = 0; i < 3; i++) {
            stage.dead("echo", "no route");
        }
        stage.dead("process-image", "no route");
        stage.memory.clock().advance(Duration.ofSeconds(1));
        int jobs = stage.memory.rows().all().size();

        for (String call : List.of("/v1/jobs/retry", "/v1/jobs/purge")) {
            assertThat(dryRun(call, "\"task\":\"echo\"")).isEqualTo("{\"count\":3,\"complete\":true}");
            assertThat(dryRun(call, "\"all\":true")).isEqualTo("{\"count\":4,\"complete\":true}");
            assertThat(dryRun(call, "\"all\":true,\"limit\":2")).isEqualTo("{\"count\":2,\"complete\":true}");
            assertThat(dryRun(call, "\"all\":true,\"limit\":4")).isEqualTo("{\"count\":4,\"complete\":true}");
            assertThat(dryRun(call, "\"tag\":\"red\"")).isEqualTo("{\"count\":0,\"complete\":true}");
            problem(stage.post(call, "{\"dryRun\":true}"), 422, "/all");
            problem(stage.post(call, "{\"all\":true,\"dryRun\":\"yes\"}"), 422, "/dryRun", "true or false");
        }

        assertThat(stage.memory.rows().all())
                .hasSize(jobs)
                .noneMatch(job -> job.task().startsWith("longshore-"));
        assertThat(stage.post("/v1/jobs/retry", "{\"all\":true,\"dryRun\":false}")
                        .status())
                .isEqualTo(202);
    }

    @Test
    void dryRunOverMoreDeadJobsThanOneCallReadsSaysThatItsCountIsALowerBound() {
        for (int i = 0; i < DeadRequests.MOST_COUNTED + 1; i++) {
            stage.plantDead("no route", stage.memory.clock().instant().plusMillis(i));
        }
        stage.memory.clock().advance(Duration.ofMinutes(1));

        assertThat(dryRun("/v1/jobs/retry", "\"all\":true,\"limit\":1000000"))
                .isEqualTo("{\"count\":10000,\"complete\":false}");
        assertThat(dryRun("/v1/jobs/retry", "\"all\":true,\"limit\":10000"))
                .as("the limit is reached")
                .isEqualTo("{\"count\":10000,\"complete\":true}");
        assertThat(stage.post("/v1/jobs/retry", "{\"task\":\"ecko\"}").status())
                .as("there may be dead jobs of it among those that were not read")
                .isEqualTo(202);
    }

    private String dryRun(String call, String filter) {
        Answer answer = stage.post(call, "{" + filter + ",\"dryRun\":true}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private void refused(String body, String field, String detail) {
        assertThat(problem(stage.post("/v1/jobs/retry", body), 422, detail).text("field"))
                .isEqualTo(field);
    }

    @Test
    void theSameOrderUnderAKeyIsOneJob() {
        Map<String, String> key = Map.of("idempotency-key", "k");
        Answer first = stage.post("/v1/jobs/retry", "{\"tag\":\"red\"}", key);
        stage.memory.clock().advance(Duration.ofSeconds(3));

        Answer again = stage.post("/v1/jobs/retry", "{\"tag\":\"red\"}", key);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("id")).isEqualTo(first.text("id"));
        problem(stage.post("/v1/jobs/purge", "{\"tag\":\"red\"}", key), 422, "another request");
    }

    @Test
    void ourOwnTasksAreNoTasksOfUsers() {
        problem(stage.post("/v1/jobs", "{\"task\":\"longshore-redrive\"}"), 422, "no task");
        assertThat(stage.get("/v1/tasks").body()).doesNotContain("longshore-");
    }

    // ---- quarantine

    @Test
    void aMessageInQuarantineIsListedReadAsBytesAndDeleted() {
        Instant now = stage.memory.clock().instant();
        String body = "<xml\u0000 \ud83d\udea2/>";
        stage.memory.quarantine().keep(new Quarantined("m-1", "heavy", body, now, now.plusSeconds(60)));
        stage.memory.quarantine().keep(new Quarantined("m-2", "heavy", "x", now, now.plusSeconds(9)));

        JsonNode page = stage.get("/v1/quarantine?limit=1").json();
        JsonNode next = stage.get(
                        "/v1/quarantine?limit=1&cursor=" + page.get("cursor").asString())
                .json();
        assertThat(page.at("/messages/0/id").asString()).isEqualTo("m-1");
        assertThat(page.at("/messages/0/size").asInt()).isEqualTo(body.getBytes(StandardCharsets.UTF_8).length);
        assertThat(next.at("/messages/0/id").asString()).isEqualTo("m-2");
        assertThat(next.has("cursor")).isFalse();

        JsonNode message = stage.get("/v1/quarantine/m-1").json();
        assertThat(message.get("pool").asString()).isEqualTo("heavy");
        assertThat(Base64.getDecoder().decode(message.get("body").asString()))
                .isEqualTo(body.getBytes(StandardCharsets.UTF_8));

        stage.memory.clock().advance(Duration.ofSeconds(10));
        problem(stage.get("/v1/quarantine/m-2"), 404);
        assertThat(stage.get("/v1/quarantine").json().get("messages")).hasSize(1);

        assertThat(stage.delete("/v1/quarantine/m-1").status()).isEqualTo(200);
        problem(stage.get("/v1/quarantine/m-1"), 404);
        problem(stage.delete("/v1/quarantine/m-1"), 404, "GET /v1/quarantine");
        problem(stage.get("/v1/quarantine?cursor=abc"), 400, "cursor");
    }
}
