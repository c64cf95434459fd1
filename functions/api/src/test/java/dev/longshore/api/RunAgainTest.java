package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.Field;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.Progress;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.job.pause.Pausable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A job that has ended is run again as a new job; one that waits is run now. */
class RunAgainTest {
    private static final String LIKE_IT =
            "{\"task\":\"echo\",\"payload\":{\"a\":1},\"tags\":[\"t\"],\"meta\":{\"m\":\"x\"},"
                    + "\"fairKey\":\"f\",\"maxAttempts\":7,\"idempotencyKey\":\"first\"}";

    private final ApiStage stage = new ApiStage();

    // ---- rerun

    @Test
    void jobThatHasEndedIsRunAgainAsANewJobLikeItThatLinksBack() {
        for (JobId first : List.of(succeeded(), cancelled(), stage.dead("echo", "no route"))) {
            Job before = stage.job(first);

            Answer answer = rerun(first, "");

            assertThat(answer.status()).as(answer.body()).isEqualTo(202);
            Job job = stage.job(new JobId(answer.text("id")));
            assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + job.id());
            assertThat(answer.text("rerunOf")).isEqualTo(first.text());
            assertThat(job.id()).isNotEqualTo(first);
            assertThat(job.state()).isEqualTo(JobState.QUEUED);
            assertThat(job.attempt()).isZero();
            assertThat(stage.memory.jobs().payload(job))
                    .isEqualTo(stage.memory.jobs().payload(before));
            assertThat(stage.job(first)).as("stays as it is").isEqualTo(before);
            assertThat(stage.memory.queue().receive(ApiStage.POOL, 10)).hasSize(1);
        }
    }

    @Test
    void rerunKeepsWhatTheClientGaveTheFirstJobButItsTimesAndItsKey() {
        JobId first = new JobId(stage.post("/v1/jobs", LIKE_IT).text("id"));
        stage.post("/v1/jobs/" + first + "/cancel", "");

        Job job = stage.job(new JobId(rerun(first, "").text("id")));

        assertThat(job.tags()).containsExactly("t");
        assertThat(job.meta()).isEqualTo(Map.of("m", "x"));
        assertThat(job.fairKey()).isEqualTo("f");
        assertThat(job.maxAttempts()).isEqualTo(7);
        assertThat(job.idempotencyKey()).isNull();
        assertThat(job.rerunOf()).isEqualTo(first);
    }

    @Test
    void rerunTakesAnotherPayloadAndChecksItAndTheOldOneAgainstTheTaskOfToday() {
        JobId first = stage.dead("process-image", "no route");

        problem(rerun(first, "{\"payload\":{\"file\":1}}"), 422, "/payload/file");
        problem(rerun(first, "{\"paylod\":1}"), 422, "did you mean 'payload'?");
        Answer other = rerun(first, "{\"payload\":{\"file\":\"b\",\"width\":2}}");
        assertThat(other.json().get("payload").toString()).isEqualTo("{\"file\":\"b\",\"width\":2}");

        JobId unfit = stage.dead("echo", "no route");
        stage.memory
                .rows()
                .plant(
                        unfit,
                        stage.memory
                                .rows()
                                .row(unfit)
                                .put(Field.TASK, "process-image")
                                .put(Field.PAYLOAD, "1".getBytes(StandardCharsets.UTF_8)));
        problem(rerun(unfit, ""), 422, "/payload");
        assertThat(stage.job(new JobId(other.text("id"))).pool()).isEqualTo("heavy");
    }

    @Test
    void rerunUnderAKeyIsOneJobHoweverOftenItIsSent() {
        JobId first = succeeded();
        JobId second = succeeded();
        Map<String, String> key = Map.of("idempotency-key", "again");

        Answer answer = stage.post("/v1/jobs/" + first + "/rerun", "", key);
        Answer repeated = stage.post("/v1/jobs/" + first + "/rerun", "", key);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(repeated.status()).isEqualTo(200);
        assertThat(repeated.text("id")).isEqualTo(answer.text("id"));
        problem(stage.post("/v1/jobs/" + first + "/rerun", "{\"payload\":2}", key), 422, "another request");
        problem(stage.post("/v1/jobs/" + second + "/rerun", "", key), 422, "another request");
        problem(stage.post("/v1/jobs/" + first + "/rerun", "", Map.of("idempotency-key", "k".repeat(256))), 422, "255");
    }

    @Test
    void jobThatHasNotEndedOrIsLongshoresOwnIsNotRunAgain() {
        JobId waiting = stage.enqueued("{\"task\":\"echo\"}");
        problem(rerun(waiting, ""), 409, "QUEUED", "only one that has ended");
        JobId running = stage.claimed(stage.enqueued("{\"task\":\"echo\"}")).id();
        problem(rerun(running, ""), 409, "RUNNING");
        problem(rerun(stage.deadIn("heavy", "task-that-is-gone"), ""), 422, "no task 'task-that-is-gone'");
        JobId ours = new JobId(stage.post("/v1/jobs/purge", "{\"all\":true}").text("id"));
        stage.post("/v1/jobs/" + ours + "/cancel", "");
        problem(rerun(ours, ""), 422, "POST /v1/jobs/purge");
        problem(stage.post("/v1/jobs/019cd7b3-2d7b-7abc-8def-0123456789ab/rerun", ""), 404);
    }

    // ---- run now

    @Test
    void jobThatWaitsForItsTimeOrItsBackoffRunsNow() {
        JobId scheduled = stage.enqueued("{\"task\":\"echo\",\"delaySeconds\":60}");
        JobId farOff = stage.enqueued("{\"task\":\"echo\",\"delaySeconds\":86400}");
        Job failed = stage.claimed(stage.enqueued("{\"task\":\"echo\"}"));
        Instant later = now().plus(Duration.ofHours(1));
        stage.changed(
                failed.id(),
                new Lifecycle(now(), "fail")
                        .retry(failed, Duration.between(now(), later), true, new JobError("T", "m")));
        stage.memory.queue().loseAll(ApiStage.POOL);

        for (JobId id : List.of(scheduled, farOff, failed.id())) {
            Answer answer = stage.post("/v1/jobs/" + id + "/run-now", "");

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.text("state")).isEqualTo("QUEUED");
            assertThat(answer.json()
                            .get("history")
                            .valueStream()
                            .toList()
                            .getLast()
                            .get("by")
                            .asString())
                    .isEqualTo("all");
            assertThat(stage.job(id).due()).isEqualTo(now());
            assertThat(stage.job(id).isHeldUntilDue()).as("its message is sent").isFalse();
            assertThat(stage.memory.queue().receive(ApiStage.POOL, 10)).hasSize(1);
        }
        assertThat(stage.job(failed.id()).attempt()).isEqualTo(1);
        assertThat(stage.job(scheduled).runAt()).as("what was requested").isEqualTo(now().plusSeconds(60));
    }

    @Test
    void runningNowTwiceIsRunningOnceAndSendsTheMessageAgain() {
        JobId id = stage.enqueued("{\"task\":\"echo\",\"delaySeconds\":86400}");

        Answer first = stage.post("/v1/jobs/" + id + "/run-now", "{}");
        Answer again = stage.post("/v1/jobs/" + id + "/run-now", "");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(stage.memory.queue().receive(ApiStage.POOL, 10)).hasSize(2);
    }

    @Test
    void jobWhoseMessageCannotBeSentNowIsLeftToTheDispatcher() {
        JobId id = stage.enqueued("{\"task\":\"echo\",\"delaySeconds\":86400}");
        stage.faults.refuse("sendAll", 1);

        assertThat(stage.post("/v1/jobs/" + id + "/run-now", "").status()).isEqualTo(200);

        assertThat(stage.job(id).isHeldUntilDue()).isTrue();
        assertThat(stage.job(id).indexedAt()).isEqualTo(now());
    }

    @Test
    void aPausedJobIsNotRunNowAndTheErrorSaysWhatToResume() {
        JobId ofTask = stage.enqueued("{\"task\":\"echo\",\"delaySeconds\":60}");
        stage.post("/v1/tasks/echo/pause", "");
        problem(
                stage.post("/v1/jobs/" + ofTask + "/run-now", ""),
                409,
                "task 'echo' is paused since",
                "POST /v1/tasks/echo/resume");
        stage.post("/v1/tasks/echo/resume", "");
        stage.changed(
                ofTask,
                new Lifecycle(now(), "late").hold(stage.job(ofTask), HoldReason.paused(Pausable.task("echo")), now()));
        problem(stage.post("/v1/jobs/" + ofTask + "/run-now", ""), 409, "is over");

        JobId ofPool = stage.enqueued(
                "{\"task\":\"process-image\",\"payload\":{\"file\":\"a\",\"width\":1},\"delaySeconds\":60}");
        stage.post("/v1/queues/heavy/pause", "");
        problem(stage.post("/v1/jobs/" + ofPool + "/run-now", ""), 409, "POST /v1/queues/heavy/resume");
        assertThat(stage.job(ofPool).state()).isEqualTo(JobState.SCHEDULED);
    }

    @Test
    void jobThatRunsOrHasEndedIsNotRunNow() {
        problem(stage.post("/v1/jobs/" + succeeded() + "/run-now", ""), 409, "SUCCEEDED", "/rerun");
        JobId running = stage.claimed(stage.enqueued("{\"task\":\"echo\"}")).id();
        problem(stage.post("/v1/jobs/" + running + "/run-now", ""), 409, "RUNNING");
        problem(stage.post("/v1/jobs/" + running + "/run-now", "{\"at\":1}"), 422, "takes no body");
    }

    @Test
    void jobWhosePoolIsGoneRunsNowInThePoolOfItsTaskToday() {
        JobId id = stage.enqueued("{\"task\":\"echo\"}");
        stage.memory.queue().loseAll(ApiStage.POOL);
        stage.memory.rows().plant(id, stage.memory.rows().row(id).put(Field.POOL, "pool-that-is-gone"));

        assertThat(stage.post("/v1/jobs/" + id + "/run-now", "").text("pool")).isEqualTo(ApiStage.POOL);

        assertThat(stage.memory.queue().receive(ApiStage.POOL, 10)).hasSize(1);
        stage.memory
                .rows()
                .plant(id, stage.memory.rows().row(id).put(Field.POOL, "gone").put(Field.TASK, "gone"));
        problem(stage.post("/v1/jobs/" + id + "/run-now", ""), 409, "Neither the task");
    }

    @Test
    void whoMayNotReadSeesNothingOfAJobThatItRunsAgainOrNow() {
        Map<String, String> operator =
                Map.of("authorization", "Bearer " + stage.key("operator", EnumSet.of(Scope.OPERATE)));
        JobId first =
                stage.enqueued("{\"task\":\"echo\",\"payload\":\"word\",\"tags\":[\"word\"],\"delaySeconds\":60}");

        Answer now = stage.post("/v1/jobs/" + first + "/run-now", "", operator);
        stage.post("/v1/jobs/" + first + "/cancel", "");
        Answer again = stage.post("/v1/jobs/" + first + "/rerun", "", operator);

        assertThat(now.body()).contains(first.text(), "history").doesNotContain("word");
        assertThat(again.body()).contains("rerunOf", first.text()).doesNotContain("word");
    }

    // ---- progress

    @Test
    void progressIsShownWithItsTextToCallersThatMayRead() {
        JobId id = stage.enqueued("{\"task\":\"echo\"}");
        Job running = stage.claimed(id);
        stage.changed(id, Lifecycle.progress(running, new Progress(25, "page 3 of 12")));

        Answer seen = stage.get("/v1/jobs/" + id);
        Answer blind = stage.post(
                "/v1/jobs/" + id + "/cancel",
                "",
                Map.of("authorization", "Bearer " + stage.key("operator", EnumSet.of(Scope.OPERATE))));

        assertThat(seen.json().get("progress").asInt()).isEqualTo(25);
        assertThat(seen.text("progressText")).isEqualTo("page 3 of 12");
        assertThat(blind.json().get("progress").asInt()).isEqualTo(25);
        assertThat(blind.json().has("progressText")).isFalse();
    }

    private Answer rerun(JobId id, String body) {
        return stage.post("/v1/jobs/" + id + "/rerun", body);
    }

    private JobId succeeded() {
        Job held = stage.claimed(stage.enqueued("{\"task\":\"echo\",\"payload\":{\"file\":\"a\"}}"));
        Instant kept = now().plus(Duration.ofDays(7));
        return stage.changed(
                        held.id(),
                        new Lifecycle(now(), "end of " + held.id())
                                .succeed(held, null, null, Duration.between(now(), kept)))
                .id();
    }

    private JobId cancelled() {
        JobId id = stage.enqueued("{\"task\":\"echo\"}");
        stage.memory.queue().loseAll(ApiStage.POOL);
        stage.post("/v1/jobs/" + id + "/cancel", "");
        return id;
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}
