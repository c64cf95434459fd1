package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.longshore.job.Body;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.HistoryEntry;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.Row;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class JobWorkerTest {
    record Greeting(String name) {}

    private final WorkerStage stage = new WorkerStage();
    private final AtomicInteger starts = new AtomicInteger();

    private static final RetryPolicy THREE_ATTEMPTS =
            RetryPolicy.fixed(Duration.ofSeconds(10)).maxAttempts(3);

    // ---- how a job ends

    @Test
    void aJobThatReturnsHasSucceededAfterThreeWritesAndOneRequest() {
        stage.task("greet", Greeting.class, (greeting, job) -> "Hello " + greeting.name());
        JobId id = stage.enqueue("greet", "{\"name\":\"Ada\"}");

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(stage.states(id)).containsExactly(JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED);
        assertThat(stage.result(id)).isEqualTo("\"Hello Ada\"");
        assertThat(stage.memory.rows().writes()).isEqualTo(3);
        assertThat(stage.memory.queue().requests()).isEqualTo(1);
    }

    @Test
    void aJobThatFailsTwiceSucceedsAtItsThirdAttemptAndItsHistorySaysSo() {
        stage.task("flaky", (payload, job) -> {
                    if (job.attempt() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    return job.attempt();
                })
                .retry(THREE_ATTEMPTS);
        JobId id = stage.enqueue("flaky");

        stage.workUntilQuiet();

        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(stage.job(id).error()).isNull();
        assertThat(stage.job(id).history())
                .extracting(HistoryEntry::state, HistoryEntry::attempt)
                .containsExactly(
                        tuple(JobState.QUEUED, null),
                        tuple(JobState.RUNNING, 1),
                        tuple(JobState.RETRYING, 1),
                        tuple(JobState.RUNNING, 2),
                        tuple(JobState.RETRYING, 2),
                        tuple(JobState.RUNNING, 3),
                        tuple(JobState.SUCCEEDED, 3));
    }

    @Test
    void aJobWhoseAttemptsAreUsedUpIsDeadAsExhaustedAndItsMessageIsWithTheDeadLetters() {
        stage.task("broken", (payload, job) -> {
                    throw new IllegalStateException("attempt " + starts.incrementAndGet());
                })
                .retry(THREE_ATTEMPTS);
        JobId id = stage.enqueue("broken");

        stage.workUntilQuiet();

        assertThat(starts).hasValue(3);
        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.EXHAUSTED);
        assertThat(stage.job(id).error().message()).isEqualTo("attempt 3");
        assertThat(stage.deadLetters()).isEqualTo(1);
    }

    @Test
    void deathOfAJobWhosePoolIsGoneGoesToTheDeadLettersOfThePoolThatDeliveredIt() {
        stage.task("hopeless", (payload, job) -> {
            throw job.discard("no");
        });
        JobId id = stage.enqueue("hopeless");
        stage.memory.rows().plant(id, stage.memory.rows().row(id).put(Field.POOL, "gone"));
        stage.memory.queue().sendRaw("another", "the first of all pools by name");
        stage.memory.queue().removePool("gone");

        stage.workOnce();

        assertThat(stage.memory.queue().deadLetters(WorkerStage.POOL)).hasSize(1);
        assertThat(stage.memory.queue().deadLetters("another")).isEmpty();
    }

    @Test
    void aDiscardedJobIsDeadAtOnce() {
        stage.task("hopeless", (payload, job) -> {
            throw job.discard("no such customer");
        });
        JobId id = stage.enqueue("hopeless");

        stage.workOnce();

        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.DISCARDED);
        assertThat(stage.job(id).attempt()).isEqualTo(1);
        assertThat(stage.job(id).error().message()).isEqualTo("no such customer");
    }

    @Test
    void anErrorThatThePolicyCallsHopelessIsNotTriedAgain() {
        stage.task("strict", (payload, job) -> {
                    throw new IllegalArgumentException("bad");
                })
                .retry(THREE_ATTEMPTS.discardOn(IllegalArgumentException.class));
        JobId id = stage.enqueue("strict");

        stage.workOnce();

        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.DISCARDED);
        assertThat(stage.job(id).error().type()).isEqualTo("java.lang.IllegalArgumentException");
    }

    @Test
    void aSnoozeUsesUpNoAttempt() {
        stage.task("sleepy", (payload, job) -> {
                    if (starts.incrementAndGet() <= 4) {
                        throw job.snooze(Duration.ofSeconds(30));
                    }
                    return job.attempt();
                })
                .retry(THREE_ATTEMPTS);
        JobId id = stage.enqueue("sleepy");

        stage.workUntilQuiet();

        assertThat(starts).hasValue(5);
        assertThat(stage.result(id)).isEqualTo("1");
    }

    @Test
    void aHandlerThatNamesItsOwnDelayIsTriedAgainAfterJustThat() {
        stage.task("polite", (payload, job) -> {
            throw job.retryIn(Duration.ofSeconds(77), "429 with Retry-After");
        });
        JobId id = stage.enqueue("polite");
        Instant start = stage.memory.clock().instant();

        stage.workOnce();

        assertThat(stage.job(id).due()).isEqualTo(start.plusSeconds(77));
        assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL)).isEqualTo(start.plusSeconds(77));
    }

    @Test
    void aBackoffLongerThanAMessageTimerWaitsInTheDueIndexAndNotInTheQueue() {
        stage.task("later", (payload, job) -> {
            throw job.retryIn(Duration.ofHours(3), "maintenance");
        });
        JobId id = stage.enqueue("later");

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(stage.job(id).isHeldUntilDue()).isTrue();
        assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL)).isNull();
        Instant due = stage.memory.clock().instant().plus(Duration.ofHours(3));
        assertThat(stage.memory
                        .jobs()
                        .held(HoldReason.DUE, id.shard(), due, null, 10)
                        .items())
                .extracting(Job::id)
                .containsExactly(id);
    }

    @Test
    void aResultThatIsTooLargeKillsTheJobAndNamesBothSizes() {
        stage.task("verbose", (payload, job) -> "x".repeat(256 * 1024));
        JobId id = stage.enqueue("verbose");

        stage.workOnce();

        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.RESULT_TOO_LARGE);
        assertThat(stage.job(id).error().message()).contains("262146 bytes").contains("262144 are allowed");
    }

    @Test
    void sizesOfResultsCountBytesOfUtf8AndNotCharacters() {
        stage.task("umlauts", (payload, job) -> "ü".repeat(131_072));
        JobId id = stage.enqueue("umlauts");

        stage.workOnce();

        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.RESULT_TOO_LARGE);
    }

    @Test
    void aPayloadThatNoLongerDecodesIsDeadAsUndecodableAndItsHandlerNeverStarted() {
        stage.task("greet", Greeting.class, (greeting, job) -> starts.incrementAndGet());
        JobId id = stage.enqueue("greet", "{\"name\":[1]}");

        stage.workOnce();

        assertThat(starts).hasValue(0);
        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.UNDECODABLE);
        assertThat(stage.job(id).attempt()).isZero();
        assertThat(stage.job(id).error().message()).contains("/name");
    }

    @Test
    void aPayloadOfAnOlderFormIsReadAsTheTaskSays() {
        record Older(String firstName) {}
        stage.task("greet", Greeting.class, (greeting, job) -> "Hello " + greeting.name())
                .alsoReads(Older.class, older -> new Greeting(older.firstName()));
        JobId id = stage.enqueue("greet", "{\"name\":{\"first\":\"Ada\"},\"firstName\":\"Ada\"}");

        stage.workOnce();

        assertThat(stage.result(id)).isEqualTo("\"Hello Ada\"");
    }

    @Test
    void aHandlerThatThrowsAnErrorIsTriedAgainLikeAnyOther() {
        stage.task("overflow", (payload, job) -> {
                    if (job.attempt() == 1) {
                        throw new StackOverflowError();
                    }
                    return "fine";
                })
                .retry(THREE_ATTEMPTS);
        JobId id = stage.enqueue("overflow");

        stage.workUntilQuiet();

        assertThat(stage.states(id)).contains(JobState.RETRYING).endsWith(JobState.SUCCEEDED);
    }

    @Test
    void aHandlerEnqueuesNoPayloadThatTheApiWouldNotTake() {
        stage.task("small", (payload, job) -> null);
        stage.task("parent", (payload, job) -> job.enqueue("small", "x".repeat(Body.LARGEST - 1)))
                .retry(RetryPolicy.never());
        JobId id = stage.enqueue("parent");

        stage.workUntilQuiet();

        assertThat(stage.job(id).error().message())
                .contains("at most " + Body.LARGEST + " bytes", "this one has " + (Body.LARGEST + 1));
        assertThat(stage.memory.rows().all()).hasSize(1);
    }

    // ---- what workers of two deployments see of each other

    @Test
    void aTaskThatThisWorkerLacksWaitsForADeploymentAndIsThenDead() {
        JobId id = stage.enqueue("brand-new");

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);
        assertThat(stage.job(id).state()).isEqualTo(JobState.QUEUED);

        stage.workUntilQuiet();
        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.UNKNOWN_TASK);
        assertThat(stage.job(id).attempt()).isZero();
        assertThat(stage.job(id).error().message()).contains("brand-new").contains("10 minutes");
    }

    @Test
    void aRowOfANewerFormatIsLeftAloneForAMinuteAndUsesUpNoAttempt() {
        stage.task("greet", (payload, job) -> starts.incrementAndGet());
        JobId id = stage.enqueue("greet");
        Row row = stage.memory.rows().row(id).put(Field.FORMAT, Job.FORMAT + 1);
        stage.memory.rows().plant(id, row);

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);

        assertThat(starts).hasValue(0);
        assertThat(stage.job(id).attempt()).isZero();
        assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL)).isEqualTo(now().plusSeconds(60));
    }

    @Test
    void aMessageOfANewerFormatIsLeftAloneForAMinute() {
        stage.memory
                .queue()
                .sendRaw(
                        WorkerStage.POOL,
                        "{\"v\":2,\"id\":\"01977b5e-0000-7000-8000-000000000001\",\"task\":\"greet\"}");

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);

        assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL)).isEqualTo(now().plusSeconds(60));
    }

    @Test
    void anUnreadableMessageGoesToTheDeadLettersWithItsBytes() {
        stage.memory.queue().sendRaw(WorkerStage.POOL, "\u0000 no job {");

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        List<Received> letters = stage.memory.queue().receiveDeadLetters(WorkerStage.POOL, 10);
        assertThat(letters).extracting(Received::body).containsExactly("\u0000 no job {");
    }

    // ---- cancellation

    @Test
    void aHandlerThatHonoursACancellationEndsTheJobAsCancelled() {
        stage.task("patient", (payload, job) -> {
            stage.memory
                    .jobs()
                    .apply(
                            JobId.parse(job.id()).orElseThrow(),
                            new OperatorChanges(now(), "requested").requestCancel("ops"));
            stage.memory.clock().advance(Duration.ofSeconds(2));
            if (job.cancelRequested()) {
                throw job.cancelled();
            }
            return "continued";
        });
        JobId id = stage.enqueue("patient");

        stage.workOnce();

        assertThat(stage.job(id).state()).isEqualTo(JobState.CANCELLED);
        assertThat(stage.job(id).history().getLast().by()).isEqualTo("ops");
    }

    @Test
    void aSuccessBeforeACancellationIsKept() {
        stage.task("quick", (payload, job) -> {
            stage.memory
                    .jobs()
                    .apply(
                            JobId.parse(job.id()).orElseThrow(),
                            new OperatorChanges(now(), "requested").requestCancel("ops"));
            return "done";
        });
        JobId id = stage.enqueue("quick");

        stage.workOnce();

        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aFailureAfterACancellationRequestIsNotRetried() {
        stage.task("failing", (payload, job) -> {
            stage.memory
                    .jobs()
                    .apply(
                            JobId.parse(job.id()).orElseThrow(),
                            new OperatorChanges(now(), "requested").requestCancel("ops"));
            throw new IllegalStateException("broke off");
        });
        JobId id = stage.enqueue("failing");

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(stage.job(id).state()).isEqualTo(JobState.CANCELLED);
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }

    @Test
    void aJobUnderAnIdempotencyKeyIsKeptAsLongAsTheKey() {
        stage.task("brief", (payload, job) -> "done").retention(Duration.ofDays(1));
        Instant now = stage.memory.clock().instant();
        NewJob keyed = NewJob.of(
                        JobId.next(now, stage.memory.random()), "brief", WorkerStage.POOL, 3, Json.parse("1"), now, "t")
                .underKey("k", "hash");
        new Enqueuer(stage.memory.engines()).enqueue(keyed);
        JobId plain = stage.enqueue("brief");

        stage.workUntilQuiet();

        assertThat(stage.job(keyed.id()).keptUntil()).isEqualTo(now.plus(NewJob.KEY_RETENTION));
        assertThat(stage.job(plain).keptUntil()).isEqualTo(now.plus(Duration.ofDays(1)));
    }
}
