package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Deadlines, heartbeats, early and late messages. */
class WorkerTimeTest {
    private final WorkerStage stage = new WorkerStage();
    private final AtomicInteger starts = new AtomicInteger();

    private static final RetryPolicy THREE_ATTEMPTS =
            RetryPolicy.fixed(Duration.ofSeconds(10)).maxAttempts(3);

    @Test
    void aHandlerThatHangsIsInterruptedAtItsTimeoutAndTriedAgain() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        stage.waiter.handlersHang = true;
        stage.task("hang", WorkerStage.hangUntil(interrupted))
                .timeout(Duration.ofSeconds(10))
                .retry(THREE_ATTEMPTS);
        JobId id = stage.enqueue("hang");

        stage.workOnce();

        interrupted.await();
        assertThat(stage.job(id).state()).isEqualTo(JobState.RETRYING);
        assertThat(stage.job(id).error().type()).isEqualTo("TimedOut");
        assertThat(stage.job(id).error().message()).contains("10000 ms").contains("hang");
    }

    @Test
    void theResultOfAHandlerAfterItsInterruptionIsIgnored() {
        CountDownLatch cut = new CountDownLatch(1);
        stage.waiter.handlersHang = true;
        stage.task("deaf", (payload, job) -> {
                    while (true) {
                        try {
                            cut.await();
                            return "too late";
                        } catch (InterruptedException e) {
                            cut.countDown(); // it ignores the interruption and returns
                        }
                    }
                })
                .timeout(Duration.ofSeconds(5))
                .retry(THREE_ATTEMPTS);
        JobId id = stage.enqueue("deaf");

        stage.workOnce();

        assertThat(stage.job(id).state()).isEqualTo(JobState.RETRYING);
        assertThat(stage.result(id)).isEqualTo("none");
    }

    @Test
    void aLongTaskIsHeldByHeartbeatsUnderAShortLease() {
        List<Instant> leases = new ArrayList<>();
        List<Instant> hiddenUntil = new ArrayList<>();
        stage.waiter.handlersHang = true;
        CountDownLatch end = new CountDownLatch(1);
        stage.task("long", (payload, job) -> {
                    end.await();
                    return "done";
                })
                .timeout(Duration.ofMinutes(5));
        JobId id = stage.enqueue("long");
        Instant start = stage.memory.clock().instant();
        stage.waiter.whileWaiting = () -> {
            leases.add(stage.job(id).leaseUntil());
            hiddenUntil.add(stage.memory.queue().nextVisibleAt(WorkerStage.POOL));
        };

        stage.workOnce();

        assertThat(leases).hasSize(15).startsWith(start.plusSeconds(60), start.plusSeconds(80), start.plusSeconds(100));
        assertThat(hiddenUntil).startsWith(start.plusSeconds(65), start.plusSeconds(85), start.plusSeconds(105));
    }

    @Test
    void aHandlerWhoseHeartbeatsAreAllLostIsInterruptedWhenItsLeaseIsOver() {
        List<Instant> interrupted = new ArrayList<>();
        stage.waiter.handlersHang = true;
        stage.task("long", (payload, job) -> {
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.add(now());
                    }
                    return "never";
                })
                .timeout(Duration.ofMinutes(5));
        JobId id = stage.enqueue("long");
        stage.faults.refuse("extendLease", 99);
        Instant start = now();

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);

        assertThat(interrupted).containsExactly(start.plusSeconds(60));
        assertThat(stage.job(id).leaseUntil()).isEqualTo(start.plusSeconds(60));
    }

    @Test
    void aHandlerWithoutHeartbeatsIsInterruptedAtTheNextLookWhenAnotherHasItsJob() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        stage.waiter.handlersHang = true;
        stage.task("short", WorkerStage.hangUntil(interrupted)).timeout(Duration.ofSeconds(110));
        JobId id = stage.enqueue("short");
        Instant start = now();
        stage.waiter.whileWaiting = () -> stage.memory
                .rows()
                .plant(id, stage.memory.rows().row(id).put(Field.FENCE, 2)); // its clock was far behind

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);

        interrupted.await();
        assertThat(Duration.between(start, now())).isEqualTo(Lease.HEARTBEAT);
        assertThat(stage.job(id).state()).as("the other holds it").isEqualTo(JobState.RUNNING);
        assertThat(stage.job(id).fence()).isEqualTo(2);
    }

    @Test
    void aShortTaskPaysForNoHeartbeat() {
        stage.task("short", (payload, job) -> "done").timeout(Duration.ofSeconds(119));
        stage.enqueue("short");

        stage.workOnce();

        assertThat(stage.faults.calls()).contains("claim", "succeed").doesNotContain("extendLease", "hide");
    }

    @Test
    void aJobIsNotStartedInTheLastMomentOfAnInvocation() {
        stage.task("greet", (payload, job) -> starts.incrementAndGet());
        JobId id = stage.enqueue("greet");
        Instant deadline = stage.memory.clock().instant().plusMillis(900);

        Verdict verdict = stage.worker().work(stage.delivery(stage.receive()), deadline);

        assertThat(verdict).isEqualTo(Verdict.RETRY);
        assertThat(starts).hasValue(0);
        assertThat(stage.job(id).attempt()).isZero();
    }

    @Test
    void aMessageThatComesTooEarlyIsHiddenUntilTheJobIsDue() {
        stage.task("greet", (payload, job) -> starts.incrementAndGet()).retry(THREE_ATTEMPTS);
        JobId id = stage.enqueue("greet");
        Job claimed = ((Change.Outcome.Done)
                        stage.memory.jobs().apply(id, new Lifecycle(now(), "t1").claim(id, now().plusSeconds(9))))
                .job();
        stage.memory
                .jobs()
                .apply(
                        id,
                        new Lifecycle(now(), "t2")
                                .retry(claimed, Duration.ofMinutes(2), false, new JobError("X", "x")));

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);

        assertThat(starts).hasValue(0);
        assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL)).isEqualTo(now().plusSeconds(121));
    }

    @Test
    void aDispatchersMessageIsNotDroppedByAWorkerWithASlowClock() {
        stage.task("greet", (payload, job) -> starts.incrementAndGet());
        JobId id = stage.enqueue("greet");
        Instant now = now();
        // held until now and sent, but not yet released, and this worker's clock is two minutes behind
        stage.memory.jobs().apply(id, new Lifecycle(Instant.EPOCH, "held").hold(stage.job(id), HoldReason.DUE, now));
        stage.memory.clock().set(now.minusSeconds(120));
        stage.memory.queue().loseAll(WorkerStage.POOL);
        stage.memory
                .queue()
                .send(WorkerStage.POOL, new JobQueue.Outgoing(JobMessage.of(stage.job(id)), Duration.ZERO, null));

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);
        stage.memory.jobs().apply(id, Lifecycle.release(stage.job(id)));
        stage.workUntilQuiet();

        assertThat(starts).hasValue(1);
    }

    @Test
    void aJobThatWasNotStartedInTimeIsDeadAsExpired() {
        stage.task("greet", (payload, job) -> starts.incrementAndGet());
        JobId id = stage.enqueueExpiring("greet", now().plusSeconds(60));
        stage.memory.clock().advance(Duration.ofSeconds(60));

        stage.workOnce();

        assertThat(starts).hasValue(0);
        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.EXPIRED);
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}
