package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DueJobsTest {
    private final KeeperStage stage = new KeeperStage();

    @Test
    void aHeldJobIsSentInTheMinuteBeforeItsTimeWithTheDelayThatIsLeft() {
        JobId id = stage.enqueue(3, Duration.ofHours(5));
        assertThat(stage.job(id).isHeldUntilDue()).isTrue();
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL)).isNull();

        stage.memory.clock().advance(Duration.ofHours(5).minusSeconds(61));
        assertThat(stage.dispatch()).isZero();
        stage.memory.clock().advance(Duration.ofSeconds(20));

        assertThat(stage.dispatch()).isEqualTo(1);
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL))
                .isEqualTo(stage.now().plusSeconds(41));
        assertThat(stage.job(id).isHeldUntilDue()).isFalse();
    }

    @Test
    void aJobOfTheYearAfterNextWaitsInTheIndexAndNowhereElse() {
        JobId id = stage.enqueue(3, Duration.ofDays(3_650));
        stage.memory.clock().advance(Duration.ofDays(3_650).minusMinutes(2));
        assertThat(stage.dispatch()).isZero();
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL)).isNull();

        stage.memory.clock().advance(Duration.ofMinutes(1));

        assertThat(stage.dispatch()).isEqualTo(1);
        assertThat(stage.claimAll()).as("not a second early").isZero();
        stage.memory.clock().advance(Duration.ofMinutes(1));
        assertThat(stage.claimAll()).isEqualTo(1);
        assertThat(stage.job(id).startedAt()).isEqualTo(stage.job(id).due());
    }

    /** SQS delays by whole seconds, and a message is rather late by a part of one than early. */
    @Test
    void aJobSentByTheTickBeforeItsTimeIsNeverEarlyAndLateByLessThanASecond() {
        for (int millis = 1; millis < 60_000; millis += 617) {
            KeeperStage at = new KeeperStage();
            JobId id = at.enqueue(3, Duration.ofMinutes(20).plusMillis(millis));
            at.memory.clock().advance(Duration.ofMinutes(20));

            assertThat(at.dispatch()).isEqualTo(1);

            Duration late = Duration.between(at.job(id).due(), at.memory.queue().nextVisibleAt(KeeperStage.POOL));
            assertThat(late).isBetween(Duration.ZERO, Duration.ofMillis(999));
        }
    }

    @Test
    void aJobWhoseTickWasMissedIsSentAtOnceByTheNextOne() {
        stage.enqueue(3, Duration.ofMinutes(20));
        stage.memory.clock().advance(Duration.ofMinutes(21));

        assertThat(stage.dispatch()).isEqualTo(1);
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL))
                .as("the worst case: as late as the tick")
                .isEqualTo(stage.now());
    }

    @Test
    void moreJobsThanOnePageHoldsAreAllSentInOneTick() {
        IntStream.range(0, 2_500).forEach(i -> stage.enqueue(3, Duration.ofMinutes(20)));
        stage.memory.clock().advance(Duration.ofMinutes(20));

        assertThat(stage.dispatch()).isEqualTo(2_500);
        assertThat(stage.memory.queue().depth(KeeperStage.POOL).visible()).isEqualTo(2_500);
    }

    @Test
    void aDispatcherThatDiesAfterSendingSendsAgainAndLosesNothing() {
        JobId id = stage.enqueue(3, Duration.ofMinutes(20));
        stage.memory.clock().advance(Duration.ofMinutes(20));
        stage.faults.refuse("release", 1);

        stage.dispatch();
        assertThat(stage.job(id).isHeldUntilDue())
                .as("it leaves the index only after its message was sent")
                .isTrue();
        stage.dispatch();

        assertThat(stage.job(id).isHeldUntilDue()).isFalse();
        assertThat(stage.memory.queue().depth(KeeperStage.POOL).visible())
                .as("a double is harmless")
                .isEqualTo(2);
    }

    @Test
    void aMessageThatCouldNotBeSentLeavesItsJobInTheIndex() {
        JobId id = stage.enqueue(3, Duration.ofMinutes(20));
        stage.memory.clock().advance(Duration.ofMinutes(20));
        stage.faults.refuse("sendAll", 1);

        assertThat(stage.dispatch()).isZero();

        assertThat(stage.job(id).isHeldUntilDue()).isTrue();
        assertThat(stage.dispatch()).isEqualTo(1);
    }

    @Test
    void whereverADispatcherIsKilledTheNextTickLosesNoJobAndNoneRunsTwice() {
        for (String call : List.of("due", "sendAll", "release")) {
            for (int calls : new int[] {1, 3, 20}) {
                KeeperStage at = new KeeperStage();
                IntStream.range(0, 600).forEach(i -> at.enqueue(3, Duration.ofMinutes(20)));
                at.memory.clock().advance(Duration.ofMinutes(20));
                at.faults.afterCalls(
                        call,
                        calls,
                        () -> at.faults
                                .refuse("held", 9_999)
                                .refuse("sendAll", 9_999)
                                .refuse("release", 9_999));

                at.dispatch();
                at.faults.refuse("held", 0).refuse("sendAll", 0).refuse("release", 0);
                at.dispatch();

                assertThat(at.claimAll()).as("killed at %s %d", call, calls).isEqualTo(600);
                assertThat(at.memory.rows().all())
                        .allSatisfy(job -> assertThat(job.attempt()).isEqualTo(1))
                        .allSatisfy(job -> assertThat(job.isHeldUntilDue()).isFalse());
            }
        }
    }
}
