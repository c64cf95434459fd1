package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.DeadReason;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.Pausable;
import dev.longshore.job.Schedule;
import dev.longshore.task.Every;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Each alarm on a metric of log lines rings by the lines that the real function logs when what it is for happens, and is quiet
 * otherwise. Filter patterns, values and thresholds are those of the synthesized template.
 */
class RungAlarmsTest {
    private static final TemplateAlarms ALARMS = new TemplateAlarms(StackTemplate.of(StackTemplate.props()));
    private static final List<String> NOTHING = List.of();
    private static final int ALL = 1_000;

    private final AlarmStage stage = new AlarmStage();
    private final LambdaLog log = new LambdaLog();

    @AfterEach
    void logAsBefore() {
        log.close();
    }

    // ---- Dispatcher

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
        for (String fault : List.of(
                "due",
                "sendAll",
                "pauses",
                "setAsideJobs",
                "agreement",
                "dueSchedules",
                "writeSchedule",
                "hour",
                "sweeps")) {
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
    void failedPartsAndErrorLinesRingWhenAPartThrowsWhatNobodyForesaw() {
        AlarmStage busy = withWorkForEachPart();
        busy.faults.breakOnce("due", new IllegalStateException("as the test wants it"));
        busy.tick();
        List<String> failed = log.lines();

        assertThat(ALARMS.ring("FailedParts", "Dispatcher", failed, failed, failed))
                .isTrue();
        assertThat(ALARMS.ring("ErrorLines-Dispatcher", "Dispatcher", failed)).isTrue();
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

    /** A job that is due, one that a pause has left aside, a schedule that is due, and hours to be counted. */
    private static AlarmStage withWorkForEachPart() {
        AlarmStage busy = new AlarmStage();
        Schedule hourly = Schedule.of("hourly", "echo", Every.cron("0 * * * *", ZoneOffset.UTC), false, busy.now());
        busy.memory.schedules().write(hourly);
        busy.enqueue("echo", "{}", Duration.ofHours(1));
        Pausable echo = Pausable.task("echo");
        JobId aside = busy.enqueue("echo");
        busy.changed(aside, Lifecycle.setAside(aside, busy.now(), echo, "set aside"));
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
    void unbalancedLedgerRingsWhenTheRowOfAJobIsGone() {
        JobId id = stage.enqueue("echo");
        stage.succeeded(id);
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.tick();
        assertThat(ALARMS.ring("UnbalancedLedger", "Dispatcher", log.lines())).isFalse();

        stage.memory.rows().forget(id);
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

    // ---- Api

    @Test
    void serverErrorsRingsWhenDynamoDbFailsForThreeRequests() {
        stage.faults.refuse("create", ALL);

        Stream.of(1, 2).forEach(any -> assertThat(enqueueByRequest()).isEqualTo(503));
        List<String> two = log.lines();
        assertThat(ALARMS.ring("ServerErrors", "Api", two)).isFalse();
        assertThat(enqueueByRequest()).isEqualTo(503);

        assertThat(ALARMS.ring("ServerErrors", "Api", and(two, log.lines()))).isTrue();
    }

    @Test
    void serverErrorsRingsByTheJobsOfABatchRequest() {
        stage.faults.refuse("create", ALL);
        String job = "{\"task\":\"echo\",\"payload\":1}";

        assertThat(stage.request("POST", "/v1/jobs/batch", "{\"jobs\":[" + job + "," + job + "," + job + "]}"))
                .isEqualTo(207);

        assertThat(ALARMS.ring("ServerErrors", "Api", log.lines())).isTrue();
    }

    @Test
    void serverErrorsAndErrorLinesRingWhenAnythingUnforeseenIsThrown() {
        stage.faults.breakOnce("create", new IllegalStateException("as the test wants it"));
        assertThat(enqueueByRequest()).isEqualTo(500);

        List<String> once = log.lines();
        assertThat(ALARMS.ring("ServerErrors", "Api", and(once, once, once))).isTrue();
        assertThat(ALARMS.ring("ErrorLines-Api", "Api", once)).isTrue();
    }

    @Test
    void noAlarmOfTheApiRingsByWhatClientsDoWrong() {
        for (int i = 0; i < 20; i++) {
            assertThat(stage.request("GET", "/v1/jobs", "", "ls_no_" + "x".repeat(40)))
                    .isEqualTo(401);
            assertThat(stage.request("GET", "/v1/nothing", "")).isEqualTo(404);
            assertThat(stage.request("POST", "/v1/jobs", "{\"task\":")).isEqualTo(400);
        }
        List<String> lines = log.lines();

        assertThat(ALARMS.ring("ServerErrors", "Api", lines)).isFalse();
        assertThat(ALARMS.ring("ErrorLines-Api", "Api", lines)).isFalse();
    }

    private int enqueueByRequest() {
        return stage.request("POST", "/v1/jobs", "{\"task\":\"echo\",\"payload\":1}");
    }

    // ---- workers

    @Test
    void failedMessagesRingsWhenDynamoDbFailsForThreeMessages() {
        Stream.of(1, 2, 3).forEach(any -> stage.enqueue("echo"));
        stage.faults.refuse("claim", ALL);

        stage.work();

        List<String> lines = log.lines();
        assertThat(ALARMS.ring("FailedMessages-Worker-default", "Worker-default", lines))
                .isTrue();
        assertThat(ALARMS.ring("ErrorLines-Worker-default", "Worker-default", lines))
                .isFalse();
        assertThat(new TemplateAlarms(StackTemplate.of(FargateTest.props(FargateTasks.of(2_048, 8_192, 3))))
                        .ring("FailedMessages-Worker-heavy", "Worker-heavy", lines))
                .as("the same lines of a container")
                .isTrue();
    }

    @Test
    void failedMessagesRingsWhenPayloadsCannotBeRead() {
        String large =
                Json.of(stage.memory.random().ints(100_000).boxed().toList()).text();
        Stream.of(1, 2, 3).forEach(any -> stage.enqueue("echo"));
        stage.faults.refuse("readBody", ALL);

        stage.work();

        assertThat(ALARMS.ring("FailedMessages-Worker-default", "Worker-default", log.lines()))
                .isTrue();
    }

    @Test
    void errorLinesRingsWhenAWorkerThrowsWhatNobodyForesaw() {
        stage.enqueue("echo");
        stage.faults.breakOnce("claim", new IllegalStateException("as the test wants it"));

        stage.work();

        assertThat(ALARMS.ring("ErrorLines-Worker-default", "Worker-default", log.lines()))
                .isTrue();
    }

    @Test
    void noAlarmOfAWorkerRingsWhenItsHandlersFailOrLogErrors() {
        Stream.of(1, 2, 3, 4, 5).forEach(any -> stage.enqueue("fail"));

        stage.work();

        List<String> lines = log.lines();
        assertThat(lines).anyMatch(line -> line.contains("An error of the handler"));
        assertThat(ALARMS.ring("FailedMessages-Worker-default", "Worker-default", lines))
                .isFalse();
        assertThat(ALARMS.ring("ErrorLines-Worker-default", "Worker-default", lines))
                .isFalse();
    }

    // ---- DeadLetters

    @Test
    void deadJobsRingsByADeathAndErrorLinesDoesNot() {
        JobId id = stage.enqueue("echo");
        stage.memory.queue().loseAll(AlarmStage.POOL);
        stage.changed(
                id,
                Lifecycle.kill(
                        stage.claimed(id),
                        stage.now(),
                        DeadReason.EXHAUSTED,
                        new JobError("Oops", "no route"),
                        stage.now().plus(Lifecycle.DEAD_RETENTION),
                        "death"));
        letterFor(id);

        stage.attend();

        List<String> lines = log.lines();
        assertThat(ALARMS.ring("DeadJobs", "DeadLetters", lines)).isTrue();
        assertThat(ALARMS.ring("ErrorLines-DeadLetters", "DeadLetters", lines)).isFalse();
    }

    @Test
    void errorLinesRingsWhenAMessageGoesIntoQuarantine() {
        stage.memory.queue().sendToDeadLetters(AlarmStage.POOL, "no message of a job");

        stage.attend();

        assertThat(stage.memory.quarantine().list(10, null).labels()).hasSize(1);
        assertThat(ALARMS.ring("ErrorLines-DeadLetters", "DeadLetters", log.lines()))
                .isTrue();
    }

    @Test
    void failedMessagesRingsWhenDynamoDbFailsForThreeDeadLetters() {
        Stream.of(1, 2, 3).forEach(any -> letterFor(stage.enqueue("echo")));
        stage.faults.refuse("find", ALL);

        stage.attend();

        assertThat(ALARMS.ring("FailedMessages-DeadLetters", "DeadLetters", log.lines()))
                .isTrue();
    }

    private void letterFor(JobId id) {
        stage.memory
                .queue()
                .sendToDeadLetters(
                        AlarmStage.POOL,
                        JobMessage.of(stage.memory.jobs().find(id).orElseThrow())
                                .write());
    }

    // ---- the lines

    @Test
    void lineOfAMetricHoldsItsNameItsValueAndNothingElse() {
        stage.tick();

        assertThat(log.lines())
                .filteredOn(line -> line.contains("\"metric\""))
                .containsExactly("{\"metric\":\"CompleteTicks\",\"value\":1}");
    }

    /** One is written each minute, and the others are paid for when something fails. */
    @Test
    void onlyCompleteTicksAreWrittenWhileAllIsWell() {
        stage.enqueue("echo");
        stage.work();
        stage.tick();
        stage.request("GET", "/v1/tasks", "");

        assertThat(log.lines().stream().filter(line -> line.contains("\"metric\"")))
                .containsExactly("{\"metric\":\"CompleteTicks\",\"value\":1}");
    }

    @SafeVarargs
    private static List<String> and(List<String>... lines) {
        return Stream.of(lines).flatMap(List::stream).toList();
    }
}
