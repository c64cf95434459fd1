package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.HistoryEntry;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.engines.HeldJobs;
import dev.longshore.task.JobContext;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work that takes longer than an invocation, and work that is cancelled. */
class LongJobsTest {
    private final WorkerStage stage = new WorkerStage();
    private final AtomicInteger starts = new AtomicInteger();

    // ---- continuing in a further invocation

    @Test
    void workContinuesAtOnceWhereItStoppedAndUsesUpNoAttempt() {
        List<Integer> cursors = new ArrayList<>();
        stage.task("walk", (payload, job) -> {
            int from = job.checkpoint(Integer.class).orElse(0);
            cursors.add(from);
            if (from == 2) {
                return "arrived";
            }
            throw job.continueWith(from + 1);
        });
        JobId id = stage.enqueue("walk");
        Instant start = now();

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);
        assertThat(stage.job(id).state()).isEqualTo(JobState.QUEUED);
        assertThat(stage.job(id).attempt()).isZero();
        stage.workUntilQuiet();

        assertThat(cursors).containsExactly(0, 1, 2);
        assertThat(stage.result(id)).isEqualTo("\"arrived\"");
        assertThat(stage.job(id).attempt()).isEqualTo(1);
        assertThat(now()).as("no second was waited").isEqualTo(start);
        assertThat(stage.job(id).history())
                .filteredOn(step -> step.state() == JobState.RUNNING)
                .extracting(HistoryEntry::attempt)
                .containsExactly(1, 1, 1);
        assertThat(stage.faults.calls())
                .filteredOn(call -> !call.equals("pauses"))
                .as("a continuation is one write")
                .containsSequence("claim", "continueLater", "hide", "claim");
    }

    @Test
    void aHundredContinuationsOutliveFortyReceivesWithoutAnAttemptAndWithoutAGap() {
        stage.task("walk", (payload, job) -> {
                    int from = job.checkpoint(Integer.class).orElse(0);
                    starts.incrementAndGet();
                    if (from < 100) {
                        throw job.continueWith(from + 1);
                    }
                    return "arrived";
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(1));
        JobId id = stage.enqueue("walk");
        int dispatched = 0;

        while (!stage.job(id).state().isTerminal()) {
            stage.workUntilQuiet();
            assertThat(stage.deadLetters()).isZero();
            if (stage.job(id).isHeldUntilDue()) {
                assertThat(stage.job(id).indexedAt())
                        .as("for the very next tick")
                        .isEqualTo(now());
                new HeldJobs(stage.memory.engines()).tryRelease(List.of(stage.job(id)));
                dispatched++;
            }
        }

        assertThat(starts).hasValue(101);
        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(stage.job(id).attempt()).isEqualTo(1);
        assertThat(stage.job(id).history()).hasSizeLessThanOrEqualTo(HistoryEntry.MOST + 1);
        assertThat(dispatched)
                .as("a minute at most in each eight continuations")
                .isEqualTo(12);
    }

    @Test
    void progressStaysOverAContinuationAndStartsAfreshWithANewAttempt() {
        List<Integer> seen = new ArrayList<>();
        stage.task("walk", (payload, job) -> {
                    seen.add(stage.job(JobId.parse(job.id()).orElseThrow()).progress());
                    return switch (starts.incrementAndGet()) {
                        case 1 -> {
                            job.progress(30);
                            job.progress(60); // within the second: kept for the next write
                            throw job.continueWith(1);
                        }
                        case 2 -> throw new IllegalStateException("fails after its continuation");
                        default -> "done";
                    };
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(2));
        JobId id = stage.enqueue("walk");

        stage.workOnce();
        assertThat(stage.job(id).progress()).isEqualTo(60);
        stage.workUntilQuiet();

        assertThat(seen).containsExactly(null, 60, null);
    }

    @Test
    void aContinuationWithoutProgressFailsInsteadOfLoopingForEver() {
        stage.task("circle", (payload, job) -> {
                    throw job.continueWith("here");
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(1));
        JobId id = stage.enqueue("circle");

        stage.workUntilQuiet();

        assertThat(stage.job(id).state()).isEqualTo(JobState.DEAD);
        assertThat(stage.job(id).error().message()).contains("for ever");
    }

    @Test
    void aCursorThatIsTooLargeFailsTheAttemptAndNamesBothSizes() {
        stage.task("heavy", (payload, job) -> {
                    throw job.continueWith("x".repeat(RunningJob.LARGEST_CHECKPOINT));
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(1));
        JobId id = stage.enqueue("heavy");

        stage.workUntilQuiet();

        assertThat(stage.job(id).error().message()).contains("16384").contains("16386");
    }

    @Test
    void aLostAnswerToAContinuationIsRecognised() {
        stage.task("walk", (payload, job) -> {
            if (starts.incrementAndGet() == 1) {
                throw job.continueWith(1);
            }
            return "done";
        });
        JobId id = stage.enqueue("walk");
        stage.faults.loseAnswer("continueLater", 1);

        stage.workUntilQuiet();

        assertThat(starts).hasValue(2);
        assertThat(stage.job(id).attempt()).isEqualTo(1);
    }

    @Test
    void aWorkerThatDiesBeforeItsContinuationIsWrittenLosesTheInvocationAndNotTheJob() {
        stage.task("walk", (payload, job) -> {
            if (starts.incrementAndGet() == 1) {
                throw job.continueWith(1);
            }
            return job.checkpoint(Integer.class).orElse(0);
        });
        JobId id = stage.enqueue("walk");
        stage.faults.refuse("continueLater", 3);

        assertThatThrownBy(stage::workOnce).isInstanceOf(StoreUnavailableException.class);
        stage.workUntilQuiet();

        assertThat(stage.result(id)).as("nothing of it was kept").isEqualTo("0");
        assertThat(stage.job(id).attempt()).isEqualTo(2);
    }

    @Test
    void aJobWithACancellationRequestDoesNotContinue() {
        stage.task("walk", (payload, job) -> {
            requestCancel(JobId.parse(job.id()).orElseThrow());
            throw job.continueWith(1);
        });
        JobId id = stage.enqueue("walk");

        stage.workUntilQuiet();

        assertThat(stage.states(id)).containsExactly(JobState.QUEUED, JobState.RUNNING, JobState.CANCELLED);
    }

    @Test
    void jobsThatAContinuationEnqueuesAreOthersThanThoseBeforeItAndTheSameInEachAttempt() {
        List<String> children = new ArrayList<>();
        stage.task("child", (payload, job) -> "done");
        stage.task("parent", (payload, job) -> {
                    int from = job.checkpoint(Integer.class).orElse(0);
                    children.add(job.enqueue("child", Json.parse("{\"part\":" + from + "}")));
                    return switch (starts.incrementAndGet()) {
                        case 1 -> throw job.continueWith(1);
                        case 2 -> throw new IllegalStateException("fails after it has enqueued");
                        default -> "done";
                    };
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(2));
        stage.enqueue("parent");

        stage.workUntilQuiet();

        assertThat(children).hasSize(3);
        assertThat(children.get(1)).isNotEqualTo(children.get(0)).isEqualTo(children.get(2));
    }

    @Test
    void jobsEnqueuedAfterACheckpointAreTheSameWhenTheNextAttemptContinuesFromIt() {
        List<String> children = new ArrayList<>();
        stage.task("child", (payload, job) -> "done");
        stage.task("parent", (payload, job) -> {
                    if (job.checkpoint(Integer.class).isEmpty()) {
                        children.add(job.enqueue("child", Json.parse("{\"part\":0}")));
                        job.checkpoint(1);
                    }
                    children.add(job.enqueue("child", Json.parse("{\"part\":1}")));
                    job.checkpoint(1); // the very same place: what follows is counted on
                    children.add(job.enqueue("child", Json.parse("{\"part\":2}")));
                    if (job.attempt() == 1) {
                        throw new IllegalStateException("fails behind its checkpoint");
                    }
                    return "done";
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(2));
        stage.enqueue("parent");

        stage.workUntilQuiet();

        assertThat(children).hasSize(5);
        assertThat(children.subList(0, 3)).doesNotHaveDuplicates();
        assertThat(children.subList(3, 5)).isEqualTo(children.subList(1, 3));
        assertThat(stage.memory.rows().all()).hasSize(4);
    }

    // ---- stopping on request

    @Test
    void aHandlerThatDoesNotHonourACancellationIsInterruptedAfterItsGraceTime() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        stage.waiter.handlersHang = true;
        stage.task("stubborn", WorkerStage.hangUntil(interrupted)).timeout(Duration.ofMinutes(5));
        JobId id = stage.enqueue("stubborn");
        stage.waiter.whileWaiting = () -> requestCancel(id);
        Instant start = now();

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        interrupted.await();
        assertThat(stage.states(id)).containsExactly(JobState.QUEUED, JobState.RUNNING, JobState.CANCELLED);
        assertThat(stage.job(id).attempt()).isEqualTo(1);
        assertThat(stage.job(id).finishedAt())
                .as("seen by the first heartbeat, then 30 s")
                .isEqualTo(start.plus(Lease.HEARTBEAT).plusSeconds(30));
    }

    @Test
    void theGraceTimeIsTheTasksOwnAndTheHandlerSeesItRunOut() {
        List<Duration> left = new ArrayList<>();
        CompletableFuture<JobContext> running = new CompletableFuture<>();
        stage.waiter.handlersHang = true;
        stage.task("stubborn", (payload, job) -> {
                    running.complete(job);
                    new CountDownLatch(1).await();
                    return null;
                })
                .timeout(Duration.ofMinutes(5))
                .cancelGrace(Duration.ofSeconds(50));
        JobId id = stage.enqueue("stubborn");
        stage.waiter.whileWaiting = () -> {
            left.add(running.join().timeLeft());
            requestCancel(id);
        };
        Instant start = now();

        stage.workOnce();

        assertThat(stage.job(id).finishedAt())
                .isEqualTo(start.plus(Lease.HEARTBEAT).plusSeconds(50));
        assertThat(left)
                .as("at each heartbeat, as it was before that")
                .containsExactly(
                        Duration.ofSeconds(280), Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ZERO);
    }

    @Test
    void aHandlerThatReturnsWithinTheGraceTimeHasSucceeded() {
        stage.waiter.handlersHang = true;
        CountDownLatch asked = new CountDownLatch(1);
        stage.task("finisher", (payload, job) -> {
                    asked.await();
                    return "done";
                })
                .timeout(Duration.ofMinutes(5));
        JobId id = stage.enqueue("finisher");
        stage.waiter.whileWaiting = () -> {
            requestCancel(id);
            asked.countDown();
            stage.waiter.handlersHang = false; // from now on it is waited for
        };

        stage.workOnce();

        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aTaskWithoutHeartbeatsIsLookedAtWhenItRunsLongerThanTwentySeconds() {
        stage.waiter.handlersHang = true;
        stage.task("short", (payload, job) -> {
                    new CountDownLatch(1).await();
                    return null;
                })
                .timeout(Duration.ofSeconds(110));
        JobId id = stage.enqueue("short");
        stage.waiter.whileWaiting = () -> requestCancel(id);
        Instant start = now();

        stage.workOnce();

        assertThat(stage.job(id).state()).isEqualTo(JobState.CANCELLED);
        assertThat(stage.job(id).finishedAt()).isEqualTo(start.plusSeconds(50));
        assertThat(stage.faults.calls()).doesNotContain("extendLease");
    }

    @Test
    void aTimeoutThatComesBeforeTheGraceIsOverStillEndsTheJobAsCancelled() {
        stage.waiter.handlersHang = true;
        stage.task("short", (payload, job) -> {
                    new CountDownLatch(1).await();
                    return null;
                })
                .timeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(2));
        JobId id = stage.enqueue("short");
        stage.waiter.whileWaiting = () -> requestCancel(id);

        stage.workOnce();

        assertThat(stage.job(id).state()).isEqualTo(JobState.CANCELLED);
    }

    // ---- steps

    private void requestCancel(JobId id) {
        Job job = stage.job(id);
        if (job.state() == JobState.RUNNING && job.cancelRequestedAt() == null) {
            stage.memory.jobs().apply(id, new OperatorChanges(now(), "requested").requestCancel("k"));
        }
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}
