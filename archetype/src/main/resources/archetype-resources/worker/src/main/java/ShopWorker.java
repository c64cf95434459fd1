package ${package};

import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The tasks of this project, and the policy of each. Lambda, the laptop and the tests run this class. */
public final class ShopWorker extends WorkerFunction {
    private final Supplier<ReportStore> reports;

    /** As Lambda, the CDK and the laptop make it. Opens nothing: the store is opened at the first job that needs it. */
    public ShopWorker() {
        this(() -> ReportStore.of(System.getenv()));
    }

    /** With another store of reports, as tests have one. */
    ShopWorker(Supplier<ReportStore> reports) {
        this.reports = reports;
    }

    @Override
    protected void tasks(TaskCatalog tasks) {
        tasks.add("greet", Greet.Request.class, new Greet())
                .timeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.exponential().first(Duration.ofSeconds(1)).maxAttempts(5))
                .example(new Greet.Request("Ada"));

        tasks.add("write-report", WriteReport.Request.class, () -> new WriteReport(reports.get(), secrets()))
                .pool("reports")
                .timeout(Duration.ofMinutes(5))
                .retry(RetryPolicy.exponential().maxAttempts(4))
                .example(new WriteReport.Request(
                        "November", List.of(new WriteReport.Line("rope", 3, new BigDecimal("19.90")))));
    }
}
