package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.DayShards;
import dev.longshore.job.RowStore;
import dev.longshore.job.engines.Engines;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The audit of a table whose days have 256 shards. Noon is an hour's start. */
class AuditOf256ShardsTest {
    private final KeeperStage stage = new KeeperStage(new DayShards(256));

    @Test
    void everyJobOfAnHourIsCountedAlsoByAnAuditThatContinuesAtTheNextTick() {
        IntStream.range(0, 500).forEach(i -> stage.enqueue(3, Duration.ofDays(1)));
        stage.memory.clock().advance(Duration.ofMinutes(75));
        stage.audit(); // all hours before noon's
        stage.memory.clock().advance(Duration.ofMinutes(1));
        stage.faults.afterCalls("hour", 100, () -> stage.memory.clock().advance(Duration.ofSeconds(40)));

        assertThat(stage.audit().hours()).isZero();
        assertThat(stage.memory.ledger().progress().orElseThrow().unfinished()).isNotNull();
        assertThat(stage.audit().hours()).isEqualTo(1);

        assertThat(stage.ledgerHour(stage.memory.rows().all().getFirst().createdAt())
                        .accepted())
                .isEqualTo(500);
    }

    /** A page has 1,000 rows, and the function 512 MB. */
    @Test
    @Timeout(20)
    void pagesOfSixteenShardsAreInMemoryAtATime() {
        AtomicInteger reading = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CyclicBarrier sixteen = new CyclicBarrier(16);
        RowStore rows = (RowStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RowStore.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("hour")) {
                        return method.invoke(stage.memory.rows(), arguments);
                    }
                    most.accumulateAndGet(reading.incrementAndGet(), Math::max);
                    sixteen.await();
                    try {
                        return method.invoke(stage.memory.rows(), arguments);
                    } finally {
                        reading.decrementAndGet();
                    }
                });
        Engines engines = stage.memory.engines(rows, stage.memory.queue());

        assertThat(new Audit(engines, stage.thirtySeconds()).run().hours()).isEqualTo(24);

        assertThat(most).hasValue(16);
    }
}
