package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Field;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.pause.Pausable;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.task.ScheduleSpec;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** As {@link RungAlarmsTest}, for the alarms on what the dispatcher's ticks count. */
class RungTickAlarmsTest {
    private static final TemplateAlarms ALARMS = new TemplateAlarms(StackTemplate.of(StackTemplate.props()));
    private static final List<String> NOTHING = List.of();
    private static final int ALL = 1_000;

    private final AlarmStage stage = new AlarmStage();
    private final LambdaLog log = new LambdaLog();

    @AfterEach
    void logAsBefore() {
        log.close();
    }

    @Test
    void missingTickRingsWhenTheDispatcherDoesNotRun() {
        stage.tick();
        assertThat(ALARMS.ring("MissingTick", "Dispatcher", log.lines())).isFalse();
        assertThat(ALARMS.ring("MissingTick", "Dispatcher", NOTHING)).isTrue();
    }

    @Test
    void missingTickRingsWhenAPartOfEachTickFailsAsAWhole() {
        for (String fault : List.of("pauses", "agreement", "hour", "sweeps")) {
            stage.memory.clock().advance(Duration.ofHours(2)); // there is an hour to be counted
            stage.faults.refuse(fault, ALL);

            stage.tick();

            stage.faults.refuse(fault, 0);
            assertThat(ALARMS.ring("MissingTick", "Dispatcher", log.lines()))
                    .as(fault)
                    .isTrue();
        }
    }

    @Test
    void ticksAreCountedAtEachLevelOfTheLog() {
        try (LambdaLog errorsAlone = LambdaLog.ofLevel("ERROR")) {
            stage.tick();

            assertThat(ALARMS.ring("MissingTick", "Dispatcher", errorsAlone.lines()))
                    .isFalse();
        }
    }

    @Test
    void failedPartsRingsWhenAPartFailsInThreeOfFiveTicks() {
        for (String fault :
                List.of("held", "sendAll", "pauses", "agreement", "dueSchedules", "writeSchedule", "hour", "sweeps")) {
            AlarmStage busy = withWorkForEachPart();
            busy.faults.refuse(fault, ALL);
            busy.tick();
            List<String> failed = log.lines();

            assertThat(ALARMS.ring("FailedParts", "Dispatcher", failed, NOTHING, failed, failed, NOTHING))
                    .as(fault)
                    .isTrue();
            assertThat(ALARMS.ring("FailedParts", "Dispatcher", failed, NOTHING, failed, NOTHING, NOTHING))
                    .as(fault + ", which passes")
                    .isFalse();
            assertThat(ALARMS.ring("ErrorLines-Dispatcher", "Dispatcher", failed))
                    .as("a failed call of an engine is no error of Longshore's")
                    .isFalse();
        }
    }

    @Test
    void failedPartsAndErrorLinesRingWhenAPartThrowsAnUnforeseenException() {
        AlarmStage busy = withWorkForEachPart();
        busy.faults.breakOnce("held", new IllegalStateException("as the test wants it"));
        busy.tick();
        List<String> failed = log.lines();

        assertThat(ALARMS.ring("FailedParts", "Dispatcher", failed, failed, failed))
                .isTrue();
        assertThat(ALARMS.ring("ErrorLines-Dispatcher", "Dispatcher", failed)).isTrue();
    }

    @Test
    void failedPartsRingsWhenTheQueueTakesNothingOfWhatAPauseHeld() {
        Pausable echo = Pausable.task("echo");
        JobId held = stage.enqueue("echo");
        stage.changed(
                held,
                new Lifecycle(stage.now(), "set held").hold(stage.job(held), HoldReason.paused(echo), stage.now()));
        stage.memory.pauses().pause(echo, stage.now(), "admin");
        stage.memory.pauses().resume(echo, stage.now());
        stage.faults.refuse("sendAll", ALL);

        stage.tick();

        List<String> failed = log.lines();
        assertThat(ALARMS.ring("FailedParts", "Dispatcher", failed, failed, failed))
                .isTrue();
    }

    @Test
    void noAlarmOfTheDispatcherRingsWhenEachPartDoesItsWork() {
        AlarmStage busy = withWorkForEachPart();
        busy.tick();
        List<String> well = log.lines();

        assertThat(ALARMS.ring("FailedParts", "Dispatcher", well, well, well, well, well))
                .isFalse();
        assertThat(ALARMS.ring("ErrorLines-Dispatcher", "Dispatcher", well)).isFalse();
        assertThat(ALARMS.ring("UnbalancedLedger", "Dispatcher", well)).isFalse();
    }

    /** A job that is due, one that a pause has held, a schedule that is due, and hours to be counted. */
    private static AlarmStage withWorkForEachPart() {
        AlarmStage busy = new AlarmStage();
        Schedule hourly =
                Schedule.of("hourly", "echo", ScheduleSpec.cron("0 * * * *", ZoneOffset.UTC), false, busy.now());
        busy.memory.schedules().write(hourly);
        busy.enqueue("echo", "{}", Duration.ofHours(1));
        Pausable echo = Pausable.task("echo");
        JobId held = busy.enqueue("echo");
        busy.changed(
                held, new Lifecycle(busy.now(), "set held").hold(busy.job(held), HoldReason.paused(echo), busy.now()));
        busy.memory.pauses().pause(echo, busy.now(), "admin");
        busy.memory.pauses().resume(echo, busy.now());
        busy.memory.clock().advance(Duration.ofHours(2));
        return busy;
    }

    @Test
    void oldestDueJobRingsWhenAJobIsNotSentInTheQuarterOfAnHourAfterItsTime() {
        stage.enqueue("echo", "{}", Duration.ofHours(1));
        stage.memory.clock().advance(Duration.ofHours(1));
        stage.faults.refuse("sendAll", ALL);

        stage.memory.clock().advance(Duration.ofMinutes(14));
        stage.tick();
        assertThat(ALARMS.ring("OldestDueJob", "Dispatcher", log.lines())).isFalse();
        stage.memory.clock().advance(Duration.ofMinutes(1));
        stage.tick();
        assertThat(ALARMS.ring("OldestDueJob", "Dispatcher", log.lines())).isTrue();

        stage.faults.refuse("sendAll", 0);
        stage.tick();
        assertThat(ALARMS.ring("OldestDueJob", "Dispatcher", log.lines()))
                .as("it is sent now")
                .isFalse();
    }

    @Test
    void oldestDueJobRingsForAJobThatOlderCodeMustNotSend() {
        JobId id = stage.enqueue("echo", "{}", Duration.ofHours(1));
        stage.memory.rows().plant(id, stage.memory.rows().row(id).put(Field.FORMAT, Job.FORMAT + 1));
        stage.memory.clock().advance(Duration.ofMinutes(75));

        stage.tick();

        assertThat(ALARMS.ring("OldestDueJob", "Dispatcher", log.lines())).isTrue();
    }

    @Test
    void oldestDueJobRingsWhenMoreJobsAreDueThanATickCanSend() {
        for (int i = 0; i < 150 * JobId.SHARDS.size(); i++) {
            stage.enqueue("echo", "{}", Duration.ofHours(1));
        }
        stage.memory.clock().advance(Duration.ofHours(1));
        stage.faults.afterCalls("held", 16, () -> stage.memory.clock().advance(Duration.ofMinutes(15)));

        stage.tick(); // its time is over when each shard has sent a page of 100

        assertThat(ALARMS.ring("OldestDueJob", "Dispatcher", log.lines())).isTrue();
    }

    @Test
    void unbalancedLedgerRingsWhenTheRowOfAJobIsGone() {
        JobId id = stage.enqueue("echo");
        stage.succeeded(id);
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.tick();
        assertThat(ALARMS.ring("UnbalancedLedger", "Dispatcher", log.lines())).isFalse();

        stage.memory.rows().deleteRow(id);
        stage.memory.clock().advance(Duration.ofHours(2));
        stage.tick();

        assertThat(ALARMS.ring("UnbalancedLedger", "Dispatcher", log.lines())).isTrue();
    }

    @Test
    void unbalancedLedgerRingsWhenTheAuditNeverHasTheTimeToCount() {
        stage.tick();
        log.lines();
        stage.memory.clock().advance(Duration.ofMinutes(119));
        stage.tick(Duration.ofSeconds(5));
        assertThat(ALARMS.ring("UnbalancedLedger", "Dispatcher", log.lines())).isFalse();

        stage.memory.clock().advance(Duration.ofMinutes(2));
        stage.tick(Duration.ofSeconds(5));

        assertThat(ALARMS.ring("UnbalancedLedger", "Dispatcher", log.lines())).isTrue();
    }
}
