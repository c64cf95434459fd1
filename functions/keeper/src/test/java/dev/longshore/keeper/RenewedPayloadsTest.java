package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Body;
import dev.longshore.job.BodyStore;
import dev.longshore.job.JobId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The audit keeps the payloads of jobs that wait for long. */
class RenewedPayloadsTest {
    private final KeeperStage stage = new KeeperStage();

    @Test
    void thePayloadOfAJobThatWaitsForMonthsIsRenewedBeforeItEnds() {
        stage.memory.bodies().apartAbove(0, Integer.MAX_VALUE);
        JobId waiting = stage.enqueue(3, Duration.ofDays(900));
        Instant first = stage.now().plus(BodyStore.LONGEST_STAY);
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.audit();

        stage.memory.clock().advance(Duration.ofDays(198));
        stage.audit();
        assertThat(payloadEnds(waiting)).isEqualTo(first);
        stage.memory.clock().advance(Duration.ofDays(3));
        stage.audit();

        assertThat(payloadEnds(waiting)).isEqualTo(stage.now().plus(BodyStore.LONGEST_STAY));
    }

    @Test
    void thePayloadOfADeadJobIsNotRenewed() {
        stage.memory.bodies().apartAbove(0, Integer.MAX_VALUE);
        JobId dead = stage.dead(Duration.ofDays(300));
        Instant end = payloadEnds(dead);
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.audit();

        stage.memory.clock().advance(Duration.ofDays(201));
        stage.audit();

        assertThat(payloadEnds(dead)).isEqualTo(end);
    }

    private @Nullable Instant payloadEnds(JobId id) {
        return stage.memory.bodies().end((Body.Apart) stage.job(id).payload());
    }
}
