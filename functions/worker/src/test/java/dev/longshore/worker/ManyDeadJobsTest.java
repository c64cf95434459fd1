package dev.longshore.worker;

import static dev.longshore.worker.DeadStage.ALL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The day after the worst day. */
class ManyDeadJobsTest {
    private final DeadStage stage = new DeadStage();

    @Test
    void oneJobRedrivesAHundredThousandDeadJobsWithProgress() {
        int count = 100_000;
        Set<JobId> ids = new HashSet<>(stage.dead(count, "no route"));
        JobId redrive = stage.redrive(ALL, count, 1_000.0, false);
        stage.eachCallTakes(Duration.ofMillis(1));
        Instant start = stage.now();
        Set<Integer> progress = new TreeSet<>();
        int deliveries = 0;
        while (!stage.state(redrive).isTerminal()) {
            stage.workOnce();
            deliveries++;
            Integer percent = stage.job(redrive).progress();
            progress.add(percent == null ? 0 : percent);
        }

        assertThat(stage.result(redrive).text()).isEqualTo("{\"sent\":100000,\"skipped\":0}");
        assertThat(stage.job(redrive).attempt())
                .as("it was given back when time was short")
                .isEqualTo(1);
        assertThat(progress).hasSizeGreaterThan(5).contains(100);
        assertThat(stage.job(redrive).progressText()).isEqualTo("100000 done, 0 skipped");
        assertThat(stage.inQueueOrDue().containsAll(ids))
                .isTrue(); // in no time, where containsAll of AssertJ compares all with all
        System.out.printf(
                "100,000 dead jobs redriven: %s on the simulated clock at 1 ms a call, %d deliveries, %d SQS requests,"
                        + " calls of the store: %s%n",
                Duration.between(start, stage.now()),
                deliveries,
                stage.memory.queue().requests(),
                stage.calls);
    }
}
