package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.DeadReason;
import dev.longshore.job.Delivery.Verdict;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.task.RetryPolicy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What goes wrong around a handler that never starts. Both were found by the simulation of module reliability. */
class BeforeTheHandlerTest {
    private final WorkerStage stage = new WorkerStage();
    private final AtomicInteger starts = new AtomicInteger();

    @Test
    void aPayloadThatCannotBeHadUsesUpNoAttempt() {
        stage.task("count", (payload, job) -> starts.incrementAndGet()).retry(RetryPolicy.never());
        JobId id = stage.enqueue("count");
        stage.faults.refuse("payload", 1);

        assertThat(stage.workOnce()).isEqualTo(Verdict.KEEP);

        assertThat(stage.job(id).attempt()).isZero();
        stage.workUntilQuiet();
        assertThat(starts).hasValue(1);
        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void theDeathOfAJobOfAnUnknownTaskIsToldThoughItsDeadLetterWasNotSentAtFirst() {
        JobId id = stage.enqueue("nobody-knows");
        stage.memory.clock().advance(Lifecycle.DEPLOYMENT_GRACE);
        stage.faults.refuse("sendToDeadLetters", 1);
        assertThatThrownBy(stage::workOnce).isInstanceOf(StoreUnavailableException.class);
        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.UNKNOWN_TASK);

        stage.workUntilQuiet();

        assertThat(stage.deadLetters()).isEqualTo(1);
    }
}
