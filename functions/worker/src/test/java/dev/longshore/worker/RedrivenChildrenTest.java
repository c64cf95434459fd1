package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobState;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.RunsAs;
import dev.longshore.job.engines.HeldJobs;
import dev.longshore.task.JobContext;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A dead job is redriven with another payload: its children are those of the new payload, all of them, once each. */
class RedrivenChildrenTest {
    private static final RunsAs AS_BEFORE = new RunsAs("greet-all", WorkerStage.POOL);

    private final WorkerStage stage = new WorkerStage();
    private final List<String> greeted = Collections.synchronizedList(new ArrayList<>());
    private volatile int failsAfter = Integer.MAX_VALUE;

    /** Greets each name by a job of its own, and keeps behind which one it is. */
    @BeforeEach
    void greetAll() {
        stage.task("greet", (name, job) -> greeted.add(name.as(String.class)));
        stage.task("greet-all", this::greetAll).retry(RetryPolicy.never());
    }

    private Object greetAll(Json payload, JobContext job) {
        String[] names = payload.as(String[].class);
        for (int i = job.checkpoint(Integer.class).orElse(0); i < names.length; i++) {
            if (i == failsAfter) {
                throw new IllegalStateException("fails after " + i);
            }
            job.enqueue("greet", names[i]);
            job.checkpoint(i + 1);
        }
        return names.length;
    }

    @Test
    void redriveWithAnotherPayloadEnqueuesEveryChildOfTheNewPayload() {
        JobId id = deadAfterTwo();

        failsAfter = Integer.MAX_VALUE;
        redriveWithPayload(id, "[\"carl\",\"dora\",\"emil\"]", false);
        stage.workUntilQuiet();

        assertThat(greeted).containsExactlyInAnyOrder("ann", "bob", "carl", "dora", "emil");
        assertThat(stage.job(id).epoch()).isEqualTo(1);
    }

    @Test
    void redriveWithAnotherPayloadAndTheOldCheckpointContinuesAfterIt() {
        JobId id = deadAfterTwo();

        failsAfter = Integer.MAX_VALUE;
        redriveWithPayload(id, "[\"ann\",\"bob\",\"emil\"]", true);
        stage.workUntilQuiet();

        assertThat(greeted).containsExactlyInAnyOrder("ann", "bob", "emil");
    }

    @Test
    void redriveWithTheSamePayloadFindsTheChildrenThatAreThere() {
        JobId id = deadAfterTwo();

        failsAfter = Integer.MAX_VALUE;
        redriven(
                id,
                new OperatorChanges(now(), "again")
                        .redrive(stage.job(id), stage.job(id).pool(), now(), "ops"));
        stage.workUntilQuiet();

        assertThat(greeted).containsExactlyInAnyOrder("ann", "bob", "cleo");
        assertThat(stage.job(id).epoch()).isZero();
    }

    @Test
    void twoRedrivesWithOtherPayloadsHaveChildrenOfTheirOwn() {
        JobId id = deadAfterTwo();
        failsAfter = 1;
        redriveWithPayload(id, "[\"carl\",\"never\"]", false);
        stage.workUntilQuiet();
        assertThat(stage.job(id).state()).isEqualTo(JobState.DEAD);

        failsAfter = Integer.MAX_VALUE;
        redriveWithPayload(id, "[\"dora\"]", false);
        stage.workUntilQuiet();

        assertThat(greeted).containsExactlyInAnyOrder("ann", "bob", "carl", "dora");
        assertThat(stage.job(id).epoch()).isEqualTo(2);
    }

    @Test
    void redriveAsAnotherTaskRunsThatTasksHandlerAlsoUnderAMessageFromBefore() {
        List<String> farewells = Collections.synchronizedList(new ArrayList<>());
        stage.task("say-goodbye", (names, job) -> {
            assertThat(job.task()).isEqualTo("say-goodbye");
            for (String name : names.as(String[].class)) {
                farewells.add(name);
            }
            return farewells.size();
        });
        JobId id = deadAfterTwo();
        failsAfter = Integer.MAX_VALUE;
        Job dead = stage.job(id);

        changed(
                id,
                new OperatorChanges(now(), "as")
                        .redriveAsTask(dead, new RunsAs("say-goodbye", WorkerStage.POOL), false, "ops"));
        stage.memory.queue().sendRaw(WorkerStage.POOL, JobMessage.of(dead).write()); // comes before the new message
        new HeldJobs(stage.memory.engines()).tryRelease(List.of(stage.job(id)));
        stage.workUntilQuiet();

        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(stage.job(id).attempt())
                .as("no attempt is used up by the message from before")
                .isEqualTo(1);
        assertThat(farewells).containsExactly("ann", "bob", "cleo");
    }

    @Test
    void cancellationRequestedWhileAMessageFromBeforeIsRedirectedEndsTheJob() {
        stage.task("say-goodbye", (names, job) -> "said");
        JobId id = deadAfterTwo();
        Job dead = stage.job(id);
        changed(
                id,
                new OperatorChanges(now(), "as")
                        .redriveAsTask(dead, new RunsAs("say-goodbye", WorkerStage.POOL), false, "ops"));
        stage.memory.queue().sendRaw(WorkerStage.POOL, JobMessage.of(dead).write());
        stage.faults.afterCalls(
                "claim", 1, () -> changed(id, new OperatorChanges(now(), "requested").requestCancel("ops")));

        stage.workUntilQuiet();

        Job cancelled = stage.job(id);
        assertThat(cancelled.state()).isEqualTo(JobState.CANCELLED);
        assertThat(cancelled.history().getLast().by()).isEqualTo("ops");
        assertThat(stage.faults.calls().stream().filter("claim"::equals))
                .as("one for the job that died, one for its children each, one for the redirected message")
                .hasSize(4);
    }

    private JobId deadAfterTwo() {
        failsAfter = 2;
        JobId id = stage.enqueue("greet-all", "[\"ann\",\"bob\",\"cleo\"]");
        stage.workUntilQuiet();
        assertThat(stage.job(id).state()).isEqualTo(JobState.DEAD);
        return id;
    }

    private void redriveWithPayload(JobId id, String payload, boolean keepCheckpoint) {
        Json body = Json.parse(payload);
        redriven(
                id,
                new OperatorChanges(now(), "another payload")
                        .redriveWithPayload(stage.job(id), AS_BEFORE, body, keepCheckpoint, "ops"));
    }

    private void redriven(JobId id, Change redrive) {
        new HeldJobs(stage.memory.engines()).tryRelease(List.of(changed(id, redrive)));
    }

    private Job changed(JobId id, Change change) {
        return ((Change.Outcome.Done) stage.memory.jobs().apply(id, change)).job();
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}
