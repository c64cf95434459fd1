package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.Schedule;
import dev.longshore.job.ScheduleHandover;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.task.Every;
import dev.longshore.task.Every.Overlap;
import dev.longshore.task.Json;
import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A schedule is changed, paused or deleted in the minute in which its jobs are made ahead. */
class ScheduleHandoverTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Every HOURLY = Every.cron("@hourly", UTC).payload("old");
    private static final Every CHANGED = HOURLY.payload("new");

    private final KeeperStage stage = new KeeperStage();

    @BeforeEach
    void aTask() {
        stage.tasks.add("t", Json.class, (payload, job) -> null);
    }

    // ---- an operator changes it

    @Test
    void jobThatWasMadeAheadIsReplacedByOneOfTheNewDefinition() {
        madeAhead(HOURLY);
        JobId old = onlyJob().id();

        Schedule changed = changed(CHANGED);

        assertThat(stage.job(old).state()).isEqualTo(JobState.CANCELLED);
        assertThat(stage.job(old).history().getLast().by()).isEqualTo("schedule:s");
        assertThat(starts()).containsExactly("13:00 new");
        assertThat(changed.outdated()).isEmpty();
        assertThat(changed.next()).as("as before").isEqualTo("2026-03-10T14:00:00Z");
        assertThat(changed.last().job()).isEqualTo(waiting().getFirst().id());
        tickOn();
        assertThat(starts()).as("once").containsExactly("13:00 new", "14:00 new");
    }

    @Test
    void jobThatWasMadeAheadIsCancelledWhenTheScheduleIsPausedOrDeleted() {
        madeAhead(HOURLY);
        handover().change("s", schedule -> schedule.pause(stage.now()));
        assertThat(starts()).isEmpty();
        tickOn();
        assertThat(starts()).isEmpty();

        stage.memory.clock().advance(Duration.ofMinutes(50));
        handover().change("s", schedule -> schedule.resume(stage.now()));
        stage.at("2026-03-10T14:59:20Z");
        stage.tick();
        assertThat(starts()).containsExactly("15:00 old");
        assertThat(handover().delete(stage.schedule("s"))).isTrue();

        assertThat(starts()).isEmpty();
        assertThat(stage.memory.schedules().find("s")).isEmpty();
    }

    @Test
    void scheduleThatIsResumedOrMadeAgainBeforeTheInstantMakesItsJobAllTheSame() {
        madeAhead(HOURLY);
        handover().change("s", schedule -> schedule.pause(stage.now()));
        stage.memory.clock().advance(Duration.ofSeconds(5));
        handover().change("s", schedule -> schedule.resume(stage.now()));
        stage.tick();
        assertThat(starts()).containsExactly("13:00 old");

        assertThat(handover().delete(stage.schedule("s"))).isTrue();
        stage.memory.clock().advance(Duration.ofSeconds(5));
        stage.scheduled("s", CHANGED);
        stage.tick();

        assertThat(starts()).containsExactly("13:00 new");
    }

    @Test
    void otherTimesCancelTheJobAndAnInstantOfBothIsMadeOnce() {
        madeAhead(HOURLY);
        changed(Every.cron("30 * * * *", UTC).payload("new"));
        stage.tick();
        assertThat(starts()).isEmpty();

        stage.at("2026-03-10T13:29:30Z");
        stage.tick();
        assertThat(starts()).containsExactly("13:30 new");
        changed(Every.cron("*/30 * * * *", UTC).payload("newer"));
        stage.tick();

        assertThat(starts()).containsExactly("13:30 newer");
    }

    @Test
    void jobThatWaitsForItsJitterIsReplacedAndOneWhoseTimeHasComeStays() {
        Every spread = HOURLY.jitter(Duration.ofMinutes(30));
        madeAhead(spread);
        Job job = onlyJob();
        stage.memory.clock().set(job.due().minusSeconds(1));
        changed(spread.payload("new"));
        assertThat(starts()).containsExactly("13:00 new");
        assertThat(waiting().getFirst().due()).as("the same jitter").isEqualTo(job.due());

        stage.memory.clock().set(job.due());
        changed(spread.payload("newer"));

        assertThat(starts()).containsExactly("13:00 new");
    }

    @Test
    void eachOfManyChangesWithinAMinuteReplacesTheJobOfTheOneBefore() {
        madeAhead(HOURLY);
        for (int i = 1; i <= 3; i++) {
            changed(HOURLY.payload("change " + i));
            assertThat(starts()).containsExactly("13:00 change " + i);
        }
        tickOn();

        assertThat(starts()).containsExactly("13:00 change 3", "14:00 change 3");
    }

    @Test
    void changeThatIsWrittenMinutesAfterItWasDecidedMakesNoInstantTwice() {
        stage.scheduled("s", Every.cron("* * * * *", UTC).payload("old"));
        Instant decided = stage.now();
        stage.tickFor(5);
        assertThat(stage.claimAll()).isEqualTo(5);

        Every others = Every.cron("*/2 * * * *", UTC).payload("new").catchUpAll(10);
        handover().change("s", schedule -> schedule.changedTo("t", others, false, decided));
        stage.tickFor(2);

        assertThat(stage.instants("s")).containsExactlyElementsOf(KeeperStage.minutes("2026-03-10T12:01:00Z", 6));
    }

    @Test
    void jobThatAWorkerHasStartedIsTheInstantsJobWhateverChanges() {
        madeAhead(HOURLY);
        stage.at("2026-03-10T13:00:00Z");
        Job started = stage.claim(onlyJob().id());
        stage.memory.clock().advance(Duration.ofMillis(-5)); // the clock of the API is a little behind
        stage.memory.queue().loseAll(KeeperStage.POOL);

        changed(CHANGED);
        tickOn();

        assertThat(stage.job(started.id()).state()).isEqualTo(JobState.RUNNING);
        assertThat(starts()).containsExactly("14:00 new");
    }

    @Test
    void jobThatAnOperatorHasCancelledIsNotMadeAgain() {
        madeAhead(HOURLY);
        Instant kept = stage.now().plus(Duration.ofDays(7));
        JobId id = onlyJob().id();
        stage.memory.jobs().apply(id, OperatorChanges.cancelWaiting(stage.now(), "operator", kept, "t"));

        changed(CHANGED);
        tickOn();

        assertThat(starts()).containsExactly("14:00 new");
    }

    @Test
    void policyThatDecidesAtTheInstantCountsFromTheNextOneOn() {
        madeAhead(HOURLY);

        changed(CHANGED.overlap(Overlap.SKIP));

        assertThat(starts()).containsExactly("13:00 new");
        stage.at("2026-03-10T14:00:05Z");
        stage.tick();
        assertThat(starts()).as("the job of 13:00 is not finished").containsExactly("13:00 new");
        assertThat(stage.schedule("s").skipped()).isEqualTo(1);
    }

    @Test
    void changeThatSaysTheSameChangesNothing() {
        madeAhead(HOURLY);
        Schedule before = stage.schedule("s");

        assertThat(changed(HOURLY)).isEqualTo(before);
        assertThat(handover().change("s", schedule -> schedule.resume(stage.now())))
                .contains(before);

        assertThat(starts()).containsExactly("13:00 old");
    }

    // ---- a deployment changes it

    @Test
    void deploymentThatChangesOrRemovesADeclaredScheduleTakesItsJobsBackToo() {
        declared(Map.of("s", HOURLY, "gone", HOURLY));
        stage.at("2026-03-10T12:59:20Z");
        declared(Map.of("s", HOURLY, "gone", HOURLY));
        assertThat(starts()).containsExactlyInAnyOrder("13:00 old", "13:00 old");

        declared(Map.of("s", CHANGED));

        assertThat(starts()).containsExactly("13:00 new");
    }

    // ---- a tick that stood still

    @Test
    void tickThatHasReadTheScheduleBeforeMakesNothingOfItsOldDefinition() {
        stage.scheduled("s", HOURLY);
        stage.at("2026-03-10T12:59:20Z");
        Schedule read = stage.schedule("s");
        List<Function<Schedule, Schedule>> changes = List.of(
                schedule -> schedule.changedTo("t", CHANGED, false, stage.now()),
                schedule -> schedule.pause(stage.now()));
        for (Function<Schedule, Schedule> change : changes) {
            handover().change("s", change::apply);
            stage.memory.clock().advance(Duration.ofMillis(1));

            assertThatThrownBy(() -> schedules().fire(read, stage.now())).hasMessageContaining("generation");

            assertThat(stage.memory.rows().all()).isEmpty();
        }
        assertThat(handover().delete(stage.schedule("s"))).isTrue();
        assertThatThrownBy(() -> schedules().fire(read, stage.now())).hasMessageContaining("generation");
        assertThat(stage.memory.rows().all()).isEmpty();
    }

    @Test
    void tickWhoseScheduleIsChangedWhileItFiresGoesOnWithTheNewDefinition() {
        stage.scheduled("s", HOURLY);
        stage.at("2026-03-10T12:59:20Z");
        stage.faults.afterCalls("dueSchedules", 16, () -> changed(CHANGED));

        assertThat(stage.tick()).isEqualTo(1);

        assertThat(starts()).containsExactly("13:00 new");
    }

    @Test
    void tickWhoseScheduleIsChangedAfterItMadeTheJobLeavesItToTheHandover() {
        stage.scheduled("s", HOURLY);
        stage.at("2026-03-10T12:59:20Z");
        stage.faults.afterCalls("create", 1, () -> changed(CHANGED));

        stage.tick();
        stage.tick();

        assertThat(starts()).containsExactly("13:00 new");
        assertThat(stage.schedule("s").next()).isEqualTo("2026-03-10T14:00:00Z");
        assertThat(stage.schedule("s").last().job())
                .isEqualTo(waiting().getFirst().id());
    }

    @Test
    void handoverThatComesLateLeavesTheJobsOfTheNewDefinitionAlone() {
        Every minutely = Every.cron("* * * * *", UTC);
        stage.scheduled("s", minutely.payload("old"));
        stage.at("2026-03-10T12:59:30Z");
        Schedule late = stage.memory
                .schedules()
                .change("s", read -> read.changedTo("t", minutely.payload("new"), false, stage.now()))
                .orElseThrow();
        stage.at("2026-03-10T13:00:05Z");
        stage.tick();
        List<String> made = starts();
        assertThat(made).contains("13:01 new").doesNotContain("13:01 old");
        stage.faults.refuse("create", 1);

        assertThat(handover().handOver(late)).contains(stage.schedule("s"));

        assertThat(starts()).isEqualTo(made);
    }

    // ---- a crash

    @Test
    void handoverThatDiesAnywhereIsMadeGoodByTheNextTick() {
        for (String call : List.of("writeSchedule", "find", "cancelUnstarted", "expireBodies", "create", "send")) {
            for (boolean lost : List.of(false, true)) {
                for (boolean pauses : List.of(false, true)) {
                    dieAt(call, lost, pauses);
                }
            }
        }
    }

    private static void dieAt(String call, boolean lost, boolean pauses) {
        ScheduleHandoverTest fresh = new ScheduleHandoverTest();
        fresh.aTask();
        fresh.madeAhead(HOURLY);
        if (lost) {
            fresh.stage.faults.loseAnswer(call, 1);
        } else {
            fresh.stage.faults.refuse(call, 1);
        }
        String when = call + (lost ? " lost its answer" : " failed") + (pauses ? ", pause" : ", change");
        boolean done = true;
        try {
            fresh.handover()
                    .change(
                            "s",
                            schedule -> pauses
                                    ? schedule.pause(fresh.stage.now())
                                    : schedule.changedTo("t", CHANGED, false, fresh.stage.now()));
        } catch (StoreUnavailableException e) {
            done = false;
        }
        boolean written = fresh.stage.schedule("s").generation()
                        > fresh.stage.schedule("s").series()
                || fresh.stage.schedule("s").paused();
        assertThat(written || !done).as(when).isTrue();

        fresh.stage.memory.clock().advance(Duration.ofSeconds(20));
        fresh.stage.tick();

        assertThat(fresh.stage.schedule("s").outdated()).as(when).isEmpty();
        List<String> expected = !written ? List.of("13:00 old") : pauses ? List.of() : List.of("13:00 new");
        assertThat(fresh.starts()).as(when).isEqualTo(expected);
    }

    @Test
    void pauseThatDiedHalfWayAndWasEndedLeavesItsInstantsOut() {
        madeAhead(HOURLY);
        stage.faults.refuse("find", 1);
        assertThatThrownBy(() -> handover().change("s", schedule -> schedule.pause(stage.now())))
                .isInstanceOf(StoreUnavailableException.class);
        stage.memory.clock().advance(Duration.ofMinutes(1));

        handover().change("s", schedule -> schedule.resume(stage.now()));
        tickOn();

        assertThat(starts()).containsExactly("14:00 old");
    }

    @Test
    void deletionThatDiesHalfWayLeavesTheSchedulePausedAndIsDoneTheNextTime() {
        madeAhead(HOURLY);
        stage.faults.refuse("deleteSchedule", 1);
        assertThatThrownBy(() -> handover().delete(stage.schedule("s"))).isInstanceOf(StoreUnavailableException.class);
        assertThat(stage.schedule("s").paused()).isTrue();
        assertThat(starts()).isEmpty();

        assertThat(handover().delete(stage.schedule("s"))).isTrue();

        assertThat(stage.memory.schedules().find("s")).isEmpty();
    }

    // ---- the stage

    /** The schedule has made the job of 13:00 at 12:59:20. */
    private void madeAhead(Every every) {
        stage.scheduled("s", every);
        stage.at("2026-03-10T12:59:20Z");
        assertThat(stage.tick()).isEqualTo(1);
    }

    private Schedule changed(Every every) {
        return handover()
                .change("s", schedule -> schedule.changedTo("t", every, false, stage.now()))
                .orElseThrow();
    }

    private void declared(Map<String, Every> schedules) {
        TaskCatalog tasks = new TaskCatalog();
        Task<Json, ?> task = tasks.add("t", Json.class, (payload, job) -> null);
        schedules.forEach(task::every);
        new DeclaredSchedules(stage.engines, tasks.descriptions()).agree();
        new Schedules(stage.engines, tasks.descriptions()).fire(stage.now().plusSeconds(30));
    }

    /** The tick before the next instant, 14:00. */
    private void tickOn() {
        stage.at("2026-03-10T13:59:20Z");
        stage.tick();
    }

    private ScheduleHandover handover() {
        return new ScheduleHandover(
                stage.engines,
                name -> Optional.of(stage.tasks.descriptions().getFirst())
                        .filter(task -> task.name().equals(name)));
    }

    private Schedules schedules() {
        return new Schedules(stage.engines, stage.tasks.descriptions());
    }

    private Job onlyJob() {
        assertThat(stage.memory.rows().all()).hasSize(1);
        return stage.memory.rows().all().getFirst();
    }

    private List<Job> waiting() {
        return stage.memory.rows().all().stream()
                .filter(job -> job.state().isWaiting())
                .toList();
    }

    /** What is to start: each instant with its payload, in order. */
    private List<String> starts() {
        return waiting().stream()
                .map(job ->
                        Instant.parse(job.meta().get("scheduledFor")).toString().substring(11, 16) + " "
                                + stage.memory.jobs().payload(job).as(String.class))
                .sorted()
                .toList();
    }
}
