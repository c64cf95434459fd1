package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.ApiKey.Scope;
import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Looking at jobs, listing them, and an operator's hand. */
class JobsTest {
    private final ApiStage stage = new ApiStage();

    // ---- one job

    @Test
    void aJobTellsItsWholeWay() {
        JobId id = succeeded();

        Answer answer = stage.get("/v1/jobs/" + id);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("state")).isEqualTo("SUCCEEDED");
        assertThat(answer.json().get("result").toString()).isEqualTo("{\"done\":true}");
        assertThat(answer.text("finishedAt")).isEqualTo("2026-03-10T12:00:01Z");
        assertThat(answer.json()
                        .get("history")
                        .valueStream()
                        .map(step -> step.get("state").asString()))
                .containsExactly("QUEUED", "RUNNING", "SUCCEEDED");
    }

    @Test
    void anIdInUpperCaseIsTheSameJob() {
        JobId id = succeeded();

        assertThat(stage.get("/v1/jobs/" + id.text().toUpperCase(Locale.ROOT)).status())
                .isEqualTo(200);
    }

    @Test
    void aForgedOrUnknownIdIs404WhateverItIs() {
        for (String id : List.of(
                "019cd7b3-2d7b-7abc-8def-0123456789ab",
                "7",
                "..",
                "%2e%2e",
                "019cd7b3-2d7b-4abc-8def-0123456789ab",
                "x".repeat(5_000),
                "key%23x",
                "%00")) {
            problem(stage.get("/v1/jobs/" + id), 404, "There is no such job");
            problem(stage.get("/v1/jobs/" + id + "/payload"), 404);
            problem(stage.post("/v1/jobs/" + id + "/cancel", ""), 404);
            problem(stage.post("/v1/jobs/" + id + "/retry", ""), 404);
        }
    }

    @Test
    void aLargePayloadComesApart() {
        String large = "\"" + "x".repeat(300 * 1024) + "\"";
        JobId id = stage.enqueued("{\"task\":\"echo\",\"payload\":" + large + "}");

        assertThat(stage.get("/v1/jobs/" + id).json().has("payload")).isFalse();
        assertThat(stage.get("/v1/jobs/" + id + "/payload").body()).isEqualTo(large);
    }

    @Test
    void whoMayNotReadSeesNothingOfAJobThatItEnqueuesAgainCancelsOrSendsBack() {
        String request = "{\"task\":\"echo\",\"payload\":\"word\",\"tags\":[\"word\"],\"meta\":{\"a\":\"word\"},"
                + "\"idempotencyKey\":\"word\",\"fairKey\":\"word\"}";
        Map<String, String> enqueuer = bearer(stage.key("enqueuer", EnumSet.of(Scope.ENQUEUE)));
        Map<String, String> operator = bearer(stage.key("operator", EnumSet.of(Scope.OPERATE)));
        JobId id = new JobId(stage.post("/v1/jobs", request).text("id"));
        die(id, "word");

        for (Answer answer : List.of(
                stage.post("/v1/jobs", request, enqueuer),
                stage.post("/v1/jobs/batch", "{\"jobs\":[" + request + "]}", enqueuer),
                stage.post("/v1/jobs/" + id + "/retry", "", operator),
                stage.post("/v1/jobs/" + id + "/cancel", "", operator),
                stage.post("/v1/jobs/" + id + "/cancel", "", operator))) {
            assertThat(answer.status()).as(answer.body()).isIn(200, 207);
            assertThat(answer.body()).contains(id.text(), "history").doesNotContain("word");
        }
        assertThat(stage.get("/v1/jobs/" + id).body()).as("and who may sees it").contains("word");
    }

    private static Map<String, String> bearer(String key) {
        return Map.of("authorization", "Bearer " + key);
    }

    private void die(JobId id, String message) {
        Instant now = stage.memory.clock().instant();
        Job claimed = ((Change.Outcome.Done)
                        stage.memory.jobs().apply(id, Lifecycle.claim(now, now.plusSeconds(30), "t1")))
                .job();
        stage.memory
                .jobs()
                .apply(
                        id,
                        Lifecycle.kill(
                                claimed,
                                now,
                                DeadReason.DISCARDED,
                                new JobError("Discarded", message),
                                now.plusSeconds(60),
                                "t2"));
    }

    // ---- lists

    @Test
    void jobsAreListedNewestFirstInPagesByACursor() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            stage.memory.clock().advance(Duration.ofSeconds(1));
            ids.add(stage.enqueued("{\"task\":\"echo\"}").text());
        }

        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = stage.get("/v1/jobs?limit=3" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            page.json().get("jobs").forEach(job -> listed.add(job.get("id").asString()));
            cursor = page.text("cursor");
        } while (!cursor.isEmpty());

        assertThat(listed)
                .isEqualTo(ids.stream().sorted(Comparator.reverseOrder()).toList());
    }

    @Test
    void aListIsByTaskByTagByStateAndByTime() {
        JobId echo = stage.enqueued("{\"task\":\"echo\",\"tags\":[\"a\",\"b\"]}");
        JobId image = stage.enqueued("{\"task\":\"process-image\",\"payload\":{\"file\":\"a\",\"width\":1}}");
        JobId later = stage.enqueued("{\"task\":\"echo\",\"delaySeconds\":60}");
        JobId dead = dead();

        assertThat(list("task=process-image")).containsExactly(image.text());
        assertThat(list("tag=b")).containsExactly(echo.text());
        assertThat(list("state=dead")).containsExactly(dead.text());
        assertThat(list("state=SCHEDULED")).containsExactly(later.text());
        assertThat(list("state=QUEUED&task=echo")).containsExactly(echo.text());
        assertThat(list("from=2026-03-10T12:00:01Z")).isEmpty();
        assertThat(list("to=2026-03-10T13:00:00%2B01:00")).hasSize(4);
        stage.memory.clock().advance(Duration.ofSeconds(60));
        assertThat(list("state=SCHEDULED")).as("its time has come").isEmpty();
        assertThat(list("state=QUEUED&task=echo")).contains(later.text());
    }

    @Test
    void aParameterThatCannotBeReadIs400AndIsNamed() {
        for (String query : List.of(
                "limit=0",
                "limit=101",
                "limit=ten",
                "state=LOST",
                "from=yesterday",
                "from=2026-03-11T00:00:00Z&to=2026-03-10T00:00:00Z",
                "tag=",
                "page=2",
                "limit=1&limit=2",
                "cursor=xyz",
                "from=%2B999999999-01-01T00:00:00Z")) {
            Answer answer = problem(stage.get("/v1/jobs?" + query), 400);
            assertThat(answer.text("parameter")).as(query).isEqualTo(query.replaceAll("=.*", ""));
        }
        problem(stage.get("/v1/jobs?limit=%zz"), 400, "hexadecimal");
        problem(stage.get("/v1/jobs?statee=DEAD"), 400, "did you mean 'state'?");
    }

    @Test
    void aCursorOfAnotherListOrOfAnotherHandIsRefused() {
        for (int i = 0; i < 3; i++) {
            stage.enqueued("{\"task\":\"echo\"}");
        }
        String cursor = stage.get("/v1/jobs?limit=1").text("cursor");

        assertThat(stage.get("/v1/jobs?limit=2&cursor=" + cursor).status()).isEqualTo(200);
        problem(stage.get("/v1/jobs?task=echo&cursor=" + cursor), 400, "belongs to a list with other filters");
        Random random = new Random(9);
        for (int i = 0; i < 500; i++) {
            char[] forged = cursor.toCharArray();
            int at = random.nextInt(forged.length - 1); // the last character has bits that Base64 does not use
            forged[at] = forged[at] == 'A' ? 'B' : 'A';
            problem(stage.get("/v1/jobs?cursor=" + new String(forged)), 400, "not one of ours");
        }
    }

    @Test
    void noValueOfOneFilterPassesForTwoFilters() {
        for (int i = 0; i < 2; i++) {
            stage.enqueued("{\"task\":\"echo\",\"tags\":[\"a, task=echo\",\"a\"]}");
        }
        String cursor = stage.get("/v1/jobs?limit=1&tag=a,%20task%3Decho").text("cursor");

        assertThat(stage.get("/v1/jobs?tag=a,%20task%3Decho&cursor=" + cursor).status())
                .isEqualTo(200);
        problem(stage.get("/v1/jobs?tag=a&task=echo&cursor=" + cursor), 400, "belongs to a list with other filters");
    }

    // ---- an operator's hand

    @Test
    void aWaitingJobIsCancelledAtOnceAndASecondTimeToo() {
        JobId id = stage.enqueued("{\"task\":\"echo\",\"delaySeconds\":60}");

        assertThat(stage.post("/v1/jobs/" + id + "/cancel", "").text("state")).isEqualTo("CANCELLED");
        assertThat(stage.post("/v1/jobs/" + id + "/cancel", "{}").status()).isEqualTo(200);
        JsonNode last = stage.get("/v1/jobs/" + id).json().get("history").get(1);
        assertThat(last.get("by").asString()).isEqualTo("all");
    }

    @Test
    void aRunningJobIsAskedToStop() {
        JobId id = running().id();

        Answer answer = stage.post("/v1/jobs/" + id + "/cancel", "");

        assertThat(answer.text("state")).isEqualTo("RUNNING");
        assertThat(answer.json().get("cancelRequested").asBoolean()).isTrue();
        assertThat(stage.job(id).cancelRequestedBy()).isEqualTo("all");
    }

    @Test
    void whatHasEndedIsNotCancelled() {
        problem(stage.post("/v1/jobs/" + succeeded() + "/cancel", ""), 409, "SUCCEEDED already");
        Answer answer = problem(stage.post("/v1/jobs/" + dead() + "/cancel", ""), 409, "DEAD already");
        assertThat(answer.text("state")).isEqualTo("DEAD");
    }

    @Test
    void aDeadJobGoesBackToWorkAndItsMessageIsSent() {
        JobId id = dead();

        Answer answer = stage.post("/v1/jobs/" + id + "/retry", "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("state")).isEqualTo("QUEUED");
        assertThat(stage.job(id).attempt()).isZero();
        assertThat(stage.memory.queue().receive(ApiStage.POOL, 10)).hasSize(1);
        assertThat(stage.memory.jobs().due(id.shard(), now(), 10)).isEmpty();
    }

    @Test
    void aDeadJobWhoseMessageCannotBeSentGoesBackToWorkByTheDueIndex() {
        JobId id = dead();
        stage.faults.refuse("send", 1);

        assertThat(stage.post("/v1/jobs/" + id + "/retry", "").status()).isEqualTo(200);

        assertThat(stage.memory.jobs().due(id.shard(), now(), 10)).hasSize(1);
    }

    @Test
    void onlyADeadJobGoesBackToWork() {
        JobId waiting = stage.enqueued("{\"task\":\"echo\"}");

        problem(stage.post("/v1/jobs/" + waiting + "/retry", ""), 409, "QUEUED", "only a DEAD one");
        problem(stage.post("/v1/jobs/" + succeeded() + "/retry", ""), 409, "SUCCEEDED");
        problem(stage.post("/v1/jobs/" + dead() + "/retry", "{\"now\":true}"), 422, "/now is an unknown field");
    }

    private List<String> list(String query) {
        Answer answer = stage.get("/v1/jobs?" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json()
                .get("jobs")
                .valueStream()
                .map(job -> job.get("id").asString())
                .toList();
    }

    private Job running() {
        JobId id = stage.enqueued("{\"task\":\"echo\"}");
        stage.memory.queue().loseAll(ApiStage.POOL);
        return done(id, Lifecycle.claim(now(), now().plusSeconds(60), "claim"));
    }

    private JobId succeeded() {
        Job job = running();
        return done(
                        job.id(),
                        Lifecycle.succeed(
                                job,
                                now().plusSeconds(1),
                                Json.parse("{\"done\":true}"),
                                null,
                                now().plusSeconds(60),
                                "succeed"))
                .id();
    }

    private JobId dead() {
        Job job = running();
        JobError error = new JobError("java.io.IOException", "no route");
        done(job.id(), Lifecycle.kill(job, now(), DeadReason.EXHAUSTED, error, now().plusSeconds(60), "kill"));
        assertThat(stage.job(job.id()).state()).isEqualTo(JobState.DEAD);
        return job.id();
    }

    private Job done(JobId id, Change change) {
        return ((Change.Outcome.Done) stage.memory.jobs().apply(id, change)).job();
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}
