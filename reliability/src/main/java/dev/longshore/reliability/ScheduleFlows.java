package dev.longshore.reliability;

import static dev.longshore.job.JobState.CANCELLED;
import static dev.longshore.job.JobState.SUCCEEDED;

import dev.longshore.job.Job;
import dev.longshore.reliability.World.Answer;
import dev.longshore.task.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A schedule's instant comes due, and a function crashes: it makes its one job all the same. */
final class ScheduleFlows {
    private static final String NAME = "tidy";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private ScheduleFlows() {}

    static List<Flow> all() {
        return List.of(
                Flows.flow("schedule, declared", ScheduleFlows::declared, Stage::victimTicks, SUCCEEDED),
                Flows.flow("schedule, made by the API", ScheduleFlows::madeByTheApi, Stage::victimTicks, SUCCEEDED),
                Flows.flow("schedule, three instants missed", ScheduleFlows::missed, Stage::victimTicks, SUCCEEDED),
                Flows.flow(
                        "schedule, the older job skips", ScheduleFlows::olderOneSkips, Stage::victimTicks, SUCCEEDED),
                Flows.flow(
                        "schedule, the older job is cancelled",
                        ScheduleFlows::olderOneIsCancelled,
                        Stage::victimTicks,
                        SUCCEEDED,
                        CANCELLED),
                Flows.flow("schedule, run now", ScheduleFlows::betweenInstants, ScheduleFlows::runNow, SUCCEEDED),
                Flows.flow("schedule, put", stage -> {}, ScheduleFlows::put, SUCCEEDED));
    }

    static Flow declaredForTheFirstTime() {
        return Flows.flow(
                "schedule, declared for the first time", ScheduleFlows::neverTicked, Stage::victimTicks, SUCCEEDED);
    }

    // ---- preparation

    private static void neverTicked(Stage stage) throws InterruptedException {
        stage.world.deploy(Deployment.of(1, true));
        stage.until("12:04");
        stage.expect("12:05 made one job", () -> made(stage, SimulatedTasks.DECLARED, "12:05") == 1);
    }

    private static void declared(Stage stage) throws InterruptedException {
        stage.world.deploy(Deployment.of(1, true));
        stage.othersTick();
        stage.until("12:04");
        stage.expect("12:05 made one job", () -> made(stage, SimulatedTasks.DECLARED, "12:05") == 1);
    }

    private static void madeByTheApi(Stage stage) throws InterruptedException {
        scheduled(stage, "5 12 10 3 *", "allow");
        stage.until("12:04");
        stage.expect("12:05 made one job", () -> made(stage, NAME, "12:05") == 1);
    }

    private static void missed(Stage stage) throws InterruptedException {
        scheduled(stage, "10,20,30 12 10 3 *", "allow");
        stage.until("12:31");
        stage.expect(
                "three instants made three jobs",
                () -> List.of("12:10", "12:20", "12:30").stream().allMatch(time -> made(stage, NAME, time) == 1));
    }

    /** The older job cannot end before a pause is over; the functions that run after the crash find it waiting too. */
    private static void olderOneWaits(Stage stage, String overlap) throws InterruptedException {
        scheduled(stage, "5,10 12 10 3 *", overlap);
        stage.othersOperate("/v1/tasks/brief/pause");
        stage.until("12:05");
        stage.othersTick();
        stage.othersWork();
        stage.until("12:10");
        stage.meanwhile(Duration.ofMinutes(6), () -> stage.othersOperate("/v1/tasks/brief/resume"));
        stage.expect("12:05 made one job", () -> made(stage, NAME, "12:05") == 1);
    }

    private static void olderOneSkips(Stage stage) throws InterruptedException {
        olderOneWaits(stage, "skip");
        stage.expect(
                "12:10 was skipped once",
                () -> made(stage, NAME, "12:10") == 0
                        && stage.world.schedules().getFirst().skipped() == 1);
    }

    private static void olderOneIsCancelled(Stage stage) throws InterruptedException {
        olderOneWaits(stage, "cancel");
        stage.expect("12:10 made one job", () -> made(stage, NAME, "12:10") == 1);
        stage.expect(
                "the job of 12:05 is cancelled",
                () -> stage.world.memory.rows().all().stream()
                        .anyMatch(job -> isOf(job, NAME, "12:05") && job.state() == CANCELLED));
    }

    private static void betweenInstants(Stage stage) throws InterruptedException {
        scheduled(stage, "5 12 10 3 *", "allow");
        stage.later(SECOND);
        stage.expect("12:05 made one job", () -> made(stage, NAME, "12:05") == 1);
    }

    private static void scheduled(Stage stage, String cron, String overlap) {
        stage.othersTick();
        stage.othersSchedule(NAME, cron, Map.of("overlap", overlap, "catchUp", "all", "payload", payload()));
    }

    private static Object payload() {
        return SampleRequests.orders("return", 0, 0, 1, 0);
    }

    // ---- what the victim does

    /** Without a key an operator who gets no answer cannot know whether the job exists; with one it exists once. */
    private static void runNow(Stage stage) {
        stage.world.recorder.add(new Event.Asked(stage.world.now(), Recorder.runOf(NAME)));
        Answer answer = stage.victimOperates("/v1/schedules/" + NAME + "/run", "", null);
        if (answer.status() == 202) {
            stage.acknowledged(Recorder.runOf(NAME), answer);
        }
    }

    /** An operator who gets no answer puts the same schedule again. */
    private static void put(Stage stage) {
        String body = "{\"task\":\"brief\",\"cron\":\"5 12 10 3 *\",\"payload\":"
                + Json.of(payload()).text() + "}";
        stage.victimPuts("/v1/schedules/" + NAME, body);
        stage.othersOperate("PUT", "/v1/schedules/" + NAME, body, null);
        stage.expect("12:05 made one job", () -> made(stage, NAME, "12:05") == 1);
    }

    private static long made(Stage stage, String schedule, String time) {
        return stage.world.memory.rows().all().stream()
                .filter(job -> isOf(job, schedule, time))
                .count();
    }

    private static boolean isOf(Job job, String schedule, String time) {
        return schedule.equals(job.meta().get("schedule"))
                && job.meta().getOrDefault("scheduledFor", "").contains("T" + time + ":00Z");
    }
}
