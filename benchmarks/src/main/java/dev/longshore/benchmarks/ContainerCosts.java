package dev.longshore.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * Prints the table of {@code docs/long-work.md}: what a container on Fargate (arm64) costs for an hour, beside a function of
 * Lambda with the same memory, from {@code prices.json}.
 */
final class ContainerCosts {
    private static final List<Size> SIZES =
            List.of(new Size(1, 2), new Size(2, 8), new Size(4, 16), new Size(8, 32), new Size(16, 120));

    private static final int MOST_GB_OF_A_FUNCTION = 10;
    private static final int SECONDS_OF_AN_HOUR = 3_600;
    private static final int HOURS_OF_A_MONTH = 730;

    /** "Up to a 70% discount" (AWS Fargate pricing): the least that Spot takes; its price changes by the day. */
    private static final double LEAST_OF_SPOT = 0.3;

    private final Prices prices = Prices.read();

    private record Size(int vcpu, int gb) {}

    private ContainerCosts() {}

    static String print() {
        ContainerCosts costs = new ContainerCosts();
        return costs.hours() + "\n" + costs.network();
    }

    /** USD for an hour; containers with their public address. */
    private String hours() {
        StringBuilder table = new StringBuilder("""
                | for an hour | Fargate, USD | Spot at best, USD | a function of that memory, USD |
                |---|---|---|---|
                """);
        double address = prices.of(Charge.PUBLIC_IPV4_HOUR, 1);
        for (Size size : SIZES) {
            double container =
                    prices.of(Charge.FARGATE_VCPU_HOUR, size.vcpu()) + prices.of(Charge.FARGATE_GB_HOUR, size.gb());
            table.append(String.format(
                    Locale.ROOT,
                    "| %d vCPU, %d GB | %.3f | %.3f | %s |%n",
                    size.vcpu(),
                    size.gb(),
                    container + address,
                    container * LEAST_OF_SPOT + address,
                    function(size)));
        }
        return table.toString();
    }

    private String function(Size size) {
        return size.gb() > MOST_GB_OF_A_FUNCTION
                ? "none is so large"
                : String.format(
                        Locale.ROOT, "%.3f", prices.of(Charge.LAMBDA_GB_SECOND, size.gb() * SECONDS_OF_AN_HOUR));
    }

    /** USD for a month of {@value HOURS_OF_A_MONTH} hours. */
    private String network() {
        return String.format(
                Locale.ROOT,
                """
                | for a month | USD |
                |---|---|
                | a NAT gateway, in each zone of your VPC that has one | %.2f |
                | the two alarms that scale the pool, which are charged by their three metrics | %.2f |
                """,
                prices.of(Charge.NAT_GATEWAY_HOUR, HOURS_OF_A_MONTH),
                prices.of(Charge.ALARM_MONTH, 3));
    }
}
