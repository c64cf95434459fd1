package dev.longshore.suites;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Field;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.LimitKey;
import dev.longshore.job.NewJob;
import dev.longshore.job.Replacement;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.engines.Limiter;
import dev.longshore.job.engines.Limiter.Admission;
import dev.longshore.job.limit.LimitState;
import dev.longshore.job.limit.Slot;
import dev.longshore.job.limit.Waiter;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.suites.faults.Faults;
import dev.longshore.task.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Slots that several workers take at the same moment. */
class LimiterTest {
    private static final LimitKey KEY = new LimitKey("t", "");

    private final InMemoryEngines memory = InMemoryEngines.create();
    private final Faults faults = new Faults();
    private final Engines engines = faults.engines(memory.engines());
    private final Limiter limiter = new Limiter(engines);
    private int others;

    @Test
    void whoMeetsAnotherWriteReadsAgainAndTakesAFreeSlot() {
        otherWorkersWriteAfterEachRead(29);

        assertThat(limiter.take(enqueue(), KEY, 100, inAMinute())).isInstanceOf(Admission.Taken.class);
    }

    @Test
    void whoMeetsThirtyOtherWritesComesAgainInASecond() {
        otherWorkersWriteAfterEachRead(30);

        assertThat(limiter.take(enqueue(), KEY, 100, inAMinute())).isEqualTo(new Admission.Busy(now().plusSeconds(1)));
    }

    /**
     * Two messages of one job come in the same batch, at the same millisecond: the slots that they want are equal. Simulation, seed
     * 1319: the second took the slot of the first for its own, and gave it back.
     */
    @Test
    void aDoubleAtTheSameMillisecondIsBusyAlsoWhenItWroteAtTheSameMoment() {
        Job job = enqueue();
        faults.afterCalls("slots", 1, () -> new Limiter(memory.engines()).take(job, KEY, 100, inAMinute()));

        assertThat(limiter.take(job, KEY, 100, inAMinute())).isEqualTo(new Admission.Busy(inAMinute()));
    }

    /** The response to the write is lost, and before it is tried again another worker writes. The slot is free when its lease ends. */
    @Test
    void aSlotWhoseWriteIsNotRecognisedIsTakenByNoOtherJob() {
        faults.loseAnswer("replaceSlots", 1).afterCalls("replaceSlots", 1, this::otherWorkerWrites);

        assertThat(limiter.take(enqueue(), KEY, 100, inAMinute())).isEqualTo(new Admission.Busy(inAMinute()));
        assertThat(memory.limits().find(KEY).slots()).hasSize(2);
    }

    @Test
    void aSlotOfTheSameClaimThatAnotherWorkerHasIsBusy() {
        Job job = enqueue();
        limiter.take(job, KEY, 100, inAMinute());

        assertThat(limiter.take(job, KEY, 100, inAMinute().plusSeconds(1))).isEqualTo(new Admission.Busy(inAMinute()));
    }

    /**
     * A job that is handed a slot comes for it by a double of its message, before the worker that handed it on has read its row.
     * Simulation, seed 1553: that worker took the running job for one that has ended.
     */
    @Test
    void aJobThatRunsInItsSlotAlreadyKeepsIt() {
        Job first = enqueue();
        limiter.take(first, KEY, 1, inAMinute());
        Job second = enqueue();
        limiter.take(second, KEY, 1, inAMinute());
        faults.afterCalls("replaceSlots", 1, () -> {
            new Limiter(memory.engines()).take(second, KEY, 1, inAMinute());
            memory.jobs().apply(second.id(), new Lifecycle(now(), "claimed").claim(second.id(), inAMinute()));
        });

        limiter.end(KEY, first.id(), 1, 1);

        assertThat(memory.limits().find(KEY).slots()).containsExactly(new Slot(second.id(), inAMinute(), 1L));
    }

    /** It came for its slot when it was due by its worker's clock. Simulation, seed 4007: it was passed over, and was in no line. */
    @Test
    void aJobThatIsDueSecondsLaterByThisClockIsHandedItsSlot() {
        Job first = enqueue();
        limiter.take(first, KEY, 1, inAMinute());
        Job second = enqueueAt(now().plusSeconds(5));
        limiter.take(second, KEY, 1, inAMinute());
        Job third = enqueueAt(now().plusSeconds(6));
        limiter.take(third, KEY, 1, inAMinute());

        limiter.end(KEY, first.id(), 1, 1);
        assertThat(memory.limits().find(KEY).slots()).extracting(Slot::job).containsExactly(second.id());

        limiter.leave(KEY, second, 1);
        assertThat(memory.limits().find(KEY).slots())
                .as("a job whose backoff is long")
                .isEmpty();
    }

    @Test
    void aHeldJobThatIsNotDueAnyMoreWaitsForItsTimeAndForNoSlot() {
        Job first = enqueue();
        limiter.take(first, KEY, 1, inAMinute());
        Job second = enqueue();
        limiter.take(second, KEY, 1, inAMinute());
        memory.jobs().apply(second.id(), new Lifecycle(now(), "held").hold(second, HoldReason.limit(KEY), now()));
        Instant later = now().plusSeconds(3_600);
        memory.rows().plant(second.id(), memory.rows().row(second.id()).put(Field.DUE, later));

        limiter.end(KEY, first.id(), 1, 1);

        assertThat(memory.limits().find(KEY).slots()).isEmpty();
        assertThat(memory.jobs().find(second.id())).get().satisfies(job -> {
            assertThat(job.isHeldUntilDue()).isTrue();
            assertThat(job.indexedAt()).isEqualTo(later);
        });
    }

    /** A debounced job that waits for a slot is due later: it is sent when it is due. */
    @Test
    void aJobThatWaitsForASlotAndIsReplacedByALaterOneLeavesTheLimitsIndex() {
        Job waiting = enqueue();
        memory.jobs().apply(waiting.id(), new Lifecycle(now(), "held").hold(waiting, HoldReason.limit(KEY), now()));
        Job held = memory.jobs().find(waiting.id()).orElseThrow();
        NewJob later = NewJob.of(
                        JobId.next(now(), memory.random()), "t", "default", 3, Json.parse("2"), now(), "replaces")
                .at(now().plusSeconds(60));

        memory.jobs().apply(waiting.id(), Replacement.replaceWaiting(held, later));

        assertThat(memory.jobs().find(waiting.id())).get().matches(Job::isHeldUntilDue);
    }

    /** Simulation, seed 1854: it took the reserved slot with a lease that was over, and the next write dropped both. */
    @Test
    void aWorkerThatWasFrozenSinceItsLeaseBeganTakesNoSlot() {
        Job job = enqueue();

        assertThat(limiter.take(job, KEY, 1, now())).isEqualTo(new Admission.Busy(now()));
        assertThat(memory.limits().find(KEY)).isEqualTo(LimitState.EMPTY);
    }

    private void otherWorkersWriteAfterEachRead(int times) {
        if (times > 0) {
            faults.afterCalls("slots", 1, () -> {
                otherWorkerWrites();
                otherWorkersWriteAfterEachRead(times - 1);
            });
        }
    }

    private void otherWorkerWrites() {
        LimitState before = memory.limits().find(KEY);
        JobId other = JobId.of(now().toEpochMilli(), ++others, 0);
        LimitState after = before.arrive(new Waiter(other, now()), new Slot(other, inAMinute(), 1L), 100, now())
                .state()
                .writtenBy("other " + others, now());
        assertThat(memory.limits().replace(KEY, before, after, now())).isTrue();
    }

    private Job enqueue() {
        return enqueueAt(now());
    }

    private Job enqueueAt(Instant due) {
        NewJob job = NewJob.of(
                        JobId.next(now(), memory.random()), "t", "default", 3, Json.parse("{}"), now(), "created")
                .at(due.equals(now()) ? null : due);
        return new Enqueuer(memory.engines()).enqueue(job).job();
    }

    private Instant inAMinute() {
        return now().plusSeconds(60);
    }

    private Instant now() {
        return memory.clock().instant();
    }
}
