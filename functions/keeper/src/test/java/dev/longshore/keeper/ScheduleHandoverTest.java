package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.ScheduleSpec.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A schedule is changed, paused or deleted in the minute in which its jobs are made ahead. */
class ScheduleHandoverTest extends HandoverStage {
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
        changed(ScheduleSpec.cron("30 * * * *", UTC).payload("new"));
        stage.tick();
        assertThat(starts()).isEmpty();

        stage.at("2026-03-10T13:29:30Z");
        stage.tick();
        assertThat(starts()).containsExactly("13:30 new");
        changed(ScheduleSpec.cron("*/30 * * * *", UTC).payload("newer"));
        stage.tick();

        assertThat(starts()).containsExactly("13:30 newer");
    }

    @Test
    void jobThatWaitsForItsJitterIsReplacedAndOneWhoseTimeHasComeStays() {
        ScheduleSpec spread = HOURLY.jitter(Duration.ofMinutes(30));
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
        stage.scheduled("s", ScheduleSpec.cron("* * * * *", UTC).payload("old"));
        Instant decided = stage.now();
        stage.tickFor(5);
        assertThat(stage.claimAll()).isEqualTo(5);

        ScheduleSpec others =
                ScheduleSpec.cron("*/2 * * * *", UTC).payload("new").catchUpAll(10);
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
        JobId id = onlyJob().id();
        stage.memory
                .jobs()
                .apply(
                        id,
                        new OperatorChanges(stage.now(), "t").cancelWaiting(onlyJob(), Duration.ofDays(7), "operator"));

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
}
