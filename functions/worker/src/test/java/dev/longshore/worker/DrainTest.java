package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.HistoryEntry;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.delivery.Delivery.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A worker that must stop: ECS stops its task, or Spot interrupts it. */
class DrainTest {
    private final WorkerStage stage = new WorkerStage();

    @Test
    void jobThatStillRunsAtTheEndIsInterruptedAndGivenBackWithoutAnAttempt() {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        stage.task("encode", (payload, job) -> {
            running.countDown();
            return WorkerStage.hangUntil(interrupted).handle(payload, job);
        });
        JobId id = stage.enqueue("encode");

        CompletableFuture<Verdict> verdict = CompletableFuture.supplyAsync(stage::workOnce);
        await(running);
        stage.drain.begin(now().plusSeconds(90));
        stage.drain.giveBack();

        assertThat(verdict.join()).isEqualTo(Verdict.RETRY);
        assertThat(interrupted.getCount()).isZero();
        assertThat(stage.job(id).state()).isEqualTo(JobState.RETRYING);
        assertThat(stage.job(id).attempt()).as("attempts used").isZero();
        assertThat(stage.memory.queue().receive(WorkerStage.POOL, 1))
                .as("another worker gets it at once")
                .hasSize(1);
    }

    @Test
    void jobThatEndsWithinTheDrainSucceeds() {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        stage.task("encode", (payload, job) -> {
            running.countDown();
            end.await();
            return "encoded";
        });
        JobId id = stage.enqueue("encode");

        CompletableFuture<Verdict> verdict = CompletableFuture.supplyAsync(stage::workOnce);
        await(running);
        stage.drain.begin(now().plusSeconds(90));
        end.countDown();

        assertThat(verdict.join()).isEqualTo(Verdict.DELETE);
        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void noJobIsClaimedInADrain() {
        stage.task("encode", (payload, job) -> "encoded");
        JobId id = stage.enqueue("encode");
        stage.drain.begin(now().plusSeconds(90));

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);

        assertThat(stage.job(id).state()).isEqualTo(JobState.QUEUED);
        assertThat(stage.memory.queue().receive(WorkerStage.POOL, 1)).hasSize(1);
    }

    @Test
    void jobThatIsClaimedJustBeforeTheEndIsGivenBackAndItsHandlerNotStarted() {
        AtomicBoolean started = new AtomicBoolean();
        stage.task("encode", (payload, job) -> started.getAndSet(true));
        JobId id = stage.enqueue("encode");
        stage.drain.giveBack(); // between this worker's look at the drain and the start of the attempt

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);

        assertThat(stage.job(id).attempt()).isZero();
        assertThat(started).isFalse();
    }

    @Test
    void handlerSeesTheDrainAsTheEndOfItsTimeAndHandsOver() {
        AtomicReference<Duration> left = new AtomicReference<>();
        stage.task("encode", (payload, job) -> {
                    stage.drain.begin(now().plusSeconds(90));
                    left.set(job.timeLeft());
                    throw job.continueWith("frame 7");
                })
                .timeout(Duration.ofHours(12));
        JobId id = stage.enqueue("encode");

        stage.workOnce();

        assertThat(left).hasValue(Duration.ofSeconds(90));
        assertThat(stage.job(id).state()).isEqualTo(JobState.QUEUED);
        assertThat(stage.job(id).history().getLast().attempt()).isZero();
        assertThat(stage.job(id).history()).extracting(HistoryEntry::error).containsOnlyNulls();
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
