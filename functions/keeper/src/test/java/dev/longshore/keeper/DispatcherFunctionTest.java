package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.memory.LambdaRunner;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tick as Lambda invokes it. */
class DispatcherFunctionTest {
    private final KeeperStage stage = new KeeperStage();
    private final LambdaRunner dispatcher = new LambdaRunner(
            new DispatcherFunction(stage.engines, List.of()), stage.memory.clock(), Duration.ofMinutes(1));

    private String tick() {
        return dispatcher.invoke(Json.parse("{}")).text();
    }

    @Test
    void theTimeOfATickIsKeptOnlyWhenAllItsPartsAreDone() {
        assertThat(stage.memory.ledger().lastTick()).isEmpty();
        Instant first = stage.now();
        tick();
        assertThat(stage.memory.ledger().lastTick()).contains(first);

        stage.memory.clock().advance(Duration.ofMinutes(1));
        var _ = stage.faults.refuse("agreement", 1);
        assertThat(tick()).contains("failed");
        assertThat(stage.memory.ledger().lastTick()).contains(first);

        Instant third = first.plus(Duration.ofMinutes(2));
        stage.memory.clock().set(third);
        tick();
        assertThat(stage.memory.ledger().lastTick()).contains(third);
    }
}
