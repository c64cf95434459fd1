package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Body;
import dev.longshore.job.DeadReason;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.delivery.Delivery.Verdict;
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
        stage.memory.bodies().apartAbove(0, Integer.MAX_VALUE);
        JobId id = stage.enqueue("count");
        stage.faults.refuse("readBody", 1);

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);

        assertThat(stage.job(id).attempt()).isZero();
        stage.workUntilQuiet();
        assertThat(starts).hasValue(1);
        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aPayloadThatIsGoneIsADeathOfItsOwnAndUsesUpNoAttempt() {
        stage.task("count", (payload, job) -> starts.incrementAndGet());
        for (int largestItem : new int[] {Integer.MAX_VALUE, 0}) {
            stage.memory.bodies().apartAbove(0, largestItem);
            JobId id = stage.enqueue("count");
            stage.memory.bodies().discard(id, (Body.Apart) stage.job(id).payload());

            assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

            assertThat(starts).hasValue(0);
            assertThat(stage.job(id).state()).isEqualTo(JobState.DEAD);
            assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.PAYLOAD_MISSING);
            assertThat(stage.job(id).error().message()).contains("is gone");
            assertThat(stage.job(id).attempt()).isZero();
            assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL)).isNull();
        }
        assertThat(stage.deadLetters()).isEqualTo(2);
    }

    @Test
    void theDeathOfAJobOfAnUnknownTaskIsHandledAlthoughItsDeadLetterWasNotSentAtFirst() {
        JobId id = stage.enqueue("no-such-task");
        stage.memory.clock().advance(Lifecycle.DEPLOYMENT_GRACE);
        stage.faults.refuse("sendToDeadLetters", 1);
        assertThatThrownBy(stage::workOnce).isInstanceOf(StoreUnavailableException.class);
        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.UNKNOWN_TASK);

        stage.workUntilQuiet();

        assertThat(stage.deadLetters()).isEqualTo(1);
    }
}
