package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.HoldReason;
import dev.longshore.job.JobId;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.job.pause.Pausable;
import dev.longshore.job.pause.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Pausing and resuming by HTTP. */
class PauseRequestsTest {
    private static final Pausable ECHO = Pausable.task("echo");

    private final ApiStage stage = new ApiStage();

    @Test
    void whatWasPausedBeforeADeploymentTookItAwayCanBeResumed() {
        stage.memory.pauses().pause(Pausable.pool("taken-away"), now(), "me");

        assertThat(stage.post("/v1/queues/taken-away/resume", "").status()).isEqualTo(200);
        assertThat(stage.memory.pauses().all())
                .allSatisfy(pause -> assertThat(pause.holds()).isFalse());
        assertThat(stage.post("/v1/queues/never-there/resume", "").status()).isEqualTo(404);
    }

    @Test
    void aPausedTaskShowsSinceWhenByWhomAndHowManyJobsItHolds() {
        Answer answer = stage.post("/v1/tasks/echo/pause", "");
        hold();
        hold();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"task\":\"echo\",\"paused\":{\"since\":\"2026-03-10T12:00:00.000Z\",\"by\":\"all\"},"
                        + "\"setAside\":0}");
        JsonNode task = named("/v1/tasks", "tasks", "name", "echo");
        assertThat(task.get("paused").get("by").asString()).isEqualTo("all");
        assertThat(task.get("setAside").asInt()).isEqualTo(2);
        assertThat(named("/v1/tasks", "tasks", "name", "process-image").has("paused"))
                .isFalse();
        assertThat(named("/v1/queues", "queues", "pool", ApiStage.POOL).has("paused"))
                .isFalse();
    }

    @Test
    void aPausedPoolIsShownAmongTheQueues() {
        stage.post("/v1/queues/heavy/pause", "{}");

        assertThat(named("/v1/queues", "queues", "pool", "heavy").get("paused").toString())
                .isEqualTo("{\"since\":\"2026-03-10T12:00:00.000Z\",\"by\":\"all\"}");
        assertThat(stage.memory.pauses().all()).containsExactly(new Pause(Pausable.pool("heavy"), now(), "all", null));
    }

    @Test
    void pausingTwiceIsPausingOnceAndSoIsResuming() {
        stage.post("/v1/tasks/echo/pause", "");
        stage.memory.clock().advance(Duration.ofMinutes(1));

        assertThat(stage.post("/v1/tasks/echo/pause", "")
                        .json()
                        .get("paused")
                        .get("since")
                        .asString())
                .isEqualTo("2026-03-10T12:00:00.000Z");
        assertThat(stage.post("/v1/tasks/echo/resume", "").body()).isEqualTo("{\"task\":\"echo\"}");
        assertThat(stage.post("/v1/tasks/echo/resume", "").body()).isEqualTo("{\"task\":\"echo\"}");
        assertThat(stage.post("/v1/queues/heavy/resume", "").body())
                .as("never paused")
                .isEqualTo("{\"pool\":\"heavy\"}");
    }

    @Test
    void resumingSendsTheHeldJobsWithinASecondOrTwo() {
        stage.post("/v1/tasks/echo/pause", "");
        List<JobId> ids = IntStream.range(0, 40).mapToObj(i -> hold()).toList();

        Answer answer = stage.post("/v1/tasks/echo/resume", "");

        assertThat(answer.json().has("setAside")).isFalse();
        assertThat(ids)
                .allSatisfy(id -> assertThat(stage.job(id).isHeldByPause()).isFalse());
        assertThat(stage.memory.queue().bodies(ApiStage.POOL)).hasSize(40);
        assertThat(stage.memory.queue().nextVisibleAt(ApiStage.POOL))
                .isEqualTo(now().plus(HoldReason.UNTIL_WORKERS_KNOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"held", "sendAll", "release"})
    void whatCouldNotBeSentAtTheResumptionIsLeftToTheDispatcher(String call) {
        stage.post("/v1/tasks/echo/pause", "");
        JobId id = hold();
        stage.faults.refuse(call, 16);

        Answer answer = stage.post("/v1/tasks/echo/resume", "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().has("paused")).isFalse();
        assertThat(answer.json().get("setAside").asInt()).isEqualTo(1);
        assertThat(stage.job(id).isHeldByPause()).isTrue();
        assertThat(stage.memory.pauses().all()).containsExactly(new Pause(ECHO, now(), "all", now()));
    }

    @Test
    void aHeldJobCanBeCancelledAndIsNotSentAgain() {
        stage.post("/v1/tasks/echo/pause", "");
        JobId id = hold();
        assertThat(stage.get("/v1/jobs/" + id).json().get("setAside").asBoolean())
                .isTrue();

        Answer cancelled = stage.post("/v1/jobs/" + id + "/cancel", "");

        assertThat(cancelled.text("state")).isEqualTo("CANCELLED");
        assertThat(cancelled.json().has("setAside")).isFalse();
        stage.post("/v1/tasks/echo/resume", "");

        assertThat(stage.memory.queue().bodies(ApiStage.POOL)).isEmpty();
    }

    @Test
    void aRepeatedEnqueueOfAHeldJobSendsNoMessage() {
        stage.post("/v1/tasks/echo/pause", "");
        Map<String, String> key = Map.of("idempotency-key", "k");
        JobId id = new JobId(stage.post("/v1/jobs", "{\"task\":\"echo\"}", key).text("id"));
        hold(id);

        assertThat(stage.post("/v1/jobs", "{\"task\":\"echo\"}", key).status()).isEqualTo(200);

        assertThat(stage.memory.queue().bodies(ApiStage.POOL)).isEmpty();
    }

    @Test
    void anUnknownNameIs404WithTheNearestOne() {
        problem(stage.post("/v1/tasks/ecko/pause", ""), 404, "no task 'ecko'", "did you mean 'echo'?", "GET /v1/tasks");
        problem(stage.post("/v1/tasks/default/resume", ""), 404, "no task 'default'");
        problem(stage.post("/v1/queues/hevy/pause", ""), 404, "no pool 'hevy'", "did you mean 'heavy'?");
        problem(stage.post("/v1/queues/echo/resume", ""), 404, "no pool 'echo'", "GET /v1/queues");
        assertThat(stage.memory.pauses().all()).isEmpty();
    }

    @Test
    void longshoresOwnTasksAre422() {
        problem(stage.post("/v1/tasks/longshore-redrive/pause", ""), 422, "Longshore's own", "never paused");
    }

    @Test
    void aBodyThatSaysSomethingIs422() {
        problem(stage.post("/v1/tasks/echo/pause", "{\"until\":1}"), 422, "takes no body");
        problem(stage.post("/v1/queues/heavy/resume", "{"), 400);
        assertThat(stage.memory.pauses().all()).isEmpty();
    }

    @Test
    void pausingNeedsTheScopeToOperate() {
        Map<String, String> reader =
                Map.of("authorization", "Bearer " + stage.key("r", Set.of(Scope.READ, Scope.ENQUEUE)));
        for (String path : List.of(
                "/v1/tasks/echo/pause", "/v1/tasks/echo/resume", "/v1/queues/heavy/pause", "/v1/queues/heavy/resume")) {
            problem(stage.send("POST", path, reader, new byte[0]), 403, "operate");
            problem(stage.send("GET", path, reader, new byte[0]), 405, "POST");
        }
        assertThat(stage.memory.pauses().all()).isEmpty();
    }

    @Test
    void anEngineThatDoesNotAnswerIs503() {
        stage.faults.refuse("pause", 1);

        problem(stage.post("/v1/tasks/echo/pause", ""), 503);
    }

    /** As a worker does with a job's message in a pause. */
    private JobId hold() {
        JobId id = new JobId(stage.enqueue("1").text("id"));
        hold(id);
        return id;
    }

    private void hold(JobId id) {
        stage.memory.queue().loseAll(ApiStage.POOL);
        stage.memory
                .jobs()
                .apply(id, new Lifecycle(now(), "token of " + id).hold(stage.job(id), HoldReason.paused(ECHO), now()));
    }

    private JsonNode named(String path, String list, String field, String name) {
        return stage.get(path)
                .json()
                .get(list)
                .valueStream()
                .filter(entry -> entry.get(field).asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}
