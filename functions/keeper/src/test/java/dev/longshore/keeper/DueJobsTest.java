package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DueJobsTest {
    private final KeeperStage stage = new KeeperStage();

    @Test
    void aParkedJobIsSentInTheMinuteBeforeItsTimeWithTheDelayThatIsLeft() {
        JobId id = stage.enqueue(3, Duration.ofHours(5));
        assertThat(stage.job(id).isParked()).isTrue();
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL)).isNull();

        stage.memory.clock().advance(Duration.ofHours(5).minusSeconds(61));
        assertThat(stage.dispatch()).isZero();
        stage.memory.clock().advance(Duration.ofSeconds(20));

        assertThat(stage.dispatch()).isEqualTo(1);
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL))
                .isEqualTo(stage.now().plusSeconds(41));
        assertThat(stage.job(id).isParked()).isFalse();
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
        stage.faults.refuse("unpark", 1);

        stage.dispatch();
        assertThat(stage.job(id).isParked())
                .as("it leaves the index only after its message was sent")
                .isTrue();
        stage.dispatch();

        assertThat(stage.job(id).isParked()).isFalse();
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

        assertThat(stage.job(id).isParked()).isTrue();
        assertThat(stage.dispatch()).isEqualTo(1);
    }
}
