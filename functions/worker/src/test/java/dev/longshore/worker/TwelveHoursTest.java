package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Attempts that are as long as SQS hides a message at most, and longer than Lambda runs. */
class TwelveHoursTest {
    private final WorkerStage stage = new WorkerStage();
    private final List<Verdict> others = new ArrayList<>();
    private final List<Integer> attempts = new ArrayList<>();

    @Test
    void attemptOfTwelveHoursIsHeldToItsEndThoughItsMessageComesBackBeforeThat() {
        stage.task("encode", WorkerStage.hangUntil(new CountDownLatch(1)))
                .timeout(Duration.ofHours(12))
                .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).maxAttempts(2));
        JobId id = stage.enqueue("encode");
        Instant start = now();
        stage.waiter.handlersHang = true;
        stage.waiter.whileWaiting = () -> anotherWorkerLooks(id);

        assertThat(workInAProcess()).isEqualTo(Verdict.RETRY);

        assertThat(Duration.between(start, now())).isEqualTo(Duration.ofHours(12));
        assertThat(stage.job(id).error().message()).startsWith("interrupted after 43200000 ms");
        assertThat(attempts).as("no other worker claimed it").containsOnly(1);
        assertThat(others)
                .as("the message came back, and was hidden again")
                .containsOnly(Verdict.RETRY)
                .isNotEmpty();
        assertThat(stage.memory.queue().refusedHides()).as("what SQS refused").isZero();
        stage.waiter.handlersHang = false;
    }

    @Test
    void attemptThatAFunctionsTimeoutInterruptsNamesFargateAsTheRemedy() {
        stage.task("encode", WorkerStage.hangUntil(new CountDownLatch(1)))
                .timeout(Duration.ofHours(2))
                .retry(RetryPolicy.never());
        JobId id = stage.enqueue("encode");
        stage.waiter.handlersHang = true;

        stage.work(stage.receive());

        Job job = stage.job(id);
        assertThat(job.state()).isEqualTo(JobState.DEAD);
        assertThat(job.error().message()).contains("7200000 ms").contains("a pool on Fargate");
    }

    private Verdict workInAProcess() {
        return stage.worker().work(stage.delivery(stage.receive()), Instant.MAX);
    }

    private void anotherWorkerLooks(JobId id) {
        attempts.add(stage.job(id).attempt());
        for (Received message : stage.memory.queue().receive(WorkerStage.POOL, 10)) {
            others.add(stage.worker().work(stage.delivery(message), Instant.MAX));
        }
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}
