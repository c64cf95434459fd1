package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An audit of many hours distinguishes lost messages from a backlog, and does not count its own messages as one. */
class AuditBacklogTest {
    private final KeeperStage stage = new KeeperStage();

    @Test
    void jobsThatWereLostInManyHoursAllComeBackWithOneAudit() {
        List<JobId> lost = new ArrayList<>();
        for (int hour = 0; hour < 12; hour++) {
            lost.add(stage.enqueue(3, Duration.ZERO));
            stage.memory.clock().advance(Duration.ofHours(1));
        }
        stage.memory.queue().loseAll(KeeperStage.POOL);
        stage.memory.clock().advance(Duration.ofMinutes(16));

        stage.audit();

        assertThat(lost).allSatisfy(id -> assertThat(stage.hasMessage(id)).isTrue());
    }

    @Test
    void deathsOfManyHoursAreAllHandedOverWithOneAudit() {
        for (int hour = 0; hour < 12; hour++) {
            stage.dead(Duration.ofDays(30));
            stage.memory.clock().advance(Duration.ofHours(1));
        }
        stage.memory.clock().advance(Duration.ofMinutes(16));

        stage.audit();

        assertThat(stage.memory.queue().deadLetters(KeeperStage.POOL)).hasSize(12);
    }

    @Test
    void deathsOfManyHoursWhoseLettersAllWaitAreLeftThere() {
        for (int hour = 0; hour < 12; hour++) {
            stage.letterFor(stage.dead(Duration.ofDays(30)));
            stage.memory.clock().advance(Duration.ofHours(1));
        }
        stage.memory.clock().advance(Duration.ofMinutes(16));

        assertThat(stage.audit().rescued()).isZero();
    }

    @Test
    void jobsOfManyHoursThatAllWaitInABacklogAreLeftThere() {
        for (int hour = 0; hour < 12; hour++) {
            stage.enqueue(3, Duration.ZERO);
            stage.memory.clock().advance(Duration.ofHours(1));
        }
        stage.memory.clock().advance(Duration.ofMinutes(16));

        assertThat(stage.audit().rescued()).isZero();
    }
}
