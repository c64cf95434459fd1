package dev.longshore.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints the cost tables of {@code docs/deploying.md} from counted calls and the price file. */
public final class CostTables {
    private static final int A_MILLION = 1_000_000;

    private final Prices prices = Prices.read();
    private final JobCosts costs;

    private CostTables(JobCosts costs) {
        this.costs = costs;
    }

    /** Prints them; takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        System.out.print(count(Files.createTempDirectory("costs")));
    }

    /** Counts, with the engines' data in this folder; about a minute. */
    static String count(Path data) {
        try (MeteredDeployment deployment = MeteredDeployment.start(data)) {
            JobCosts costs = new JobCosts(deployment);
            costs.count();
            return new CostTables(costs).page();
        }
    }

    private String page() {
        return courses();
    }

    /** One line for each course a job can take, in USD for a million of them. */
    private String courses() {
        StringBuilder table = new StringBuilder("""
                | a job | write units | SQS requests | HTTP API | Lambda | SQS | DynamoDB | S3 | logs | a million, USD |
                |---|---|---|---|---|---|---|---|---|---|
                """);
        for (Map.Entry<String, Usage> course : costs.ofAJob().entrySet()) {
            Usage used = course.getValue();
            table.append("| ").append(course.getKey());
            for (Charge charge : List.of(Charge.WRITE_UNIT, Charge.SQS_REQUEST)) {
                table.append(String.format(Locale.ROOT, " | %.2f", used.of(charge)));
            }
            cell(table, used, Charge.HTTP_API_REQUEST);
            cell(table, used, Charge.LAMBDA_REQUEST, Charge.LAMBDA_GB_SECOND);
            cell(table, used, Charge.SQS_REQUEST);
            cell(table, used, Charge.WRITE_UNIT, Charge.READ_UNIT, Charge.TABLE_GB_MONTH);
            cell(table, used, Charge.S3_PUT, Charge.S3_GET, Charge.S3_GB_MONTH);
            cell(table, used, Charge.LOG_GB);
            cell(table, used, Charge.values());
            table.append(" |\n");
        }
        return table.toString();
    }

    private void cell(StringBuilder table, Usage used, Charge... charges) {
        double usd = List.of(charges).stream()
                .mapToDouble(charge -> prices.of(charge, used.of(charge)) * A_MILLION)
                .sum();
        table.append(String.format(Locale.ROOT, " | %.2f", usd));
    }
}
