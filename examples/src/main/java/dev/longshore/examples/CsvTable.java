package dev.longshore.examples;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A CSV file (RFC 4180) with a header row: quotes, line breaks in quotes, a byte order mark, blank lines passed over.
 *
 * @param header the columns' names
 * @param rows as many values each as there are columns
 * @param totals per column: its sum where every value is a number or empty and at least one is there
 */
record CsvTable(List<String> header, List<List<String>> rows, List<Optional<BigDecimal>> totals) {
    static final int MOST_COLUMNS = 12;
    static final int MOST_ROWS = 20_000;

    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d{1,18}|\\d{1,3}(,\\d{3}){1,5})(\\.\\d{1,9})?");

    /** A table that no attempt can make a report of. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String message) {
            super(message);
        }
    }

    static CsvTable parse(String csv) throws Unreadable {
        String text = csv.startsWith("\uFEFF") ? csv.substring(1) : csv;
        List<List<String>> rows = new ArrayList<>();
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setIgnoreEmptyLines(true)
                .setTrim(true)
                .get();
        try (CSVParser parser = CSVParser.parse(new StringReader(text), format)) {
            for (CSVRecord record : parser) {
                requireFits(rows, record);
                rows.add(record.toList());
            }
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            throw new Unreadable("The CSV breaks off or has a quote in the wrong place after row " + rows.size()
                    + "; a value with a comma, a quote or a line break goes in quotes, a quote in it is doubled");
        }
        if (rows.isEmpty()) {
            throw new Unreadable("The CSV is empty; its first row must name the columns");
        }
        List<List<String>> body = List.copyOf(rows.subList(1, rows.size()));
        return new CsvTable(rows.getFirst(), body, totals(rows.getFirst().size(), body));
    }

    private static void requireFits(List<List<String>> rows, CSVRecord record) throws Unreadable {
        int columns = rows.isEmpty() ? record.size() : rows.getFirst().size();
        if (columns > MOST_COLUMNS) {
            throw new Unreadable("The CSV has " + columns + " columns; a page has room for " + MOST_COLUMNS);
        }
        if (record.size() != columns) {
            throw new Unreadable("Row " + record.getRecordNumber() + " has " + record.size()
                    + " values, and the header " + columns + "; a value with a comma goes in quotes");
        }
        if (rows.size() > MOST_ROWS) {
            throw new Unreadable("The CSV has more than " + MOST_ROWS + " rows; split it");
        }
    }

    private static List<Optional<BigDecimal>> totals(int columns, List<List<String>> rows) {
        List<Optional<BigDecimal>> totals = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            int at = column;
            List<String> given = rows.stream()
                    .map(row -> row.get(at))
                    .filter(value -> !value.isEmpty())
                    .toList();
            boolean numeric = !given.isEmpty()
                    && given.stream().allMatch(value -> NUMBER.matcher(value).matches());
            totals.add(
                    numeric
                            ? Optional.of(given.stream().map(CsvTable::number).reduce(BigDecimal.ZERO, BigDecimal::add))
                            : Optional.empty());
        }
        return totals;
    }

    private static BigDecimal number(String value) {
        return value.isEmpty()
                ? BigDecimal.ZERO
                : new BigDecimal(value.replace(",", "").replace("+", ""));
    }

    boolean isNumeric(int column) {
        return totals.get(column).isPresent();
    }

    /** The sums of one column for each value of another, in order of first appearance. */
    Map<String, BigDecimal> sums(int column, int by) {
        Map<String, BigDecimal> sums = new LinkedHashMap<>();
        rows.forEach(row -> sums.merge(row.get(by), number(row.get(column)), BigDecimal::add));
        return sums;
    }
}
