package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.Progress;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.job.pause.Pausable;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Looking at jobs, listing them, and an operator's hand. */
class JobsTest {
    private final ApiStage stage = new ApiStage();

    // ---- one job

    @Test
    void aJobShowsItsWholeLifecycle() {
        JobId id = succeeded();

        Answer answer = stage.get("/v1/jobs/" + id);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("state")).isEqualTo("SUCCEEDED");
        assertThat(answer.json().get("result").toString()).isEqualTo("{\"done\":true}");
        assertThat(answer.text("finishedAt")).isEqualTo("2026-03-10T12:00:01.000Z");
        assertThat(answer.json()
                        .get("history")
                        .valueStream()
                        .map(step -> step.get("state").asString()))
                .containsExactly("QUEUED", "RUNNING", "SUCCEEDED");
    }

    @Test
    void jobThatAHandlerEnqueuedShowsItsDepthInItsChain() {
        JobId first = stage.enqueued("{\"task\":\"echo\"}");
        Job parent = stage.memory.jobs().find(first).orElseThrow();
        NewJob next = NewJob.of(
                JobId.next(now(), stage.memory.random()), "echo", "default", 3, Json.parse("{}"), now(), "token");
        stage.memory.jobs().create(next.enqueuedBy(parent), now());

        assertThat(stage.get("/v1/jobs/" + next.id()).json().path("chainDepth").asInt())
                .isEqualTo(1);
        assertThat(stage.get("/v1/jobs/" + first).json().has("chainDepth")).isFalse();
    }

    @Test
    void waitingJobSaysWhyItWaits() {
        JobId later = stage.enqueued("{\"task\":\"echo\",\"delaySeconds\":60}");
        Job failed = running();
        done(
                failed.id(),
                new Lifecycle(now(), "fail").retry(failed, Duration.ofSeconds(9), false, new JobError("T", "m")));
        Job snoozed = running();
        done(snoozed.id(), new Lifecycle(now(), "snooze").snooze(snoozed, Duration.ofSeconds(9), false));
        Job continued = running();
        done(
                continued.id(),
                new Lifecycle(now(), "continue")
                        .continueLater(continued, Json.parse("1"), new Progress(60, null), false));
        JobId paused = stage.enqueued("{\"task\":\"echo\"}");
        done(
                paused,
                new Lifecycle(now(), "pause").hold(stage.job(paused), HoldReason.paused(Pausable.task("echo")), now()));
        JobId queued = stage.enqueued("{\"task\":\"echo\"}");

        assertThat(waitReason(later)).isEqualTo("scheduled");
        assertThat(waitReason(failed.id())).isEqualTo("backoff");
        assertThat(waitReason(snoozed.id())).isEqualTo("snoozed");
        assertThat(waitReason(paused)).isEqualTo("paused");
        assertThat(waitReason(continued.id())).isEmpty();
        assertThat(waitReason(queued)).isEmpty();
        assertThat(waitReason(succeeded())).isEmpty();
        assertThat(stage.get("/v1/jobs/" + snoozed.id())
                        .json()
                        .at("/history/2/snoozed")
                        .asBoolean())
                .isTrue();
        assertThat(stage.get("/v1/jobs/" + continued.id())
                        .json()
                        .at("/history/2/continued")
                        .asBoolean())
                .isTrue();
        assertThat(stage.get("/v1/jobs/" + failed.id()).json().at("/history/2").propertyNames())
                .doesNotContain("snoozed", "continued");
    }

    private String waitReason(JobId id) {
        return stage.get("/v1/jobs/" + id).text("waitReason");
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
    void aCallerThatMayNotReadSeesNothingOfAJobThatItEnqueuesAgainCancelsOrRedrives() {
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
                        stage.memory.jobs().apply(id, new Lifecycle(now, "t1").claim(id, now.plusSeconds(30))))
                .job();
        stage.memory
                .jobs()
                .apply(
                        id,
                        new Lifecycle(now, "t2")
                                .kill(claimed, DeadReason.DISCARDED, new JobError("Discarded", message)));
    }

    // ---- an operator's hand

    @Test
    void aWaitingJobIsCancelledAtOnceAndASecondTimeIsAnsweredLikeTheFirst() {
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
    void aDeadJobIsRedrivenAndItsMessageIsSent() {
        JobId id = dead();

        Answer answer = stage.post("/v1/jobs/" + id + "/retry", "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("state")).isEqualTo("QUEUED");
        assertThat(stage.job(id).attempt()).isZero();
        assertThat(stage.memory.queue().receive(ApiStage.POOL, 10)).hasSize(1);
        assertThat(stage.memory
                        .jobs()
                        .held(HoldReason.DUE, id.shard(), now(), null, 10)
                        .items())
                .isEmpty();
    }

    @Test
    void aRedrivenJobWhoseMessageCannotBeSentIsInTheDueIndex() {
        JobId id = dead();
        stage.faults.refuse("sendAll", 1);

        assertThat(stage.post("/v1/jobs/" + id + "/retry", "").status()).isEqualTo(200);

        assertThat(stage.memory
                        .jobs()
                        .held(HoldReason.DUE, id.shard(), now(), null, 10)
                        .items())
                .hasSize(1);
    }

    @Test
    void onlyADeadJobIsRedriven() {
        JobId waiting = stage.enqueued("{\"task\":\"echo\"}");

        problem(stage.post("/v1/jobs/" + waiting + "/retry", ""), 409, "QUEUED", "only a DEAD job");
        problem(stage.post("/v1/jobs/" + succeeded() + "/retry", ""), 409, "SUCCEEDED");
        problem(stage.post("/v1/jobs/" + dead() + "/retry", "{\"now\":true}"), 422, "/now is an unknown field");
    }

    private Job running() {
        JobId id = stage.enqueued("{\"task\":\"echo\"}");
        stage.memory.queue().loseAll(ApiStage.POOL);
        return done(id, new Lifecycle(now(), "claim").claim(id, now().plusSeconds(60)));
    }

    private JobId succeeded() {
        Job job = running();
        return done(
                        job.id(),
                        new Lifecycle(now().plusSeconds(1), "succeed")
                                .succeed(
                                        job,
                                        Json.parse("{\"done\":true}"),
                                        null,
                                        Duration.between(now().plusSeconds(1), now().plusSeconds(60))))
                .id();
    }

    private JobId dead() {
        Job job = running();
        JobError error = new JobError("java.io.IOException", "no route");
        done(job.id(), new Lifecycle(now(), "kill").kill(job, DeadReason.EXHAUSTED, error));
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
