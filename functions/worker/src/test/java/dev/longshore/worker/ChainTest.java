package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.engines.HeldJobs;
import dev.longshore.task.ChainTooLongException;
import dev.longshore.task.Json;
import dev.longshore.task.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs that are enqueued by the handler of the one before: how long a chain of them may be. */
class ChainTest {
    private static final Json NOTHING = Json.parse("{}");

    private final WorkerStage stage = new WorkerStage();
    private final List<JobId> ran = Collections.synchronizedList(new ArrayList<>());

    @Test
    void eachJobOfAChainKnowsHowManyLedToIt() {
        stage.task("first", (payload, job) -> job.enqueue("second", NOTHING));
        stage.task("second", (payload, job) -> job.enqueue("third", NOTHING));
        stage.task("third", (payload, job) -> null);

        JobId first = stage.enqueue("first");
        stage.workUntilQuiet();

        JobId second = resultOf(first);
        assertThat(stage.job(first).chainDepth()).isZero();
        assertThat(stage.job(second).chainDepth()).isEqualTo(1);
        assertThat(stage.job(resultOf(second)).chainDepth()).isEqualTo(2);
    }

    @Test
    void taskThatEnqueuesItselfForEverEndsDeadAtItsLongestChain() {
        stage.task("loop", (payload, job) -> {
                    ran.add(JobId.parse(job.id()).orElseThrow());
                    return job.enqueue("loop", NOTHING);
                })
                .longestChain(3);

        stage.enqueue("loop");
        stage.workUntilQuiet();

        assertThat(ran).as("the first, three more, and no second attempt").hasSize(4);
        assertThat(ran.subList(0, 3))
                .allSatisfy(id -> assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED));
        Job last = stage.job(ran.getLast());
        assertThat(last.state()).isEqualTo(JobState.DEAD);
        assertThat(last.deadReason()).isEqualTo(DeadReason.CHAIN_TOO_LONG);
        assertThat(last.error().type()).isEqualTo(ChainTooLongException.class.getName());
        assertThat(last.error().message())
                .contains("task loop", "depth 4", "at most 3", "Task.longestChain", "retry this job");
    }

    @Test
    void limitIsThatOfTheTaskThatIsEnqueued() {
        stage.task("from", (payload, job) -> job.enqueue("to", NOTHING)).longestChain(1);
        stage.task("to", (payload, job) -> job.enqueue("from", NOTHING)).longestChain(9);

        JobId first = stage.enqueue("from");
        stage.workUntilQuiet();

        Job second = stage.job(resultOf(first));
        assertThat(second.deadReason()).isEqualTo(DeadReason.CHAIN_TOO_LONG);
        assertThat(second.error().message()).contains("task from", "depth 2", "at most 1");
    }

    @Test
    void refusalThatAHandlerWrapsIsNotTriedAgain() {
        stage.task("loop", (payload, job) -> {
                    ran.add(JobId.parse(job.id()).orElseThrow());
                    try {
                        return job.enqueue("loop", NOTHING);
                    } catch (ChainTooLongException e) {
                        throw new IllegalStateException("no next page", new RuntimeException(e));
                    }
                })
                .longestChain(1);

        stage.enqueue("loop");
        stage.workUntilQuiet();

        assertThat(ran).hasSize(2);
        assertThat(stage.job(ran.getLast()).deadReason()).isEqualTo(DeadReason.CHAIN_TOO_LONG);
    }

    @Test
    void handlerThatCatchesTheRefusalEndsItsChain() {
        stage.task("loop", (payload, job) -> {
                    ran.add(JobId.parse(job.id()).orElseThrow());
                    try {
                        return job.enqueue("loop", NOTHING);
                    } catch (ChainTooLongException e) {
                        return "the last";
                    }
                })
                .longestChain(2);

        stage.enqueue("loop");
        stage.workUntilQuiet();

        assertThat(ran).hasSize(3);
        assertThat(stage.job(ran.getLast()).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aChainContinuesWhereItEndedAfterADeploymentThatAllowsMore() {
        Task<Json, Object> loop = stage.task("loop", (payload, job) -> {
                    ran.add(JobId.parse(job.id()).orElseThrow());
                    return ran.size() < 4 ? job.enqueue("loop", NOTHING) : "the last";
                })
                .longestChain(1);
        stage.enqueue("loop");
        stage.workUntilQuiet();
        Job dead = stage.job(ran.getLast());

        loop.longestChain(9);
        Instant now = stage.memory.clock().instant();
        Change redrive = new OperatorChanges(now, "token").redrive(dead, dead.pool(), now, "me");
        assertThat(stage.memory.jobs().apply(dead.id(), redrive)).isInstanceOf(Change.Outcome.Done.class);
        assertThat(new HeldJobs(stage.memory.engines()).tryRelease(List.of(stage.job(dead.id()))))
                .isOne();
        stage.workUntilQuiet();

        assertThat(stage.job(dead.id()).chainDepth()).isEqualTo(1);
        assertThat(stage.job(dead.id()).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(stage.job(ran.getLast()).chainDepth()).isEqualTo(2);
    }

    private JobId resultOf(JobId id) {
        return JobId.parse(Json.parse(stage.result(id)).as(String.class)).orElseThrow();
    }
}
