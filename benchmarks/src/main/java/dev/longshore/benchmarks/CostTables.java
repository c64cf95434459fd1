package dev.longshore.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Prints the cost tables of {@code docs/deploying.md}: calls and capacity units counted on the embedded engines, durations from
 * {@link Assumptions}, prices from {@code prices.json}.
 */
public final class CostTables {
    private static final int A_MILLION = 1_000_000;

    private final Prices prices = Prices.read();
    private final JobCosts costs;
    private final TemplateCounts template;

    private CostTables(JobCosts costs, TemplateCounts template) {
        this.costs = costs;
        this.template = template;
    }

    /**
     * Prints the tables.
     *
     * @param arguments the synthesized template whose alarms, metrics and queues the idle month has
     */
    public static void main(String[] arguments) throws IOException {
        System.out.print(print(Files.createTempDirectory("costs"), Path.of(arguments[0])));
    }

    /** Counts with the engines' data in this folder, which takes about a minute. */
    static String print(Path data, Path template) throws IOException {
        try (MeteredDeployment deployment = MeteredDeployment.start(data)) {
            JobCosts costs = new JobCosts(deployment);
            costs.count();
            CostTables tables = new CostTables(costs, TemplateCounts.read(template));
            return tables.courses() + "\n" + tables.breakEven() + "\n" + tables.idleMonth();
        }
    }

    /** One line for each course that a job can take, in USD for a million of them. */
    private String courses() {
        StringBuilder table = new StringBuilder("""
                | a job | write units | SQS requests | HTTP API | Lambda | SQS | DynamoDB | S3 | logs | **a million, USD** |
                |---|---|---|---|---|---|---|---|---|---|
                """);
        for (Map.Entry<String, Usage> course : costs.ofAJob().entrySet()) {
            Usage used = course.getValue().times(A_MILLION);
            row(
                    table,
                    course.getKey(),
                    used.of(Charge.WRITE_UNIT) / A_MILLION,
                    used.of(Charge.SQS_REQUEST) / A_MILLION,
                    usd(used, Charge.HTTP_API_REQUEST),
                    usd(used, Charge.LAMBDA_REQUEST, Charge.LAMBDA_GB_SECOND),
                    usd(used, Charge.SQS_REQUEST),
                    usd(used, Charge.WRITE_UNIT, Charge.READ_UNIT, Charge.TABLE_GB_MONTH),
                    usd(used, Charge.S3_PUT, Charge.S3_GET, Charge.S3_GB_MONTH),
                    usd(used, Charge.LOG_GB),
                    prices.of(used));
        }
        return table.toString();
    }

    /** From which size on a body is a file. */
    private String breakEven() {
        BodyCosts bodies = new BodyCosts(prices);
        return String.format(
                Locale.ROOT,
                "A file costs less than an item of the table from %.2f KB on for a payload, from %.2f KB on for a result.%n",
                bodies.payloadBreakEven(),
                bodies.resultBreakEven());
    }

    /** A month without a job. */
    private String idleMonth() {
        Map<String, Usage> parts = new LinkedHashMap<>();
        parts.put("a tick a minute, with its reads and logs", costs.ofAnIdleMonth());
        parts.put(
                "Lambda's polls of " + template.queues() + " empty queues, two a pool",
                Usage.of(Charge.SQS_REQUEST, template.queues() * Assumptions.POLLS_OF_AN_EMPTY_QUEUE));
        parts.put("alarms: " + template.alarms(), Usage.of(Charge.ALARM_MONTH, template.alarms()));
        parts.put(
                "custom metrics that have data then: " + template.metrics(),
                Usage.of(Charge.METRIC_MONTH, template.metrics()));
        parts.put("the dashboard", Usage.of(Charge.DASHBOARD_MONTH, template.dashboards()));
        parts.put("the first key's secret", Usage.of(Charge.SECRET_MONTH, template.secrets()));
        StringBuilder table = new StringBuilder("""
                | a month without a job | USD |
                |---|---|
                """);
        parts.forEach((part, used) -> row(table, part, prices.of(used)));
        row(table, "**all**", parts.values().stream().mapToDouble(prices::of).sum());
        return table.toString();
    }

    private double usd(Usage used, Charge... charges) {
        return Stream.of(charges)
                .mapToDouble(charge -> prices.of(charge, used.of(charge)))
                .sum();
    }

    private static void row(StringBuilder table, String label, double... amounts) {
        List<String> cells = DoubleStream.of(amounts)
                .mapToObj(amount -> String.format(Locale.ROOT, "%.2f", amount))
                .toList();
        table.append("| ")
                .append(label)
                .append(" | ")
                .append(String.join(" | ", cells))
                .append(" |\n");
    }
}
