package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many clients schedule jobs for the same minute. */
class ManyDueJobsTest {
    private static final Logger LOG = LoggerFactory.getLogger(ManyDueJobsTest.class);

    private final KeeperStage stage = new KeeperStage();

    @Test
    void aHundredThousandJobsDueInTheSameMinuteAreSentInOneTick() {
        IntStream.range(0, 100_000).forEach(i -> stage.enqueue(3, Duration.ofMinutes(20)));
        stage.memory.clock().advance(Duration.ofMinutes(19).plusSeconds(30));
        int requests = stage.memory.queue().requests();
        long start = System.nanoTime();

        assertThat(stage.dispatch()).isEqualTo(100_000);

        Map<String, Long> calls = stage.faults.calls().stream()
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        LOG.info(
                "100,000 due jobs, in memory: {} ms; calls of the store and the queue {}, requests to SQS {}",
                Duration.ofNanos(System.nanoTime() - start).toMillis(),
                calls,
                stage.memory.queue().requests() - requests);
        assertThat(calls).containsEntry("release", 100_000L);
        assertThat(calls.get("held")).isLessThan(1_040);
        assertThat(stage.memory.queue().requests() - requests).isLessThan(10_200);
        assertThat(stage.memory.queue().nextVisibleAt(KeeperStage.POOL))
                .as("hidden until its second")
                .isEqualTo(stage.now().plusSeconds(30));
    }
}
