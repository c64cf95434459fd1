package dev.longshore.examples;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a report's chart shows.
 *
 * @param title as in "Revenue by Region"
 * @param bars values by name; zero or more
 */
record BarChart(String title, Map<String, BigDecimal> bars) {
    private static final int MOST_BARS = 12;
    private static final int GRID_LINES = 4;

    /**
     * Sums the last numeric column by the first text column that has 2 to 12 different values. Empty when the table has
     * no such two columns, or a sum is negative: bars from a common floor would then lie.
     */
    static Optional<BarChart> of(CsvTable table) {
        List<Integer> numeric = columns(table, true);
        if (numeric.isEmpty()) {
            return Optional.empty();
        }
        int column = numeric.getLast();
        for (int by : columns(table, false)) {
            Map<String, BigDecimal> sums = table.sums(column, by);
            boolean drawable = sums.values().stream().allMatch(sum -> sum.signum() >= 0);
            if (sums.size() >= 2 && sums.size() <= MOST_BARS && drawable) {
                return Optional.of(new BarChart(
                        table.header().get(column) + " by " + table.header().get(by), tallestFirst(sums)));
            }
        }
        return Optional.empty();
    }

    private static List<Integer> columns(CsvTable table, boolean numeric) {
        List<Integer> found = new ArrayList<>();
        for (int column = 0; column < table.header().size(); column++) {
            if (table.isNumeric(column) == numeric) {
                found.add(column);
            }
        }
        return found;
    }

    private static Map<String, BigDecimal> tallestFirst(Map<String, BigDecimal> sums) {
        Map<String, BigDecimal> sorted = new LinkedHashMap<>();
        sums.entrySet().stream()
                .sorted(Map.Entry.<String, BigDecimal>comparingByValue().reversed())
                .forEach(bar -> sorted.put(bar.getKey(), bar.getValue()));
        return sorted;
    }

    /** A round number of grid lines' worth: 1, 2, 2.5 or 5 times a power of ten each. */
    BigDecimal gridStep() {
        BigDecimal tallest = bars.values().stream().reduce(BigDecimal.ZERO, BigDecimal::max);
        if (tallest.signum() == 0) {
            return BigDecimal.ONE;
        }
        BigDecimal least = tallest.divide(BigDecimal.valueOf(GRID_LINES), 12, RoundingMode.UP);
        BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen(least.precision() - least.scale() - 1);
        for (String times : List.of("1", "2", "2.5", "5")) {
            BigDecimal step = power.multiply(new BigDecimal(times));
            if (step.compareTo(least) >= 0) {
                return step;
            }
        }
        return power.scaleByPowerOfTen(1);
    }

    int gridLines() {
        return GRID_LINES;
    }
}
