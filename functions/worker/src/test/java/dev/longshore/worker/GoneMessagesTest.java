package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.pause.Pausable;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.task.JobContext;
import dev.longshore.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Messages that SQS no longer has while their jobs run or wait: purged, past their retention, received by another. */
class GoneMessagesTest {
    private final WorkerStage stage = new WorkerStage();
    private final AtomicInteger starts = new AtomicInteger();

    @Test
    void aHandlerContinuesUnderItsLeaseWhenItsMessageIsPurged() {
        CountDownLatch end = new CountDownLatch(1);
        stage.waiter.handlersHang = true;
        stage.waiter.whileWaiting = () -> {
            stage.memory.queue().loseAll(WorkerStage.POOL);
            if (stage.faults.calls().stream().filter("hide"::equals).count() > 3) {
                stage.waiter.handlersHang = false;
                end.countDown();
            }
        };
        stage.task("long", (payload, job) -> {
                    end.await();
                    job.checkpoint("its context is open");
                    return "done";
                })
                .timeout(Duration.ofMinutes(5));
        JobId id = stage.enqueue("long");

        stage.workOnce();

        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(stage.result(id)).isEqualTo("\"done\"");
    }

    @Test
    void anAttemptIsNotUsedUpWhenTheFirstHidingFindsNoMessage() {
        stage.task("long", (payload, job) -> starts.incrementAndGet()).timeout(Duration.ofMinutes(5));
        JobId id = stage.enqueue("long");
        Received message = stage.receive();
        stage.memory.queue().loseAll(WorkerStage.POOL);

        stage.work(message);

        assertThat(starts).hasValue(1);
        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aRetryWhoseMessageIsGoneIsHeldAsDueAtTheEndOfItsBackoff() {
        stage.task("fail", (payload, job) -> {
                    throw new IllegalStateException("no");
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(40)).maxAttempts(3));
        assertHeldAsDueWhenItsMessageIsGone(stage.enqueue("fail"), JobState.RETRYING, Duration.ofSeconds(40));
    }

    @Test
    void aSnoozeWhoseMessageIsGoneIsHeldAsDue() {
        stage.task("wait", (payload, job) -> {
            throw job.snooze(Duration.ofSeconds(40));
        });
        assertHeldAsDueWhenItsMessageIsGone(stage.enqueue("wait"), JobState.RETRYING, Duration.ofSeconds(40));
    }

    @Test
    void aContinuationWhoseMessageIsGoneIsHeldAsDueNow() {
        stage.task("continue", (payload, job) -> {
            throw job.continueWith("cursor");
        });
        assertHeldAsDueWhenItsMessageIsGone(stage.enqueue("continue"), JobState.QUEUED, Duration.ZERO);
    }

    @Test
    void aRescuedJobWhoseMessageIsGoneIsHeldAsDueNow() {
        stage.task("crash", (payload, job) -> "done");
        JobId id = stage.enqueue("crash");
        Instant now = stage.memory.clock().instant();
        stage.memory.jobs().apply(id, new Lifecycle(now, "t").claim(id, now.plusSeconds(9)));
        stage.memory.clock().advance(Duration.ofSeconds(15));
        stage.memory.pauses().pause(Pausable.task("crash"), now, "me");

        assertHeldAsDueWhenItsMessageIsGone(id, JobState.RETRYING, Duration.ZERO);
    }

    @Test
    void aJobThatIsNotDueYetIsHeldWhenItsMessageIsGone() {
        stage.task("early", (payload, job) -> "done");
        JobId id = stage.enqueue("early");
        Instant now = stage.memory.clock().instant();
        Job claimed = ((Change.Outcome.Done)
                        stage.memory.jobs().apply(id, new Lifecycle(now, "t1").claim(id, now.plusSeconds(9))))
                .job();
        stage.memory.jobs().apply(id, new Lifecycle(now, "t2").snooze(claimed, Duration.ofSeconds(60), false));

        assertHeldAsDueWhenItsMessageIsGone(id, JobState.RETRYING, Duration.ofSeconds(61));
    }

    private void assertHeldAsDueWhenItsMessageIsGone(JobId id, JobState state, Duration in) {
        Received message = stage.receive();
        stage.memory.queue().loseAll(WorkerStage.POOL);

        assertThat(stage.work(message)).isEqualTo(Verdict.RETRY);

        Job job = stage.job(id);
        assertThat(job.state()).isEqualTo(state);
        assertThat(job.isHeldUntilDue()).isTrue();
        assertThat(job.indexedAt()).isEqualTo(stage.memory.clock().instant().plus(in));
    }

    @Test
    void aMessageThatCouldNotBeHiddenComesBackByItsVisibilityTimeout() {
        stage.task("fail", (payload, job) -> {
                    throw new IllegalStateException("no");
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(40)).maxAttempts(3));
        JobId id = stage.enqueue("fail");
        stage.faults.refuse("hide", 1);

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);

        assertThat(stage.job(id).isHeldUntilDue()).isFalse();
        assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL)).isNotNull();
    }

    @Test
    void aHeartbeatThatBreaksDownStopsItsHandlerAndClosesItsContext() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicReference<JobContext> context = new AtomicReference<>();
        stage.waiter.handlersHang = true;
        stage.task("long", (payload, job) -> {
                    context.set(job);
                    return WorkerStage.hangUntil(interrupted).handle(payload, job);
                })
                .timeout(Duration.ofMinutes(5));
        stage.enqueue("long");
        stage.faults.breakOnce("extendLease", new UnsupportedOperationException("a mistake of ours"));

        assertThatThrownBy(stage::workOnce).isInstanceOf(UnsupportedOperationException.class);

        interrupted.await();
        assertThatThrownBy(() -> context.get().checkpoint("x")).isInstanceOf(IllegalStateException.class);
    }
}
