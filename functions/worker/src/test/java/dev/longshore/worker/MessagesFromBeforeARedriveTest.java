package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.RunsAs;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.pause.Pausable;
import dev.longshore.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A job was redriven as another task, and a message that names its task of before is delivered: it says nothing about the job. */
class MessagesFromBeforeARedriveTest {
    private static final Pausable OLD_TASK = Pausable.task("send-mail");

    private final WorkerStage stage = new WorkerStage();

    @Test
    void jobThatWasRedrivenAsAnotherTaskDoesNotDieSinceNoWorkerHasItsOldOne() {
        stage.task("send-email", (payload, job) -> "sent");
        Job dead = deadOf("send-mail");
        redriveAs(dead, "send-email");
        stage.memory.clock().advance(Lifecycle.DEPLOYMENT_GRACE.plusMinutes(1)); // a backlog

        stage.memory.queue().sendRaw(WorkerStage.POOL, JobMessage.of(dead).write());
        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(stage.job(dead.id()).state()).isEqualTo(JobState.QUEUED);
        assertThat(stage.job(dead.id()).isHeldUntilDue())
                .as("the dispatcher sends a message of its own task")
                .isTrue();
    }

    @Test
    void jobIsNotHeldForAPauseOfItsOldTask() {
        stage.task("send-mail", (payload, job) -> "sent").retry(RetryPolicy.never());
        stage.task("send-email", (payload, job) -> "sent");
        Job dead = deadOf("send-mail");
        redriveAs(dead, "send-email");
        stage.memory.pauses().pause(OLD_TASK, now(), "ops");

        stage.memory.queue().sendRaw(WorkerStage.POOL, JobMessage.of(dead).write());
        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(stage.job(dead.id()).isHeldByPause()).isFalse();
        assertThat(stage.job(dead.id()).isHeldUntilDue()).isTrue();
    }

    /** A job that is dead of a task that no worker has, in the queue or in the index. */
    private Job deadOf(String task) {
        JobId id = stage.enqueue(task);
        stage.memory.queue().loseAll(WorkerStage.POOL);
        stage.memory.clock().advance(Duration.ofMinutes(1));
        Change kill = new Lifecycle(now(), "killed")
                .killUnrunnable(stage.job(id), DeadReason.UNKNOWN_TASK, new JobError("UnknownTask", "gone"));
        return changed(id, kill);
    }

    private void redriveAs(Job dead, String task) {
        Job redriven = changed(
                dead.id(),
                new OperatorChanges(now(), "redriven")
                        .redriveAsTask(dead, new RunsAs(task, WorkerStage.POOL), false, "ops"));
        changed(redriven.id(), Lifecycle.release(redriven)); // its own message was sent
    }

    private Job changed(JobId id, Change change) {
        return ((Change.Outcome.Done) stage.memory.jobs().apply(id, change)).job();
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}
