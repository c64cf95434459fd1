package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.DeadReason;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.Lifecycle;
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
    private static final int ALL = 1_000;

    private final AlarmStage stage = new AlarmStage();
    private final LambdaLog log = new LambdaLog();

    @AfterEach
    void logAsBefore() {
        log.close();
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
        assertThat(ALARMS.ring("ServerErrors", "Api", and(once, and(once, once))))
                .isTrue();
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
        stage.memory.bodies().apartAbove(0, Integer.MAX_VALUE);
        Stream.of(1, 2, 3).forEach(any -> stage.enqueue("echo"));
        stage.faults.refuse("readBody", ALL);

        stage.work();

        assertThat(ALARMS.ring("FailedMessages-Worker-default", "Worker-default", log.lines()))
                .isTrue();
    }

    @Test
    void errorLinesRingsWhenAWorkerThrowsAnUnforeseenException() {
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
                new Lifecycle(stage.now(), "death")
                        .kill(stage.claimed(id), DeadReason.EXHAUSTED, new JobError("Oops", "no route")));
        letterFor(id);

        stage.handleDeadLetters();

        List<String> lines = log.lines();
        assertThat(ALARMS.ring("DeadJobs", "DeadLetters", lines)).isTrue();
        assertThat(ALARMS.ring("ErrorLines-DeadLetters", "DeadLetters", lines)).isFalse();
    }

    @Test
    void errorLinesRingsWhenAMessageGoesIntoQuarantine() {
        stage.memory.queue().sendToDeadLetters(AlarmStage.POOL, "no message of a job");

        stage.handleDeadLetters();

        assertThat(stage.memory.quarantine().list(10, null).items()).hasSize(1);
        assertThat(ALARMS.ring("ErrorLines-DeadLetters", "DeadLetters", log.lines()))
                .isTrue();
    }

    @Test
    void failedMessagesRingsWhenDynamoDbFailsForThreeDeadLetters() {
        Stream.of(1, 2, 3).forEach(any -> letterFor(stage.enqueue("echo")));
        stage.faults.refuse("find", ALL);

        stage.handleDeadLetters();

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

    private static List<String> and(List<String> lines, List<String> more) {
        return Stream.concat(lines.stream(), more.stream()).toList();
    }
}
