package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.Progress;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The four promises of the design, each against what would break it. */
class PromisesTest {
    private final WorkerStage stage = new WorkerStage();
    private final AtomicInteger starts = new AtomicInteger();

    // ---- an own write whose answer was lost is no conflict

    @ParameterizedTest
    @ValueSource(strings = {"claim", "succeed"})
    void aLostAnswerToOnesOwnWriteIsRecognisedAndTheJobRunsOnce(String write) {
        stage.task("count", (payload, job) -> starts.incrementAndGet());
        JobId id = stage.enqueue("count");
        stage.faults.loseAnswer(write, 1);

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(starts).hasValue(1);
        assertThat(stage.states(id)).containsExactly(JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED);
    }

    @Test
    void aLostAnswerToARetryStillTimesItsMessage() {
        stage.task("broken", (payload, job) -> {
                    throw new IllegalStateException("no");
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(40)).maxAttempts(2));
        stage.enqueue("broken");
        stage.faults.loseAnswer("retry", 1);

        stage.workOnce();

        assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL)).isEqualTo(now().plusSeconds(40));
    }

    @Test
    void aLostAnswerToADeathStillBringsItsMessageToTheDeadLetters() {
        stage.task("hopeless", (payload, job) -> {
            throw job.discard("no");
        });
        stage.enqueue("hopeless");
        stage.faults.loseAnswer("kill", 1);

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(stage.deadLetters()).isEqualTo(1);
    }

    // ---- one terminal state, however late a dead worker wakes

    @Test
    void aLateWorkerCannotChangeAJobThatAnotherHasTaken() {
        Duration longGone = Duration.ofMinutes(2);
        List<Job> first = new ArrayList<>();
        stage.task("slow", (payload, job) -> {
                    if (job.fence() == 1) {
                        first.add(stage.job(JobId.parse(job.id()).orElseThrow()));
                        stage.memory.clock().advance(longGone); // frozen: its lease runs out meanwhile
                        stage.work(stage.receive()); // the message came back to another worker
                        return "late";
                    }
                    return "in time";
                })
                .timeout(Duration.ofSeconds(30));
        JobId id = stage.enqueue("slow");

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);

        assertThat(stage.result(id)).isEqualTo("\"in time\"");
        assertThat(stage.states(id))
                .containsExactly(JobState.QUEUED, JobState.RUNNING, JobState.RUNNING, JobState.SUCCEEDED);
        Job late = first.getFirst();
        for (Change write : List.of(
                Lifecycle.progress(late, new Progress(50, null)),
                Lifecycle.extendLease(late, now().plusSeconds(60)),
                Lifecycle.checkpoint(late, Json.parse("1")))) {
            assertThat(stage.memory.jobs().apply(id, write)).isInstanceOf(Change.Outcome.Refused.class);
        }
    }

    @Test
    void aLateWorkersCheckpointIsRefusedAndStopsIt() {
        List<Throwable> refusals = new ArrayList<>();
        stage.task("slow", (payload, job) -> {
                    if (job.fence() == 1) {
                        stage.memory.clock().advance(Duration.ofMinutes(2));
                        stage.memory
                                .jobs()
                                .apply(
                                        JobId.parse(job.id()).orElseThrow(),
                                        new Lifecycle(now(), "other")
                                                .claim(JobId.parse(job.id()).orElseThrow(), now().plusSeconds(60)));
                        try {
                            job.checkpoint("mine");
                        } catch (IllegalStateException e) {
                            refusals.add(e);
                            throw e;
                        }
                    }
                    return "done";
                })
                .timeout(Duration.ofSeconds(30));
        stage.enqueue("slow");

        stage.workOnce();

        assertThat(refusals).hasSize(1);
        assertThat(refusals.getFirst())
                .hasMessageContaining("claimed elsewhere")
                .hasMessageContaining("fence 1");
    }

    @Test
    void aDuplicateDeliveryDuringARunWaitsForItsEndAndStartsNothing() {
        List<Verdict> verdicts = new ArrayList<>();
        stage.task("slow", (payload, job) -> {
                    starts.incrementAndGet();
                    verdicts.add(stage.work(stage.receive()));
                    return "done";
                })
                .timeout(Duration.ofSeconds(30));
        JobId id = stage.enqueue("slow");
        stage.memory
                .queue()
                .send(WorkerStage.POOL, new JobQueue.Outgoing(JobMessage.of(stage.job(id)), Duration.ZERO, null));

        stage.workOnce();

        assertThat(verdicts).containsExactly(Verdict.RETRY);
        assertThat(starts).hasValue(1);
        Instant leaseIsOver = now().plusSeconds(30).plus(Lease.OUTCOME).plus(Lifecycle.CLOCK_SKEW);
        assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL)).isEqualTo(leaseIsOver);
        stage.workUntilQuiet();
        assertThat(starts).hasValue(1);
    }

    @Test
    void aDuplicateDeliveryAfterTheEndIsDropped() {
        stage.task("count", (payload, job) -> starts.incrementAndGet());
        JobId id = stage.enqueue("count");
        for (int i = 0; i < 3; i++) {
            stage.memory
                    .queue()
                    .send(WorkerStage.POOL, new JobQueue.Outgoing(JobMessage.of(stage.job(id)), Duration.ZERO, null));
        }

        stage.workUntilQuiet();

        assertThat(starts).hasValue(1);
        assertThat(stage.states(id)).containsExactly(JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED);
    }

    @Test
    void aCancelledJobIsNotBroughtBackToLifeByALateDelivery() {
        stage.task("count", (payload, job) -> starts.incrementAndGet());
        JobId id = stage.enqueue("count");
        stage.memory
                .jobs()
                .apply(id, new OperatorChanges(now(), "t").cancelWaiting(stage.job(id), Duration.ofSeconds(60), "ops"));

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(starts).hasValue(0);
        assertThat(stage.job(id).state()).isEqualTo(JobState.CANCELLED);
    }

    // ---- a crash between any two calls loses nothing

    @Test
    void aWorkerThatDiesAfterItsClaimIsFollowedByAnotherWhenItsLeaseIsOver() {
        stage.task("count", (payload, job) -> starts.incrementAndGet()).timeout(Duration.ofSeconds(10));
        JobId id = stage.enqueue("count");
        stage.memory.jobs().apply(id, new Lifecycle(now(), "of the dead").claim(id, now().plusSeconds(15)));

        assertThat(stage.workOnce()).as("its lease still holds").isEqualTo(Verdict.RETRY);
        stage.workUntilQuiet();

        assertThat(starts).hasValue(1);
        assertThat(stage.job(id).attempt()).isEqualTo(2);
        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aJobThatKillsItsWorkerEachTimeIsDeadAsCrashed() {
        stage.task("killer", (payload, job) -> "never")
                .timeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.exponential().maxAttempts(3));
        JobId id = stage.enqueue("killer");
        for (int crash = 1; crash <= 3; crash++) {
            stage.memory.jobs().apply(id, new Lifecycle(now(), "crash " + crash).claim(id, now().plusSeconds(15)));
            stage.memory.clock().advance(Duration.ofMinutes(1));
        }

        stage.workOnce();

        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.CRASHED);
        assertThat(stage.job(id).attempt()).isEqualTo(3);
        assertThat(stage.deadLetters()).isEqualTo(1);
    }

    @Test
    void aWorkerThatDiesBetweenARetryAndTheTimingOfItsMessageLosesNothing() {
        stage.task("flaky", (payload, job) -> {
                    if (starts.incrementAndGet() == 1) {
                        throw new IllegalStateException("first");
                    }
                    return "done";
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).maxAttempts(3));
        JobId id = stage.enqueue("flaky");
        stage.faults.refuse("hide", 1);

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);
        stage.workUntilQuiet();

        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aDeathWhoseDeadLetterWasNotSentIsHandledAtTheNextDelivery() {
        stage.task("hopeless", (payload, job) -> {
            throw job.discard("no");
        });
        stage.enqueue("hopeless");
        stage.faults.refuse("sendToDeadLetters", 1);

        assertThatThrownBy(stage::workOnce).isInstanceOf(StoreUnavailableException.class);
        assertThat(stage.deadLetters()).isZero();
        stage.workUntilQuiet();

        assertThat(stage.deadLetters()).isEqualTo(1);
    }

    @Test
    void anOutcomeThatCouldNotBeWrittenIsReachedByAnotherAttempt() {
        stage.task("count", (payload, job) -> starts.incrementAndGet()).timeout(Duration.ofSeconds(10));
        JobId id = stage.enqueue("count");
        stage.faults.refuse("succeed", 3);

        assertThatThrownBy(stage::workOnce).isInstanceOf(StoreUnavailableException.class);
        stage.workUntilQuiet();

        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(starts).as("at least once").hasValue(2);
    }

    // ---- an attempt counts only when the handler started

    @Test
    void aClaimThatWasRefusedByAThrottledStoreUsesUpNoAttempt() {
        stage.task("count", (payload, job) -> starts.incrementAndGet());
        JobId id = stage.enqueue("count");
        stage.faults.refuse("claim", 3);

        assertThatThrownBy(stage::workOnce).isInstanceOf(StoreUnavailableException.class);

        assertThat(stage.job(id).attempt()).isZero();
        stage.workUntilQuiet();
        assertThat(stage.job(id).attempt()).isEqualTo(1);
    }

    @Test
    void aWorkerThatHasToStopGivesItsJobBackWithItsAttempt() throws InterruptedException {
        stage.task("long", (payload, job) -> {
            if (starts.incrementAndGet() == 1) {
                new CountDownLatch(1).await();
            }
            return job.attempt();
        });
        JobId id = stage.enqueue("long");
        Received message = stage.receive();
        List<Verdict> verdicts = new ArrayList<>();
        Thread worker = Thread.ofVirtual().start(() -> verdicts.add(stage.work(message)));
        while (starts.get() == 0) {
            Thread.onSpinWait();
        }

        worker.interrupt();
        worker.join();

        assertThat(verdicts).containsExactly(Verdict.RETRY);
        assertThat(stage.job(id).attempt()).isZero();
        stage.workUntilQuiet();
        assertThat(stage.result(id)).isEqualTo("1");
    }

    @Test
    void anInterruptedHandlerIsAFailedAttempt() {
        stage.task("interrupted", (payload, job) -> {
                    if (job.attempt() == 1) {
                        throw new InterruptedException("by a library");
                    }
                    return "done";
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(2));
        JobId id = stage.enqueue("interrupted");

        stage.workUntilQuiet();

        assertThat(stage.states(id))
                .containsExactly(
                        JobState.QUEUED, JobState.RUNNING, JobState.RETRYING, JobState.RUNNING, JobState.SUCCEEDED);
    }

    // ---- what a handler requests

    @Test
    void jobsThatAHandlerEnqueuesAreTheSameInItsNextAttempt() {
        List<String> children = new ArrayList<>();
        stage.task("child", (payload, job) -> "fine");
        stage.task("parent", (payload, job) -> {
                    children.add(job.enqueue("child", Map.of("n", 1)));
                    children.add(job.enqueue("child", Map.of("n", 2)));
                    if (job.attempt() == 1) {
                        throw new IllegalStateException("after its children");
                    }
                    return "done";
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(2));
        stage.enqueue("parent");

        stage.workUntilQuiet();

        assertThat(children).hasSize(4);
        assertThat(children.subList(0, 2)).isEqualTo(children.subList(2, 4)).doesNotHaveDuplicates();
        assertThat(stage.memory.rows().all()).hasSize(3).allMatch(job -> job.state() == JobState.SUCCEEDED);
    }

    @Test
    void aCheckpointIsThereForTheNextAttempt() {
        stage.task("resuming", (payload, job) -> {
                    int done = job.checkpoint(Integer.class).orElse(0);
                    if (done < 2) {
                        job.checkpoint(done + 1);
                        throw new IllegalStateException("broke off after " + (done + 1));
                    }
                    return done;
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(5));
        JobId id = stage.enqueue("resuming");

        stage.workUntilQuiet();

        assertThat(stage.result(id)).isEqualTo("2");
        assertThat(stage.job(id).attempt()).isEqualTo(3);
    }

    @Test
    void progressIsWrittenAtMostOnceASecondAndItsLastValueIsKept() {
        stage.task("tight", (payload, job) -> {
            for (int percent = 0; percent <= 90; percent++) {
                job.progress(percent);
            }
            return "done";
        });
        JobId id = stage.enqueue("tight");

        stage.workOnce();

        assertThat(stage.faults.calls()).containsOnlyOnce("progress");
        assertThat(stage.job(id).progress()).isEqualTo(90);
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}
