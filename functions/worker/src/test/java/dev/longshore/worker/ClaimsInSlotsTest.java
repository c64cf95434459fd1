package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.DeadReason;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobQueue.Outgoing;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.RunsAs;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.limit.LimitState;
import dev.longshore.memory.InMemoryJobQueue.Received;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Slots whose claim is not made, is made by another worker, or comes late. */
class ClaimsInSlotsTest extends LimitSteps {
    // ---- claims that are not made

    @Test
    void aJobThatIsCancelledBetweenSlotAndClaimGivesItsSlotBack() {
        limited(1);
        JobId id = stage.enqueue("sync", "1");
        stage.faults.afterCalls("replaceSlots", 1, () -> cancel(id));

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(started).isEmpty();
        assertThat(slots(SYNC)).isEmpty();
    }

    /** The second message of a job comes while its first is between slot and claim: it must neither run nor free the slot. */
    @Test
    void aDoubleDeliveryLeavesTheSlotToTheWorkerThatHasIt() {
        limited(1);
        JobId id = stage.enqueue("sync", "1");
        stage.memory.queue().send(WorkerStage.POOL, Outgoing.of(stage.job(id), now()));
        stage.faults.afterCalls("replaceSlots", 1, () -> {
            assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);
            assertThat(slots(SYNC)).hasSize(1);
        });

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(started).containsExactly("1");
        stage.workUntilQuiet();
        assertThat(started).containsExactly("1");
        assertThat(slots(SYNC)).isEmpty();
    }

    /** The first worker is frozen between slot and claim, and its slot's lease ends. A second one takes slot and job. */
    @Test
    void aFrozenWorkerNeitherClaimsTheJobNorFreesTheSlotOfTheNextOne() {
        limited(1);
        JobId id = stage.enqueue("sync", "1");
        meanwhile = () -> {};
        stage.faults.afterCalls("replaceSlots", 1, () -> {
            stage.memory.clock().advance(Duration.ofSeconds(46));
            stage.memory.queue().send(WorkerStage.POOL, Outgoing.of(stage.job(id), now()));
            stage.faults.breakOnce("succeed", new IllegalStateException("still at work"));
            assertThatThrownBy(stage::workOnce).hasMessage("still at work");
        });

        stage.workOnce();

        assertThat(started).containsExactly("1");
        assertThat(slots(SYNC)).hasSize(1);
        assertThat(stage.job(id).fence()).isEqualTo(1);
    }

    /** The message is older than a redrive as another task, which comes between the slot and the claim. */
    @Test
    void aJobThatBecomesOneOfAnotherTaskIsNotRunByTheTaskOfItsMessage() {
        limited(1);
        stage.task("other", this::run);
        JobId id = stage.enqueue("sync", "1");
        stage.faults.afterCalls("replaceSlots", 1, () -> {
            Job waiting = stage.job(id);
            JobError error = new JobError("Gone", "no worker");
            stage.memory
                    .jobs()
                    .apply(id, new Lifecycle(now(), "kill").killUnrunnable(waiting, DeadReason.UNKNOWN_TASK, error));
            stage.memory
                    .jobs()
                    .apply(
                            id,
                            new OperatorChanges(now(), "redrive")
                                    .redriveAsTask(stage.job(id), new RunsAs("other", WorkerStage.POOL), false, "k"));
        });

        stage.workOnce();

        assertThat(started).isEmpty();
        assertThat(stage.job(id).attempt()).as("given back").isZero();
        assertThat(slots(SYNC)).isEmpty();
        stage.workUntilQuiet();
        assertThat(started).containsExactly("1");
    }

    @Test
    void aWorkerThatIsFrozenFromSlotToClaimRunsNothing() {
        limited(1);
        JobId id = stage.enqueue("sync", "1");
        stage.faults.afterCalls("claim", 1, () -> stage.memory.clock().advance(Duration.ofSeconds(46)));

        stage.workOnce();

        assertThat(started).isEmpty();
        assertThat(stage.job(id).attempt()).as("given back").isZero();
        assertThat(slots(SYNC)).isEmpty();
    }

    @Test
    void aHoldThatIsWrittenTooLateHasTheJobComeAgain() {
        limited(1);
        stage.enqueue("sync", "1");
        JobId second = stage.enqueue("sync", "2");
        meanwhile = () -> {
            stage.faults.afterCalls(
                    "hold", 1, () -> stage.memory.clock().advance(LimitState.LATEST_HOLD.plusMillis(1)));
            assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);
            assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);
            assertThat(stage.job(second).isHeld()).isTrue();
        };

        stage.workOnce();
    }

    /** The same for a job that was held for the same thing before, until another time. Simulation, seed 5662. */
    @Test
    void aHoldOfALimitLeavesAnotherHoldOfTheSameReason() {
        limited(1);
        stage.enqueue("sync", "1");
        JobId second = stage.enqueue("sync", "2");
        hold(second, HoldReason.DUE);
        meanwhile = () -> {
            stage.memory.clock().advance(Duration.ofSeconds(1));
            stage.faults.afterCalls("replaceSlots", 1, () -> hold(second, HoldReason.DUE));
            assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);
            assertThat(stage.job(second).isHeldUntilDue()).isTrue();
        };

        stage.workOnce();

        assertThat(started).containsExactly("1");
    }

    /**
     * Between its place in the line and its hold the job is handed a slot, and is then held for something else. Simulation, seed 2908:
     * the hold of the limit took it out of that index, and it was in no line.
     */
    @Test
    void aHoldOfALimitLeavesTheHoldThatCameFirst() {
        limited(1);
        stage.enqueue("sync", "1");
        JobId second = stage.enqueue("sync", "2");
        meanwhile = () -> {
            stage.faults.afterCalls("replaceSlots", 1, () -> hold(second, HoldReason.DUE));
            assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);
            assertThat(stage.job(second).isHeldUntilDue()).isTrue();
        };

        stage.workOnce();

        assertThat(started).containsExactly("1");
    }

    @Test
    void aSlotThatCannotBeReadUsesUpNoAttempt() {
        limited(1);
        JobId id = stage.enqueue("sync", "1");
        stage.faults.refuse("slots", 1);
        Received message = stage.receive();

        assertThatThrownBy(() -> stage.work(message)).isInstanceOf(StoreUnavailableException.class);

        assertThat(stage.job(id).attempt()).isZero();
        assertThat(slots(SYNC)).isEmpty();
    }

    @Test
    void aSlotWhoseWriteLostItsResponseIsTakenOnce() {
        limited(1);
        stage.enqueue("sync", "1");
        stage.faults.loseAnswer("replaceSlots", 1);

        stage.workOnce();

        assertThat(started).containsExactly("1");
        assertThat(slots(SYNC)).isEmpty();
    }
}
