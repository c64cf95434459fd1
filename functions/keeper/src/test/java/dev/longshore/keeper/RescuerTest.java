package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Field;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.Row;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.pause.Pausable;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What rescues a stuck job. Which jobs are stuck is in {@link StuckTest}. */
class RescuerTest {
    private final KeeperStage stage = new KeeperStage();
    private final Instant noon = stage.now();

    @Test
    void aJobWhoseMessageWasLostIsSentAgain() {
        JobId id = stage.enqueue(3, Duration.ZERO);
        stage.memory.queue().loseAll(KeeperStage.POOL);

        stage.memory.clock().advance(Duration.ofMinutes(76));
        Audit.Report report = stage.audit();

        assertThat(report.rescued()).isEqualTo(1);
        assertThat(stage.ledgerHour(noon).rescued()).isEqualTo(1);
        assertThat(stage.memory.queue().receive(KeeperStage.POOL, 10))
                .singleElement()
                .satisfies(message -> assertThat(message.body()).contains(id.text()));
    }

    @Test
    void aRunningJobWhoseWorkerDiedAndWhoseMessageWasLostIsSentToTheNextWorker() {
        JobId id = stage.claimedByTheDead(3);

        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().rescued()).isEqualTo(1);
        assertThat(stage.memory.queue().depth(KeeperStage.POOL).visible()).isEqualTo(1);
        assertThat(stage.claim(id).attempt()).isEqualTo(2);
    }

    @Test
    void aRunningJobUnderItsLeaseIsLeftAlone() {
        JobId id = stage.claimedByTheDead(3);
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.memory
                .jobs()
                .apply(id, Lifecycle.extendLease(stage.job(id), stage.now().minus(Duration.ofMinutes(14))));

        assertThat(stage.audit().rescued()).isZero();
        assertThat(stage.ledgerHour(noon).running()).isEqualTo(1);
    }

    @Test
    void aDueJobThatIsStillHeldIsReleased() {
        JobId id = stage.enqueue(3, Duration.ofMinutes(20));

        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().rescued()).isEqualTo(1);
        assertThat(stage.job(id).isHeldUntilDue()).isFalse();
        assertThat(stage.memory.queue().depth(KeeperStage.POOL).visible()).isEqualTo(1);
    }

    @Test
    void aJobOfTheFarFutureThatIsNotInTheIndexIsHeldAgain() {
        JobId id = stage.enqueue(3, Duration.ofDays(700));
        loseIndex(id);

        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().rescued()).isEqualTo(1);
        assertThat(stage.job(id).isHeldUntilDue()).isTrue();
        assertThat(stage.job(id).indexedAt()).isEqualTo(noon.plus(Duration.ofDays(700)));
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL)).isNull();
    }

    @Test
    void aDueJobThatIsNeitherHeldNorInAQueueIsSent() {
        JobId id = stage.enqueue(3, Duration.ofMinutes(20));
        loseIndex(id);

        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().rescued()).isEqualTo(1);
        assertThat(stage.memory.queue().depth(KeeperStage.POOL).visible()).isEqualTo(1);
    }

    @Test
    void aJobThatExpiredBeforeItsStartIsSentSoThatAWorkerEndsIt() {
        JobId id = stage.enqueue(3, Duration.ofDays(9));
        stage.memory.rows().plant(id, stage.memory.rows().row(id).put(Field.EXPIRES, noon.plusSeconds(60)));

        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().rescued()).isEqualTo(1);
        assertThat(stage.memory.queue().depth(KeeperStage.POOL).visible()).isEqualTo(1);
    }

    @Test
    void aJobHeldByAPauseIsLeftAlone() {
        stage.memory.pauses().pause(Pausable.task("t"), noon, "k");
        JobId id = heldByAPause();
        stage.memory.rows().plant(id, stage.memory.rows().row(id).put(Field.EXPIRES, noon.plusSeconds(60)));

        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().rescued()).isZero();
    }

    /** It would be a read for each open hour, at each count. */
    @Test
    void pausesAreReadOnlyWhenAPauseHoldsAJobOfTheHour() {
        stage.enqueue(3, Duration.ofDays(2));
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.audit();
        assertThat(stage.faults.calls()).doesNotContain("pauses");

        heldByAPause();
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.audit();
        assertThat(stage.faults.calls()).containsOnlyOnce("pauses");
    }

    @Test
    void aJobHeldByAPauseThatIsGoneIsReleased() {
        JobId id = heldByAPause();

        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().rescued()).isEqualTo(1);
        stage.memory.clock().advance(HoldReason.UNTIL_WORKERS_KNOW);
        assertThat(stage.memory.queue().depth(KeeperStage.POOL).visible()).isEqualTo(1);
        assertThat(stage.claim(id).isHeldByPause()).isFalse();
    }

    @Test
    void aDeadJobWhoseCompletionIsNotHandledIsSentToTheDeadLetters() {
        JobId id = stage.dead(Duration.ofDays(30));

        stage.memory.clock().advance(Duration.ofMinutes(76));
        assertThat(stage.audit().rescued()).isEqualTo(1);

        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.DELETE);
        assertThat(stage.job(id).deathHandled()).isTrue();
    }

    @Test
    void aPurgedJobWhoseCompletionIsNotHandledIsSentToTheDeadLettersToo() {
        JobId id = stage.dead();
        stage.memory.jobs().apply(id, new OperatorChanges(noon, "purge").purge(stage.job(id)));

        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().rescued()).isEqualTo(1);
        assertThat(stage.handleDeadLetters()).containsExactly(Verdict.DELETE);
        assertThat(stage.job(id).deathHandled()).isTrue();
    }

    @Test
    void aDeadJobWhoseRowIsOverIsLeftAlone() {
        stage.dead(Duration.ofMinutes(76));

        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().rescued()).isZero();
    }

    @Test
    void lateJobsWhoseMessagesWaitInABacklogAreNotSentAgain() {
        IntStream.range(0, 5).forEach(i -> stage.enqueue(3, Duration.ZERO));

        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().rescued())
                .as("five are late, five messages wait")
                .isZero();
        assertThat(stage.memory.queue().depth(KeeperStage.POOL).visible()).isEqualTo(5);
    }

    @Test
    void aRowOfNewerCodeIsLeftToNewerCode() {
        JobId id = stage.enqueue(3, Duration.ZERO);
        stage.memory.queue().loseAll(KeeperStage.POOL);
        stage.memory.rows().plant(id, stage.memory.rows().row(id).put(Field.FORMAT, Job.FORMAT + 1));

        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().rescued()).isZero();
    }

    @Test
    void deadJobsWhoseDeadLettersWaitAreNotSentAgain() {
        JobId id = stage.dead(Duration.ofDays(30));
        stage.letterFor(id);
        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().rescued()).isZero();
        assertThat(stage.memory.queue().depth(KeeperStage.POOL).deadLetters()).isEqualTo(1);
    }

    @Test
    void rescuesEndAtTheDeadlineAndTheNextCountContinues() {
        IntStream.range(0, 25).forEach(i -> stage.enqueue(3, Duration.ZERO));
        stage.memory.queue().loseAll(KeeperStage.POOL);
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.faults.afterCalls("sendAll", 1, () -> stage.memory.clock().advance(Duration.ofSeconds(40)));

        assertThat(stage.audit().rescued()).isEqualTo(10);
        assertThat(stage.ledgerHour(noon).rescued()).isEqualTo(10);

        stage.claimAll();
        stage.memory.clock().advance(Duration.ofHours(1));
        assertThat(stage.audit().rescued())
                .as("15, and the 10 whose workers died")
                .isEqualTo(25);
    }

    @Test
    void oneCountRescuesAtMostTenThousandJobsForAReason() {
        Job lost = stage.job(stage.enqueue(3, Duration.ZERO));
        stage.memory.queue().loseAll(KeeperStage.POOL);
        stage.memory.clock().advance(Duration.ofMinutes(16));
        Rescuer rescuer = new Rescuer(stage.engines, new Backlogs(stage.engines.queue()));

        IntStream.range(0, 10_001).forEach(i -> rescuer.look(lost));

        assertThat(rescuer.rescue(stage.thirtySeconds())).isEqualTo(10_000);
    }

    @Test
    void aRescueThatFailsKeepsNoOtherJobFromItsRescueNorTheHourFromItsCount() {
        stage.dead(Duration.ofDays(30));
        loseIndex(stage.enqueue(3, Duration.ofDays(700)));
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.faults.refuse("hold", 1);

        assertThat(stage.audit().rescued()).isEqualTo(1);

        assertThat(stage.ledgerHour(noon).accepted()).isEqualTo(2);
        assertThat(stage.memory.queue().depth(KeeperStage.POOL).deadLetters()).isEqualTo(1);
    }

    private JobId heldByAPause() {
        JobId id = stage.enqueue(3, Duration.ZERO);
        stage.memory.queue().loseAll(KeeperStage.POOL);
        stage.memory
                .jobs()
                .apply(
                        id,
                        new Lifecycle(stage.now(), "hold")
                                .hold(stage.job(id), HoldReason.paused(Pausable.task("t")), stage.now()));
        return id;
    }

    private void loseIndex(JobId id) {
        Row row = stage.memory.rows().row(id).put(Field.INDEX, null).put(Field.INDEX_AT, null);
        stage.memory.rows().plant(id, row);
    }
}
