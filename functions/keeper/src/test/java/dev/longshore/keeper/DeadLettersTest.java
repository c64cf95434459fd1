package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Body;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.JobId;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobState;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.task.DeathHook.DeadJob;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
    private final KeeperStage stage = new KeeperStage();

    @Test
    void aCrashedJobWithAttemptsLeftIsRescuedWithBackoff() {
        stage.tasks
                .add("t", Json.class, (payload, job) -> null)
                .retry(RetryPolicy.fixed(Duration.ofSeconds(20)).maxAttempts(3));
        JobId id = stage.claimedByTheDead(3);
        stage.letterFor(id);
        stage.memory.clock().advance(Duration.ofMinutes(1));

        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.DELETE);

        assertThat(stage.job(id).state()).isEqualTo(JobState.RETRYING);
        assertThat(stage.job(id).attempt()).isEqualTo(1);
        assertThat(stage.job(id).error().type()).isEqualTo("Crashed");
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL))
                .isEqualTo(stage.now().plusSeconds(20));
    }

    @Test
    void aCrashedJobWithoutAttemptsIsDeadAsCrashed() {
        JobId id = stage.claimedByTheDead(1);
        stage.letterFor(id);
        stage.memory.clock().advance(Duration.ofMinutes(1));

        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.DELETE);

        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.CRASHED);
        assertThat(stage.job(id).deathHandled()).isTrue();
    }

    @Test
    void aJobThatStillRunsUnderItsLeaseIsLeftUntilTheLeaseIsOver() {
        JobId id = stage.claimedByTheDead(3);
        stage.letterFor(id);

        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.RETRY);

        assertThat(stage.job(id).state()).isEqualTo(JobState.RUNNING);
        stage.memory.clock().advance(Duration.ofSeconds(34));
        assertThat(stage.handleDeadLetters())
                .as("hidden for the lease and the clocks' skew")
                .isEmpty();
        stage.memory.clock().advance(Duration.ofSeconds(1));
        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.DELETE);
    }

    @Test
    void aWaitingJobWhoseReceivesWereUsedUpGoesBackToItsQueueAndUsesUpNoAttempt() {
        JobId id = stage.enqueue(3, Duration.ZERO);
        stage.memory.queue().loseAll(KeeperStage.POOL);
        stage.letterFor(id);

        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.DELETE);

        assertThat(stage.job(id).state()).isEqualTo(JobState.QUEUED);
        assertThat(stage.job(id).attempt()).isZero();
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL))
                .isEqualTo(stage.now().plusSeconds(60));
    }

    @Test
    void aWaitingJobWhoseTimeToStartIsOverIsDeadAsExpiredWhenItsLetterComes() {
        JobId id = stage.enqueue(3, Duration.ZERO);
        stage.memory
                .rows()
                .plant(
                        id,
                        stage.memory
                                .rows()
                                .row(id)
                                .put(Field.EXPIRES, stage.now().plusSeconds(60)));
        stage.letterFor(id);
        stage.memory.clock().advance(Duration.ofSeconds(60));

        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.DELETE);

        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.EXPIRED);
        assertThat(stage.job(id).deathHandled()).isTrue();
    }

    @Test
    void aHookIsCalledThoughThePayloadIsGone() {
        List<String> payloads = new ArrayList<>();
        stage.tasks
                .add("t", Json.class, (payload, job) -> "done")
                .onDead(dead -> payloads.add(dead.payload().text()));
        stage.memory.bodies().apartAbove(0, Integer.MAX_VALUE);
        JobId id = stage.dead();
        stage.letterFor(id);
        stage.memory.bodies().discard(id, (Body.Apart) stage.job(id).payload());

        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.DELETE);

        assertThat(payloads).containsExactly("null");
        assertThat(stage.job(id).deathHandled()).isTrue();
    }

    @Test
    void aRescueWaitsForItsBackoffAndNoLongerThanAMessageCan() {
        stage.tasks
                .add("t", Json.class, (payload, job) -> "done")
                .retry(RetryPolicy.fixed(Duration.ofHours(5)).maxAttempts(3));
        JobId id = stage.claimedByTheDead(3);
        stage.letterFor(id);
        stage.memory.clock().advance(Duration.ofMinutes(1));

        stage.handleDeadLetters();

        Instant due = stage.now().plus(JobQueue.LONGEST_DELAY);
        assertThat(stage.job(id).due()).isEqualTo(due);
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL)).isEqualTo(due);
    }

    @Test
    void aRescueWhoseMessageWasNotSentIsSentAtTheNextDelivery() {
        JobId id = stage.claimedByTheDead(3);
        stage.letterFor(id);
        stage.memory.clock().advance(Duration.ofMinutes(1));
        stage.faults.refuse("send", 1);

        assertThatThrownBy(stage::handleDeadLetters).isInstanceOf(StoreUnavailableException.class);
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL)).isNull();
        stage.memory.clock().advance(Duration.ofMinutes(1));

        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.DELETE);
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL)).isNotNull();
        assertThat(stage.job(id).state()).isEqualTo(JobState.RETRYING);
    }

    @Test
    void aDeathIsHandledOnceTheTasksHookSucceeds() {
        List<DeadJob> notified = new ArrayList<>();
        stage.tasks.add("t", Json.class, (payload, job) -> null).onDead(dead -> {
            notified.add(dead);
            if (notified.size() == 1) {
                throw new IllegalStateException("the pager is down");
            }
        });
        JobId id = stage.dead();
        stage.letterFor(id);
        stage.letterFor(id);

        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.RETRY, Verdict.DELETE);
        stage.memory.clock().advance(Duration.ofMinutes(1));
        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.DELETE);

        assertThat(notified).hasSize(2);
        assertThat(notified.getLast().reason()).isEqualTo("exhausted");
        assertThat(notified.getLast().errorMessage()).isEqualTo("order 4711 failed");
    }

    @Test
    void anUnreadableMessageIsKeptInQuarantineWithItsBytes() {
        stage.memory.queue().sendToDeadLetters(KeeperStage.POOL, "<xml\u0000/>");

        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.DELETE);

        assertThat(stage.memory.quarantine().list(10, null).items()).hasSize(1).allSatisfy(kept -> {
            assertThat(kept.pool()).isEqualTo(KeeperStage.POOL);
            assertThat(stage.memory.quarantine().find(kept.id()).orElseThrow().body())
                    .isEqualTo("<xml\u0000/>");
        });
    }

    @Test
    void lettersOfEndedAndOfPurgedJobsAreDropped() {
        JobId cancelled = stage.enqueue(3, Duration.ZERO);
        stage.memory
                .jobs()
                .apply(
                        cancelled,
                        new OperatorChanges(stage.now(), "t")
                                .cancelWaiting(stage.job(cancelled), Duration.ofSeconds(9), null));
        stage.letterFor(cancelled);
        stage.memory
                .queue()
                .sendToDeadLetters(
                        KeeperStage.POOL, "{\"v\":1,\"id\":\"01977b5e-0000-7000-8000-000000000001\",\"task\":\"t\"}");

        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.DELETE, Verdict.DELETE);

        assertThat(stage.job(cancelled).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void aLetterOfANewerFormatIsLeftToNewerCode() {
        stage.memory
                .queue()
                .sendToDeadLetters(
                        KeeperStage.POOL, "{\"v\":2,\"id\":\"01977b5e-0000-7000-8000-000000000001\",\"task\":\"t\"}");

        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.RETRY);
    }
}
