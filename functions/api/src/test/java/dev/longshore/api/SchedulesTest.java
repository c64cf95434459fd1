package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.NewJob;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.ScheduledJobs;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskDescription;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Making, changing and running schedules. */
class SchedulesTest {
    private static final String DAILY = "{\"task\":\"echo\",\"cron\":\"0 3 * * *\"}";

    private static final TaskDescription ECHO = echo();

    private final ApiStage stage = new ApiStage();

    // ---- PUT and GET

    @Test
    void aScheduleIsMadeWithItsDefaultsAndItsNextFiveInstants() {
        Answer answer = put("nightly", "{\"task\":\"echo\",\"cron\":\"30 2 * * *\",\"zone\":\"Europe/Berlin\"}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.header("Location")).isEqualTo("/v1/schedules/nightly");
        assertThat(answer.text("name")).isEqualTo("nightly");
        assertThat(answer.text("overlap")).isEqualTo("allow");
        assertThat(answer.text("catchUp")).isEqualTo("latest");
        assertThat(answer.json().get("catchUpLimit").asInt()).isEqualTo(100);
        assertThat(answer.json().get("paused").asBoolean()).isFalse();
        assertThat(answer.json().get("declared").asBoolean()).isFalse();
        assertThat(answer.json().get("payload").toString()).isEqualTo("{}");
        assertThat(next(answer))
                .containsExactly(
                        "2026-03-11T01:30:00.000Z",
                        "2026-03-12T01:30:00.000Z",
                        "2026-03-13T01:30:00.000Z",
                        "2026-03-14T01:30:00.000Z",
                        "2026-03-15T01:30:00.000Z");
        assertThat(stage.get("/v1/schedules/nightly").body()).isEqualTo(answer.body());
    }

    @Test
    void anIntervalIsCountedFromItsAnchor() {
        Answer answer = put("often", "{\"task\":\"echo\",\"every\":\"PT90M\"}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.text("every")).isEqualTo("PT1H30M");
        assertThat(answer.text("anchor")).isEqualTo("1970-01-01T00:00:00.000Z");
        assertThat(answer.json().has("cron")).isFalse();
        assertThat(answer.json().has("zone")).isFalse();
        assertThat(next(answer))
                .containsExactly(
                        "2026-03-10T13:30:00.000Z",
                        "2026-03-10T15:00:00.000Z",
                        "2026-03-10T16:30:00.000Z",
                        "2026-03-10T18:00:00.000Z",
                        "2026-03-10T19:30:00.000Z");
        assertThat(next(put("often", "{\"task\":\"echo\",\"every\":\"P2D\",\"anchor\":\"2026-03-12T08:00:00+01:00\"}")))
                .startsWith("2026-03-12T07:00:00.000Z", "2026-03-14T07:00:00.000Z");
        assertThat(stage.get("/v1/schedules/often").text("every")).isEqualTo("PT48H");
    }

    @Test
    void everyRequestedFieldIsThere() {
        Answer answer = put(
                "s",
                "{\"task\":\"process-image\",\"payload\":{\"file\":\"a\",\"width\":1},\"cron\":\"@daily\",\"zone\":\"UTC\","
                        + "\"overlap\":\"skip\",\"catchUp\":\"all\",\"catchUpLimit\":7,\"jitterSeconds\":30,"
                        + "\"paused\":true,\"maxAttempts\":2,\"tags\":[\"blue\"],\"fairKey\":\"f\"}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        JsonNode json = answer.json();
        assertThat(json.get("payload").toString()).isEqualTo("{\"file\":\"a\",\"width\":1}");
        assertThat(answer.text("overlap")).isEqualTo("skip");
        assertThat(answer.text("catchUp")).isEqualTo("all");
        assertThat(json.get("catchUpLimit").asInt()).isEqualTo(7);
        assertThat(json.get("jitterSeconds").asInt()).isEqualTo(30);
        assertThat(json.get("paused").asBoolean()).isTrue();
        assertThat(json.get("maxAttempts").asInt()).isEqualTo(2);
        assertThat(json.get("tags").toString()).isEqualTo("[\"blue\"]");
        assertThat(answer.text("fairKey")).isEqualTo("f");
    }

    @Test
    void theSameRequestAgainIs200AndWritesNothing() {
        Answer first = put("s", DAILY);
        long version = schedule("s").version();

        Answer again = put("s", DAILY);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(schedule("s").version()).isEqualTo(version);
    }

    @Test
    void aChangeKeepsThePauseAndTheNextInstantUnlessItSaysOtherwise() {
        put("s", "{\"task\":\"echo\",\"cron\":\"@hourly\",\"paused\":true}");
        stage.memory.clock().advance(Duration.ofHours(3));

        put("s", "{\"task\":\"echo\",\"cron\":\"@hourly\",\"payload\":1}");
        assertThat(schedule("s").paused()).isTrue();
        assertThat(schedule("s").next()).isEqualTo("2026-03-10T13:00:00Z");

        put("s", "{\"task\":\"echo\",\"cron\":\"@hourly\",\"payload\":1,\"paused\":false}");
        assertThat(schedule("s").paused()).isFalse();
        assertThat(schedule("s").next()).isEqualTo("2026-03-10T16:00:00Z");

        put("s", "{\"task\":\"echo\",\"cron\":\"@hourly\",\"zone\":\"Asia/Kolkata\"}");
        assertThat(schedule("s").next()).isEqualTo("2026-03-10T15:30:00Z");
    }

    @Test
    void whatIsNotThereIs404() {
        for (String name : List.of("no", "NO", "..", "%2e", "x".repeat(5_000))) {
            problem(stage.get("/v1/schedules/" + name), 404, "no such schedule", "GET /v1/schedules");
            problem(stage.delete("/v1/schedules/" + name), 404);
            for (String act : List.of("run", "pause", "resume")) {
                problem(stage.post("/v1/schedules/" + name + "/" + act, ""), 404);
            }
        }
    }

    // ---- list

    @Test
    void schedulesAreListedByNameInPagesWithoutTheirPayloads() {
        List<String> names = IntStream.range(0, 7).mapToObj(i -> "s" + i).toList();
        names.reversed().forEach(name -> put(name, DAILY));

        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = stage.get("/v1/schedules?limit=3" + cursor);
            page.json().get("schedules").forEach(schedule -> {
                listed.add(schedule.get("name").asString());
                assertThat(schedule.has("payload")).isFalse();
            });
            cursor = page.json().has("cursor") ? "&cursor=" + page.text("cursor") : "";
        } while (!cursor.isEmpty());

        assertThat(listed).isEqualTo(names);
    }

    @Test
    void aBadLimitOrCursorIs400() {
        problem(stage.get("/v1/schedules?limit=0"), 400, "from 1 to 100");
        problem(stage.get("/v1/schedules?cursor=zzz"), 400, "not one of ours");
        problem(stage.get("/v1/schedules?curser=1"), 400, "did you mean 'cursor'?");
        stage.enqueue("1");
        stage.enqueue("2");
        String ofJobs = stage.get("/v1/jobs?limit=1").text("cursor");
        problem(stage.get("/v1/schedules?cursor=" + ofJobs), 400, "a list with other filters");
    }

    // ---- an operator's hand

    @Test
    void aPausedScheduleWakesNoDispatcherAndAResumedOneContinuesWithItsNextInstant() {
        put("s", "{\"task\":\"echo\",\"cron\":\"@hourly\"}");

        Answer paused = stage.post("/v1/schedules/s/pause", "");
        assertThat(paused.status()).isEqualTo(200);
        assertThat(paused.json().get("paused").asBoolean()).isTrue();
        assertThat(schedule("s").wakesAt()).isEmpty();
        stage.memory.clock().advance(Duration.ofHours(3));
        Answer resumed = stage.post("/v1/schedules/s/resume", "");

        assertThat(resumed.json().get("paused").asBoolean()).isFalse();
        assertThat(schedule("s").next()).isEqualTo("2026-03-10T16:00:00Z");
    }

    @Test
    void runNowMakesAJobAtOnceAndTheScheduleShowsIt() {
        put("s", "{\"task\":\"echo\",\"cron\":\"@daily\",\"payload\":5,\"tags\":[\"blue\"],\"maxAttempts\":2}");

        Answer answer = stage.post("/v1/schedules/s/run", "");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + answer.text("id"));
        Job job = stage.job(new JobId(answer.text("id")));
        assertThat(job.task()).isEqualTo("echo");
        assertThat(job.tags()).containsExactly("blue", "schedule:s");
        assertThat(job.maxAttempts()).isEqualTo(2);
        assertThat(job.due()).isEqualTo(stage.memory.clock().instant());
        JsonNode last = stage.get("/v1/schedules/s").json().get("last");
        assertThat(last.get("outcome").asString()).isEqualTo("run_now");
        assertThat(last.get("job").asString()).isEqualTo(answer.text("id"));
        assertThat(schedule("s").next()).as("its times are as before").isEqualTo("2026-03-11T00:00:00Z");
    }

    @Test
    void runNowDuringAChangeMakesAJobOfTheNewDefinition() {
        put("s", "{\"task\":\"echo\",\"cron\":\"@daily\",\"payload\":1}");
        stage.faults.afterCalls(
                "findSchedule", 1, () -> put("s", "{\"task\":\"echo\",\"cron\":\"@daily\",\"payload\":2}"));

        Answer answer = stage.post("/v1/schedules/s/run", "");

        assertThat(answer.json().get("payload").asInt()).isEqualTo(2);
        assertThat(stage.memory.rows().all()).hasSize(1);
    }

    @Test
    void jobThatWasMadeAheadIsReplacedByAPutAndCancelledByAPauseOrADeletion() {
        put("s", "{\"task\":\"echo\",\"cron\":\"@hourly\",\"payload\":1}");
        stage.memory.clock().set(Instant.parse("2026-03-10T12:59:20Z"));
        Job old = madeAhead();

        Answer changed = put("s", "{\"task\":\"echo\",\"cron\":\"@hourly\",\"payload\":2}");

        assertThat(changed.status()).isEqualTo(200);
        assertThat(stage.job(old.id()).state()).isEqualTo(JobState.CANCELLED);
        JobId replacement = schedule("s").last().job();
        assertThat(stage.get("/v1/jobs/" + replacement).json().get("payload").asInt())
                .isEqualTo(2);
        assertThat(schedule("s").next()).isEqualTo("2026-03-10T14:00:00Z");
        assertThat(stage.post("/v1/schedules/s/pause", "").status()).isEqualTo(200);
        assertThat(stage.job(replacement).state()).isEqualTo(JobState.CANCELLED);

        stage.post("/v1/schedules/s/resume", "");
        Job last = madeAhead();
        assertThat(stage.delete("/v1/schedules/s").status()).isEqualTo(200);
        assertThat(stage.job(last.id()).state()).isEqualTo(JobState.CANCELLED);
        assertThat(stage.get("/v1/jobs/" + last.id())
                        .json()
                        .get("history")
                        .get(1)
                        .get("by")
                        .asString())
                .isEqualTo("schedule:s");
    }

    @Test
    void aDeletedScheduleIsGone() {
        put("s", DAILY);

        assertThat(stage.delete("/v1/schedules/s").status()).isEqualTo(200);

        problem(stage.get("/v1/schedules/s"), 404);
    }

    @Test
    void whatTheCodeDeclaresIsChangedThereAndOnlyPausedResumedAndRunHere() {
        ScheduleSpec daily = ScheduleSpec.cron("@daily", ZoneId.of("UTC"));
        stage.memory
                .schedules()
                .write(Schedule.of(
                        "s", "echo", daily, true, stage.memory.clock().instant()));

        Answer refused = problem(put("s", DAILY), 409, "declared in code");
        assertThat(refused.text("type")).endsWith("/declared-in-code");
        problem(stage.delete("/v1/schedules/s"), 409, "declared in code");
        assertThat(stage.post("/v1/schedules/s/pause", "").status()).isEqualTo(200);
        assertThat(stage.post("/v1/schedules/s/resume", "").status()).isEqualTo(200);
        assertThat(stage.post("/v1/schedules/s/run", "").status()).isEqualTo(202);
        assertThat(schedule("s").spec()).isEqualTo(daily);
    }

    // ---- keys

    @Test
    void lookingNeedsReadAndAllElseNeedsOperate() {
        put("s", DAILY);
        Map.of(
                        "GET /v1/schedules", Scope.READ,
                        "GET /v1/schedules/s", Scope.READ,
                        "PUT /v1/schedules/s", Scope.OPERATE,
                        "DELETE /v1/schedules/s", Scope.OPERATE,
                        "POST /v1/schedules/s/run", Scope.OPERATE,
                        "POST /v1/schedules/s/pause", Scope.OPERATE,
                        "POST /v1/schedules/s/resume", Scope.OPERATE)
                .forEach((call, scope) -> {
                    String[] parts = call.split(" ", -1);
                    String without = stage.key("without" + scope, EnumSet.complementOf(EnumSet.of(scope)));

                    problem(
                            stage.send(parts[0], parts[1], Map.of("authorization", "Bearer " + without), new byte[0]),
                            403,
                            "'" + scope.name().toLowerCase(Locale.ROOT) + "'");
                });
    }

    @Test
    void aKeyThatMayNotReadOperatesWithoutSeeingThePayload() {
        put("s", "{\"task\":\"echo\",\"cron\":\"@daily\",\"payload\":\"a secret\"}");
        Map<String, String> operator =
                Map.of("authorization", "Bearer " + stage.key("operator", EnumSet.of(Scope.OPERATE)));

        for (String call : List.of("pause", "resume", "run")) {
            Answer answer = stage.post("/v1/schedules/s/" + call, "", operator);

            assertThat(answer.status()).isIn(200, 202);
            assertThat(answer.body()).doesNotContain("a secret");
        }
    }

    // ---- steps of these tests

    private Answer put(String name, String body) {
        return stage.put("/v1/schedules/" + name, body);
    }

    /** The job of the next instant, as the dispatcher makes it in the minute before. */
    private Job madeAhead() {
        Schedule schedule = schedule("s");
        NewJob job = ScheduledJobs.at(
                schedule, ECHO, schedule.next(), stage.memory.clock().instant(), "token of " + schedule.generation());
        return new Enqueuer(stage.memory.engines()).enqueue(job).job();
    }

    private static TaskDescription echo() {
        TaskCatalog tasks = new TaskCatalog();
        tasks.add("echo", Json.class, (payload, job) -> payload);
        return tasks.descriptions().getFirst();
    }

    private Schedule schedule(String name) {
        return stage.memory.schedules().find(name).orElseThrow();
    }

    private static List<String> next(Answer answer) {
        return answer.json().get("next").valueStream().map(JsonNode::asString).toList();
    }
}
