package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.Schedule;
import dev.longshore.job.Schedule.Outcome;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.task.Every;
import dev.longshore.task.Every.CatchUp;
import dev.longshore.task.Every.Overlap;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchedulesTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Every MINUTELY = Every.cron("* * * * *", UTC);
    private static final Every HOURLY = Every.cron("@hourly", UTC);

    private final KeeperStage stage = new KeeperStage();

    @BeforeEach
    void aTask() {
        stage.tasks.add("t", Json.class, (payload, job) -> null);
    }

    // ---- an instant, a job

    @Test
    void aScheduleMakesItsJobInTheMinuteBeforeItsInstantAndItStartsOnTime() {
        stage.scheduled("s", HOURLY.payload("hello").maxAttempts(7).tags("blue"));
        at("2026-03-10T12:58:59Z");
        assertThat(stage.tick()).isZero();
        at("2026-03-10T12:59:20Z");

        assertThat(stage.tick()).isEqualTo(1);

        Job job = onlyJob();
        assertThat(job.runAt()).isEqualTo("2026-03-10T13:00:00Z");
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL)).isEqualTo("2026-03-10T13:00:00Z");
        assertThat(job.tags()).containsExactly("blue", "schedule:s");
        assertThat(job.meta()).containsEntry("schedule", "s").containsEntry("scheduledFor", "2026-03-10T13:00:00Z");
        assertThat(job.maxAttempts()).isEqualTo(7);
        assertThat(stage.memory.jobs().payload(job)).isEqualTo(Json.of("hello"));
        assertThat(stage.schedule("s").next()).isEqualTo("2026-03-10T14:00:00Z");
        assertThat(stage.schedule("s").last())
                .isEqualTo(new Schedule.Firing(Instant.parse("2026-03-10T13:00:00Z"), job.id(), Outcome.CREATED));
    }

    @Test
    void ticksAtOnceMakeOneJob() {
        stage.scheduled("s", MINUTELY);
        for (int minute = 0; minute < 20; minute++) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                IntStream.range(0, 8).forEach(i -> threads.execute(stage::tick));
            }
            stage.memory.clock().advance(Duration.ofMinutes(1));
        }

        assertThat(stage.instants("s")).isEqualTo(minutes("2026-03-10T12:01:00Z", 20));
        assertThat(stage.schedule("s").skipped()).isZero();
    }

    @Test
    void noCallThatFailsOrWhoseAnswerIsLostSkipsDoublesOrSticks() {
        for (String call : List.of("agreement", "dueSchedules", "create", "sendAll", "writeSchedule")) {
            for (boolean lost : List.of(false, true)) {
                KeeperStage fresh = new KeeperStage();
                fresh.tasks.add("t", Json.class, (payload, job) -> null);
                fresh.scheduled("s", MINUTELY);
                for (int minute = 0; minute < 10; minute++) {
                    if (minute == 4) {
                        var _ = lost ? fresh.faults.loseAnswer(call, 1) : fresh.faults.refuse(call, 1);
                    }
                    tickOrDie(fresh);
                    fresh.memory.clock().advance(Duration.ofMinutes(1));
                }

                assertThat(fresh.instants("s"))
                        .as("%s %s", call, lost ? "lost its answer" : "failed")
                        .isEqualTo(minutes("2026-03-10T12:01:00Z", 10));
            }
        }
    }

    private static void tickOrDie(KeeperStage stage) {
        try {
            stage.tick();
        } catch (StoreUnavailableException e) {
            assertThat(e).hasMessageContaining("agreement");
        }
    }

    @Test
    void aTickThatDiesBetweenTheJobAndTheScheduleLeavesNothingStuck() {
        stage.scheduled("s", HOURLY);
        at("2026-03-10T12:59:30Z");
        stage.faults.refuse("writeSchedule", 1);

        stage.tick();
        assertThat(stage.faults.calls()).containsSubsequence("create", "sendAll", "writeSchedule");
        assertThat(stage.schedule("s").last()).as("the schedule has not moved").isNull();
        stage.memory.clock().advance(Duration.ofMinutes(1));
        stage.tick();

        assertThat(stage.instants("s")).hasSize(1);
        assertThat(stage.schedule("s").next()).isEqualTo("2026-03-10T14:00:00Z");
    }

    @Test
    void aScheduleThatFailsDoesNotHoldUpTheOthers() {
        for (int i = 0; i < 40; i++) {
            stage.scheduled("s" + i, MINUTELY);
        }
        stage.faults.refuse("create", 1);

        assertThat(stage.tick()).isEqualTo(39);
        assertThat(stage.tick()).isEqualTo(1);
    }

    @Test
    void moreSchedulesThanPagesHoldAllFireInOneTick() {
        for (int i = 0; i < 2_500; i++) {
            stage.scheduled("s" + i, HOURLY);
        }
        at("2026-03-10T12:59:30Z");

        assertThat(stage.tick()).isEqualTo(2_500);
        assertThat(stage.memory.jobs().all()).hasSize(2_500);
    }

    @Test
    void jitterPutsAJobOffByTheSamePartEachTime() {
        for (int i = 0; i < 50; i++) {
            stage.scheduled("s" + i, HOURLY.jitter(Duration.ofMinutes(2)));
        }
        at("2026-03-10T12:59:30Z");
        stage.faults.refuse("writeSchedule", 1_000);
        stage.tick();
        List<Instant> first = runAts();
        stage.faults.refuse("writeSchedule", 0);
        stage.tick();

        assertThat(runAts())
                .isEqualTo(first)
                .hasSize(50)
                .allSatisfy(runAt -> assertThat(runAt)
                        .isBetween(Instant.parse("2026-03-10T13:00:00Z"), Instant.parse("2026-03-10T13:02:00Z")));
        assertThat(first.stream().distinct().count()).isGreaterThan(20);
    }

    @Test
    void aPausedScheduleMakesNothingAndGoesOnWithTheNextInstant() {
        stage.memory
                .schedules()
                .write(stage.scheduled("s", HOURLY.catchUpAll(100)).pause());
        at("2026-03-10T15:30:00Z");
        assertThat(stage.tick()).isZero();

        stage.memory.schedules().change("s", schedule -> schedule.resume(stage.now()));
        stage.tick();
        at("2026-03-10T15:59:30Z");
        stage.tick();

        assertThat(stage.instants("s")).containsExactly(Instant.parse("2026-03-10T16:00:00Z"));
    }

    @Test
    void aScheduleOfATaskThatIsGoneSaysSoAndMovesOn() {
        stage.memory.schedules().write(Schedule.of("s", "gone", HOURLY, false, stage.now()));
        at("2026-03-10T12:59:30Z");

        assertThat(stage.tick()).isZero();

        assertThat(stage.schedule("s").last().outcome()).isEqualTo(Outcome.UNKNOWN_TASK);
        assertThat(stage.schedule("s").next()).isEqualTo("2026-03-10T14:00:00Z");
        assertThat(stage.schedule("s").skipped()).isEqualTo(1);
    }

    @Test
    void aScheduleThatIsChangedWhileItFiresKeepsTheChangeAndTheJob() {
        Schedule read = stage.scheduled("s", MINUTELY);
        Every changed = MINUTELY.tags("new");
        stage.memory.schedules().change("s", now -> now.changedTo("t", changed, false, stage.now()));

        new Schedules(stage.engines, stage.tasks.descriptions()).fire(read, stage.now());

        assertThat(stage.schedule("s").every()).isEqualTo(changed);
        assertThat(stage.schedule("s").next()).isEqualTo(read.next().plusSeconds(60));
        assertThat(stage.schedule("s").last().job()).isEqualTo(onlyJob().id());
    }

    @Test
    void aJobIsTheOlderOneOfTheNextThoughAnotherTickHasSkippedItsInstant() {
        stage.scheduled("s", MINUTELY.overlap(Overlap.SKIP));
        tickFor(2);
        JobId first = onlyJob().id();
        Schedule read = stage.schedule("s");
        stage.tick(); // finds the first job unfinished
        assertThat(stage.schedule("s").last().outcome()).isEqualTo(Outcome.SKIPPED);
        finish(first);

        new Schedules(stage.engines, stage.tasks.descriptions()).fire(read, stage.now());

        assertThat(stage.schedule("s").last().outcome()).isEqualTo(Outcome.CREATED);
        assertThat(stage.schedule("s").last().job()).isNotEqualTo(first);
        assertThat(stage.schedule("s").skipped()).isZero();
        assertThat(stage.schedule("s").next()).isEqualTo(read.next().plusSeconds(60));
    }

    @Test
    void aRunNowBetweenTwoTicksOfAnInstantIsNotTakenForItsSkip() {
        stage.scheduled("s", MINUTELY);
        stage.memory.clock().advance(Duration.ofSeconds(1));
        Schedule read = stage.schedule("s");
        stage.tick();
        JobId runNow = JobId.next(stage.now(), stage.memory.random());
        stage.memory.schedules().change("s", current -> current.ranNow(stage.now(), runNow));

        new Schedules(stage.engines, stage.tasks.descriptions()).fire(read, stage.now());

        assertThat(stage.schedule("s").skipped()).isZero();
        assertThat(stage.schedule("s").last().job()).isEqualTo(runNow);
    }

    // ---- the job before is not finished

    @Test
    void withAllowTheOlderJobDoesNotMatter() {
        stage.scheduled("s", MINUTELY);

        tickFor(3);

        assertThat(stage.instants("s")).hasSize(3);
    }

    @Test
    void withSkipAnInstantMakesNoJobWhileTheOlderIsNotFinished() {
        stage.scheduled("s", MINUTELY.overlap(Overlap.SKIP));
        tickFor(4);
        JobId first = onlyJob().id();
        assertThat(stage.schedule("s").last().outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(stage.schedule("s").last().job()).isEqualTo(first);
        assertThat(stage.schedule("s").skipped()).isEqualTo(2);
        finish(first);

        tickFor(1);

        assertThat(stage.memory.jobs().all()).hasSize(2);
        assertThat(stage.schedule("s").last().outcome()).isEqualTo(Outcome.CREATED);
    }

    @Test
    void withSkipWhetherTheOlderIsFinishedIsAskedWhenTheInstantHasCome() {
        stage.scheduled("s", MINUTELY.overlap(Overlap.SKIP));
        at("2026-03-10T12:01:10Z");
        stage.tick();
        JobId first = onlyJob().id();
        at("2026-03-10T12:01:50Z");
        stage.tick();
        finish(first);
        at("2026-03-10T12:02:10Z");
        stage.tick();

        assertThat(stage.instants("s")).hasSize(2);
    }

    @Test
    void withCancelAWaitingOlderJobIsCancelledAndARunningOneIsAskedToStop() {
        stage.scheduled("s", MINUTELY.overlap(Overlap.CANCEL));
        tickFor(2);
        JobId first = onlyJob().id();
        tickFor(1);
        assertThat(stage.job(first).state()).isEqualTo(JobState.CANCELLED);
        assertThat(stage.job(first).history().getLast().by()).isEqualTo("schedule:s");
        JobId second = stage.schedule("s").last().job();
        stage.claim(second);

        tickFor(1);

        assertThat(stage.job(second).state()).isEqualTo(JobState.RUNNING);
        assertThat(stage.job(second).cancelRequestedAt()).isNotNull();
        assertThat(stage.memory.jobs().all()).hasSize(3);
    }

    @Test
    void withSkipAndCancelAJobOfATickThatDiedIsTheOlderOneOfTheNextInstant() {
        for (Overlap overlap : List.of(Overlap.SKIP, Overlap.CANCEL)) {
            KeeperStage fresh = new KeeperStage();
            fresh.tasks.add("t", Json.class, (payload, job) -> null);
            fresh.scheduled("s", MINUTELY.overlap(overlap));
            fresh.memory.clock().advance(Duration.ofMinutes(1));
            fresh.faults.refuse("writeSchedule", 1);
            fresh.tick(); // makes the job of 12:01 and dies
            fresh.memory.clock().advance(Duration.ofMinutes(1));

            fresh.tick();

            assertThat(fresh.memory.jobs().all().stream()
                            .filter(job -> !job.state().isTerminal())
                            .map(job -> job.meta().get("scheduledFor")))
                    .as("%s", overlap)
                    .containsExactly(overlap == Overlap.SKIP ? "2026-03-10T12:01:00Z" : "2026-03-10T12:02:00Z");
        }
    }

    // ---- an outage

    private record Outage(String name, Every every, String back, List<String> jobs, long skipped) {}

    @Test
    void afterAnOutageOfThreeHoursEachPolicyDoesWhatItsRowSays() {
        List<Outage> table = List.of(
                new Outage("none", HOURLY.catchUp(CatchUp.NONE), "15:20:30", List.of(), 3),
                new Outage("latest", HOURLY.catchUp(CatchUp.LATEST), "15:20:30", List.of("15:00"), 2),
                new Outage("all", HOURLY.catchUpAll(100), "15:20:30", List.of("13:00", "14:00", "15:00"), 0),
                new Outage("all-two", HOURLY.catchUpAll(2), "15:20:30", List.of("14:00", "15:00"), 1),
                new Outage("none-on-time", HOURLY.catchUp(CatchUp.NONE), "15:03:00", List.of("15:00"), 2),
                new Outage("latest-on-time", HOURLY.catchUp(CatchUp.LATEST), "15:03:00", List.of("15:00"), 2),
                new Outage(
                        "none-minutely",
                        MINUTELY.catchUp(CatchUp.NONE),
                        "15:00:30",
                        List.of("14:56", "14:57", "14:58", "14:59", "15:00", "15:01"),
                        175),
                new Outage(
                        "latest-minutely",
                        MINUTELY.catchUp(CatchUp.LATEST),
                        "15:00:30",
                        List.of("14:56", "14:57", "14:58", "14:59", "15:00", "15:01"),
                        175),
                new Outage("skip-all", HOURLY.catchUpAll(9).overlap(Overlap.SKIP), "15:20:30", List.of("13:00"), 2),
                new Outage("cancel-all", HOURLY.catchUpAll(9).overlap(Overlap.CANCEL), "15:20:30", List.of("15:00"), 2),
                new Outage("daily", Every.cron("@daily", UTC), "15:20:30", List.of(), 0));
        for (Outage row : table) {
            KeeperStage fresh = new KeeperStage();
            fresh.tasks.add("t", Json.class, (payload, job) -> null);
            fresh.scheduled(row.name(), row.every());
            fresh.memory.clock().set(Instant.parse("2026-03-10T" + row.back() + "Z"));

            fresh.tick();
            fresh.tick();

            assertThat(fresh.instants(row.name()))
                    .as(row.name())
                    .isEqualTo(row.jobs().stream()
                            .map(time -> Instant.parse("2026-03-10T" + time + ":00Z"))
                            .toList());
            assertThat(fresh.schedule(row.name()).skipped()).as(row.name()).isEqualTo(row.skipped());
            assertThat(fresh.schedule(row.name()).next()).as(row.name()).isAfter(fresh.now());
        }
    }

    @Test
    void whatWasMissedAndLeftOutIsTold() {
        stage.scheduled("s", HOURLY.catchUp(CatchUp.NONE));
        at("2026-03-10T15:20:30Z");

        stage.tick();

        assertThat(stage.schedule("s").last())
                .isEqualTo(new Schedule.Firing(Instant.parse("2026-03-10T15:00:00Z"), null, Outcome.MISSED));
    }

    @Test
    void aMissedMinuteIsCaughtUpWhateverThePolicy() {
        for (CatchUp policy : CatchUp.values()) {
            KeeperStage fresh = new KeeperStage();
            fresh.tasks.add("t", Json.class, (payload, job) -> null);
            fresh.scheduled("s", MINUTELY.catchUp(policy));
            for (int minute = 0; minute < 10; minute++) {
                if (minute != 5) {
                    fresh.tick();
                }
                fresh.memory.clock().advance(Duration.ofMinutes(1));
            }

            assertThat(fresh.instants("s")).as("%s", policy).isEqualTo(minutes("2026-03-10T12:01:00Z", 10));
        }
    }

    @Test
    void anOutageOfYearsIsOverInOneTick() {
        stage.scheduled("s", MINUTELY.catchUpAll(3));
        at("2029-03-10T12:00:00Z");

        assertThat(stage.tick()).isEqualTo(7);

        assertThat(stage.instants("s")).isEqualTo(minutes("2029-03-10T11:55:00Z", 7));
    }

    // ---- a year

    @Test
    void inAYearOfTicksOverThreeZonesNoInstantIsSkippedOrDoubled() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        Instant end = Instant.parse("2027-01-01T00:00:00Z");
        stage.memory.clock().set(start);
        List<String> zones = List.of("America/New_York", "Europe/Berlin", "Australia/Lord_Howe");
        for (int i = 0; i < zones.size(); i++) {
            ZoneId zone = ZoneId.of(zones.get(i));
            stage.scheduled("fixed-" + i, Every.cron("15 2 * * *", zone));
            stage.scheduled("twice-" + i, Every.cron("45 1 * * *", zone));
            stage.scheduled("real-" + i, Every.cron("15 */3 * * *", zone));
        }

        Instant second = start.plusSeconds(17);
        for (Instant now = second; now.isBefore(end); now = now.plus(Duration.ofMinutes(29))) {
            stage.memory.clock().set(now);
            stage.tick();
        }

        for (int i = 0; i < zones.size(); i++) {
            ZoneId zone = ZoneId.of(zones.get(i));
            assertThat(stage.instants("fixed-" + i)).as(zones.get(i)).isEqualTo(fixed(zone, 2, 15, start, end));
            assertThat(stage.instants("twice-" + i)).as(zones.get(i)).isEqualTo(fixed(zone, 1, 45, start, end));
            assertThat(stage.instants("real-" + i)).as(zones.get(i)).isEqualTo(everyThreeHours(zone, start, end));
        }
    }

    /** When a wall clock that is looked at every minute first shows, or has passed, a time of day. */
    private static List<Instant> fixed(ZoneId zone, int hour, int minute, Instant start, Instant end) {
        List<Instant> firings = new ArrayList<>();
        LocalDateTime wanted =
                LocalDateTime.ofInstant(start, zone).toLocalDate().atTime(hour, minute);
        if (!wanted.isAfter(LocalDateTime.ofInstant(start, zone))) {
            wanted = wanted.plusDays(1);
        }
        for (Instant now = start; now.isBefore(end); now = now.plusSeconds(60)) {
            if (!LocalDateTime.ofInstant(now, zone).isBefore(wanted)) {
                firings.add(now);
                wanted = wanted.plusDays(1);
            }
        }
        return firings;
    }

    private static List<Instant> everyThreeHours(ZoneId zone, Instant start, Instant end) {
        List<Instant> firings = new ArrayList<>();
        for (Instant now = start; now.isBefore(end); now = now.plusSeconds(60)) {
            LocalTime shown = now.atZone(zone).toLocalTime();
            if (shown.getHour() % 3 == 0 && shown.getMinute() == 15) {
                firings.add(now);
            }
        }
        return firings;
    }

    // ---- words

    private void at(String time) {
        stage.memory.clock().set(Instant.parse(time));
    }

    private void tickFor(int minutes) {
        for (int i = 0; i < minutes; i++) {
            stage.tick();
            stage.memory.clock().advance(Duration.ofMinutes(1));
        }
    }

    private Job onlyJob() {
        assertThat(stage.memory.jobs().all()).hasSize(1);
        return stage.memory.jobs().all().getFirst();
    }

    private List<Instant> runAts() {
        return stage.memory.jobs().all().stream().map(Job::runAt).toList();
    }

    private void finish(JobId id) {
        Job held = stage.claim(id);
        stage.memory.jobs().apply(id, Lifecycle.succeed(held, stage.now(), null, null, stage.now(), "done"));
    }

    private static List<Instant> minutes(String first, int count) {
        return LongStream.range(0, count)
                .mapToObj(minute -> Instant.parse(first).plusSeconds(60 * minute))
                .toList();
    }
}
