package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.Schedule.FiringResult;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.ScheduleSpec.Overlap;
import dev.longshore.task.Unique;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchedulesTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final ScheduleSpec MINUTELY = ScheduleSpec.cron("* * * * *", UTC);
    private static final ScheduleSpec HOURLY = ScheduleSpec.cron("@hourly", UTC);

    private final KeeperStage stage = new KeeperStage();

    @BeforeEach
    void aTask() {
        stage.tasks.add("t", Json.class, (payload, job) -> null);
    }

    // ---- an instant, a job

    @Test
    void aScheduleMakesItsJobInTheMinuteBeforeItsInstantAndItStartsOnTime() {
        stage.scheduled("s", HOURLY.payload("hello").maxAttempts(7).tags("blue"));
        stage.at("2026-03-10T12:58:59Z");
        assertThat(stage.tick()).isZero();
        stage.at("2026-03-10T12:59:20Z");

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
                .isEqualTo(new Schedule.Firing(Instant.parse("2026-03-10T13:00:00Z"), job.id(), FiringResult.CREATED));
    }

    @Test
    void scheduleOfATaskUnderItsFormerNameMakesJobsOfTheTask() {
        stage.tasks.add("renamed", Json.class, (payload, job) -> null).alias("as-before");
        ScheduleSpec hourly = HOURLY.payload("hello");
        assertThat(stage.memory.schedules().write(Schedule.of("s", "as-before", hourly, false, stage.now())))
                .isTrue();
        stage.at("2026-03-10T12:59:20Z");

        assertThat(stage.tick()).isEqualTo(1);

        assertThat(onlyJob().task()).isEqualTo("renamed");
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

        assertThat(stage.instants("s")).isEqualTo(KeeperStage.minutes("2026-03-10T12:01:00Z", 20));
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
                        .isEqualTo(KeeperStage.minutes("2026-03-10T12:01:00Z", 10));
            }
        }
    }

    @Test
    void instantWhoseTaskIsUniqueAndBusyIsSkippedAsADuplicate() {
        stage.tasks.add("u", Json.class, (payload, job) -> null).unique(Unique.ofPayload());
        assertThat(stage.memory.schedules().write(Schedule.of("s", "u", MINUTELY, false, stage.now())))
                .isTrue();
        stage.memory.clock().advance(Duration.ofMinutes(1));
        stage.tick();
        Job first = onlyJob();
        stage.memory.clock().advance(Duration.ofMinutes(1));

        stage.tick();

        assertThat(onlyJob().id()).isEqualTo(first.id());
        assertThat(stage.schedule("s").last().outcome()).isEqualTo(FiringResult.DUPLICATE);
        assertThat(stage.schedule("s").last().job()).isEqualTo(first.id());
        assertThat(stage.schedule("s").skipped()).isPositive();
        stage.memory.rows().deleteRow(first.id());
        stage.memory.clock().advance(Duration.ofMinutes(1));
        stage.tick();
        assertThat(onlyJob().id()).isNotEqualTo(first.id());
        assertThat(stage.schedule("s").last().outcome()).isEqualTo(FiringResult.CREATED);
    }

    @Test
    void whetherAUniqueTaskIsBusyIsDecidedAtTheInstantAndNotAMinuteAhead() {
        stage.tasks.add("u", Json.class, (payload, job) -> null).unique(Unique.ofPayload());
        assertThat(stage.memory.schedules().write(Schedule.of("s", "u", MINUTELY, false, stage.now())))
                .isTrue();
        stage.at("2026-03-10T12:00:30Z");
        assertThat(stage.tick()).isZero();
        stage.at("2026-03-10T12:01:00Z");
        assertThat(stage.tick()).isEqualTo(1);
        stage.memory.rows().deleteRow(onlyJob().id());
        stage.at("2026-03-10T12:01:30Z");
        assertThat(stage.tick()).isZero();
        stage.at("2026-03-10T12:02:00Z");

        assertThat(stage.tick()).isEqualTo(1);

        assertThat(stage.schedule("s").skipped()).isZero();
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
        stage.at("2026-03-10T12:59:30Z");
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
        stage.at("2026-03-10T12:59:30Z");

        assertThat(stage.tick()).isEqualTo(2_500);
        assertThat(stage.memory.rows().all()).hasSize(2_500);
    }

    @Test
    void jitterPutsAJobOffByTheSamePartEachTime() {
        for (int i = 0; i < 50; i++) {
            stage.scheduled("s" + i, HOURLY.jitter(Duration.ofMinutes(2)));
        }
        stage.at("2026-03-10T12:59:30Z");
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
    void aPausedScheduleMakesNothingAndContinuesWithTheNextInstant() {
        stage.memory
                .schedules()
                .write(stage.scheduled("s", HOURLY.catchUpAll(100)).pause(stage.now()));
        stage.at("2026-03-10T15:30:00Z");
        assertThat(stage.tick()).isZero();

        stage.memory.schedules().change("s", schedule -> schedule.resume(stage.now()));
        stage.tick();
        stage.at("2026-03-10T15:59:30Z");
        stage.tick();

        assertThat(stage.instants("s")).containsExactly(Instant.parse("2026-03-10T16:00:00Z"));
    }

    @Test
    void aScheduleOfATaskThatIsGoneSaysSoAndMovesOn() {
        stage.memory.schedules().write(Schedule.of("s", "gone", HOURLY, false, stage.now()));
        stage.at("2026-03-10T12:59:30Z");

        assertThat(stage.tick()).isZero();

        assertThat(stage.schedule("s").last().outcome()).isEqualTo(FiringResult.UNKNOWN_TASK);
        assertThat(stage.schedule("s").next()).isEqualTo("2026-03-10T14:00:00Z");
        assertThat(stage.schedule("s").skipped()).isEqualTo(1);
    }

    @Test
    void aScheduleThatIsMadeAnewForATaskThatExistsDoesNotLoseTheInstantThatItsNamesakeIsAboutToSkip() {
        stage.memory.schedules().write(Schedule.of("s", "gone", MINUTELY, false, stage.now()));
        Schedule read = stage.schedule("s");
        stage.memory.schedules().delete(read);
        stage.memory.clock().advance(Duration.ofMillis(1));
        stage.memory.schedules().write(Schedule.of("s", "t", MINUTELY, false, stage.now()));

        new Schedules(stage.engines, stage.tasks.descriptions()).fire(read, stage.now());
        stage.tick();

        assertThat(stage.schedule("s").last().outcome()).isEqualTo(FiringResult.CREATED);
        assertThat(stage.schedule("s").last().instant()).isEqualTo(read.next());
    }

    @Test
    void aJobIsTheOlderOneOfTheNextThoughAnotherTickHasSkippedItsInstant() {
        stage.scheduled("s", MINUTELY.overlap(Overlap.SKIP));
        stage.tickFor(2);
        JobId first = onlyJob().id();
        Schedule read = stage.schedule("s");
        stage.tick(); // finds the first job unfinished
        assertThat(stage.schedule("s").last().outcome()).isEqualTo(FiringResult.SKIPPED);
        finish(first);

        new Schedules(stage.engines, stage.tasks.descriptions()).fire(read, stage.now());

        assertThat(stage.schedule("s").last().outcome()).isEqualTo(FiringResult.CREATED);
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

        stage.tickFor(3);

        assertThat(stage.instants("s")).hasSize(3);
    }

    @Test
    void withSkipAnInstantMakesNoJobWhileTheOlderIsNotFinished() {
        stage.scheduled("s", MINUTELY.overlap(Overlap.SKIP));
        stage.tickFor(4);
        JobId first = onlyJob().id();
        assertThat(stage.schedule("s").last().outcome()).isEqualTo(FiringResult.SKIPPED);
        assertThat(stage.schedule("s").last().job()).isEqualTo(first);
        assertThat(stage.schedule("s").skipped()).isEqualTo(2);
        finish(first);

        stage.tickFor(1);

        assertThat(stage.memory.rows().all()).hasSize(2);
        assertThat(stage.schedule("s").last().outcome()).isEqualTo(FiringResult.CREATED);
    }

    @Test
    void withSkipWhetherTheOlderIsFinishedIsAskedWhenTheInstantHasCome() {
        stage.scheduled("s", MINUTELY.overlap(Overlap.SKIP));
        stage.at("2026-03-10T12:01:10Z");
        stage.tick();
        JobId first = onlyJob().id();
        stage.at("2026-03-10T12:01:50Z");
        stage.tick();
        finish(first);
        stage.at("2026-03-10T12:02:10Z");
        stage.tick();

        assertThat(stage.instants("s")).hasSize(2);
    }

    @Test
    void withCancelAWaitingOlderJobIsCancelledAndARunningOneIsAskedToStop() {
        stage.scheduled("s", MINUTELY.overlap(Overlap.CANCEL));
        stage.tickFor(2);
        JobId first = onlyJob().id();
        stage.tickFor(1);
        assertThat(stage.job(first).state()).isEqualTo(JobState.CANCELLED);
        assertThat(stage.job(first).history().getLast().by()).isEqualTo("schedule:s");
        JobId second = stage.schedule("s").last().job();
        stage.claim(second);

        stage.tickFor(1);

        assertThat(stage.job(second).state()).isEqualTo(JobState.RUNNING);
        assertThat(stage.job(second).cancelRequestedAt()).isNotNull();
        assertThat(stage.memory.rows().all()).hasSize(3);
    }

    @Test
    void anOlderJobWhoseBodiesCannotBeDatedIsCancelledAndTheNewOneIsMade() {
        stage.memory.bodies().apartAbove(0, Integer.MAX_VALUE);
        stage.scheduled("s", MINUTELY.overlap(Overlap.CANCEL));
        stage.tickFor(2);
        JobId first = onlyJob().id();
        stage.faults.refuse("endBody", 1);

        assertThat(stage.tick()).isEqualTo(1);

        assertThat(stage.faults.calls()).contains("endBody");
        assertThat(stage.job(first).state()).isEqualTo(JobState.CANCELLED);
        assertThat(stage.memory.rows().all()).hasSize(2);
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

            assertThat(fresh.memory.rows().all().stream()
                            .filter(job -> !job.state().isTerminal())
                            .map(job -> job.meta().get("scheduledFor")))
                    .as("%s", overlap)
                    .containsExactly(overlap == Overlap.SKIP ? "2026-03-10T12:01:00Z" : "2026-03-10T12:02:00Z");
        }
    }

    // ---- steps

    private Job onlyJob() {
        assertThat(stage.memory.rows().all()).hasSize(1);
        return stage.memory.rows().all().getFirst();
    }

    private List<Instant> runAts() {
        return stage.memory.rows().all().stream().map(Job::runAt).toList();
    }

    private void finish(JobId id) {
        Job held = stage.claim(id);
        stage.memory.jobs().apply(id, new Lifecycle(stage.now(), "done").succeed(held, null, null, Duration.ZERO));
    }
}
