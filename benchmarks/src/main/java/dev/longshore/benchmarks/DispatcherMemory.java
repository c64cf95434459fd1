package dev.longshore.benchmarks;

import dev.longshore.job.JobId;
import dev.longshore.local.LocalEngines;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.PoolPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints the table of docs/ledger.md: how long the dispatcher takes for 100,000 due jobs, by its memory. Its CPU time is
 * measured on the embedded engines; AWS's latencies are assumed.
 *
 * <pre>
 * mvn -B -q -Pbenchmark -pl benchmarks -am process-classes -Dbenchmark=DispatcherMemory
 * </pre>
 */
public final class DispatcherMemory {
    private static final int RUNS = 3;
    private static final int JOBS = 10_000;
    private static final int BURST = 100_000;

    /** A function has a whole vCPU at so many MB, and less or more in proportion ("Configure Lambda function memory"). */
    private static final int A_VCPU = 1_769;

    private static final int JOBS_OF_A_PAGE = 100;

    /**
     * A page of a shard waits for a query of 10 ms, ten batches of messages of 10 ms each, and 25 writes of 5 ms each, four of
     * which are made side by side. Assumed, as AWS's usual latencies.
     */
    private static final Duration PAGE = Duration.ofMillis(10 + 10 * 10 + 25 * 5);

    /** Eight calls of 5 ms one after another. */
    private static final Duration IDLE_CALLS = Duration.ofMillis(40);

    private final Prices prices = Prices.read();
    private final List<DispatcherProbe.Result> runs = new ArrayList<>();

    private DispatcherMemory() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        DispatcherMemory memory = new DispatcherMemory();
        for (int run = 0; run < RUNS; run++) {
            memory.measure(Files.createTempDirectory("dispatcher"));
        }
        memory.print();
    }

    private void measure(Path data) {
        PoolPlan pool =
                PoolPlan.of(DispatcherProbe.POOL, new SampleWorker().catalog().descriptions());
        Path files = data.resolve("files");
        try (LocalEngines engines = LocalEngines.start(data, List.of(pool), new FolderFileStore(files))) {
            runs.add(DispatcherProbe.run(engines, files, JOBS));
        }
    }

    private void print() {
        System.out.printf(
                Locale.ROOT,
                """
                CPU time, medians of %d runs: %,.0f ms for the start and the first tick, %,.0f ms for a tick without jobs, %,.0f ms for 1,000 due jobs

                | memory, MB | vCPU | 100,000 due jobs, s | their cost, USD | a month of ticks without jobs, USD |
                |---|---|---|---|---|
                """,
                RUNS,
                Median.of(runs, DispatcherProbe.Result::startMillis),
                Median.of(runs, DispatcherProbe.Result::idleTickMillis),
                Median.of(runs, DispatcherProbe.Result::thousandJobsMillis));
        for (int memory : List.of(512, 1_024, A_VCPU, 3_008)) {
            row(memory);
        }
    }

    /** What waits for CPU and what waits for AWS overlap in a burst, and follow one another in a tick without jobs. */
    private void row(int memory) {
        double vcpus = (double) memory / A_VCPU;
        double burst = Math.max(
                Median.of(runs, DispatcherProbe.Result::thousandJobsMillis) * BURST / 1_000 / vcpus,
                PAGE.toMillis() * (double) BURST / JobId.SHARDS.size() / JOBS_OF_A_PAGE);
        double idleTick = Median.of(runs, DispatcherProbe.Result::idleTickMillis) / vcpus + IDLE_CALLS.toMillis();
        System.out.printf(
                Locale.ROOT,
                "| %,d | %.2f | %,.0f | %.4f | %.2f |%n",
                memory,
                vcpus,
                burst / 1_000,
                usd(memory, burst),
                usd(memory, idleTick) * Assumptions.MONTH.toMinutes());
    }

    private double usd(int memory, double millis) {
        return prices.of(
                Charge.LAMBDA_GB_SECOND, Assumptions.gigabyteSeconds(memory, Duration.ofMillis(Math.round(millis))));
    }
}
