package dev.longshore.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Aligned columns. Columns that have only numbers are aligned to the right; the last column is cut to the width. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heads) {
        rows.add(List.of(heads));
    }

    Table row(@Nullable Object... cells) {
        rows.add(Arrays.stream(cells).map(Text::of).toList());
        return this;
    }

    boolean isEmpty() {
        return rows.size() == 1;
    }

    /** @param width where lines are cut; 0 for nowhere */
    List<String> lines(int width) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        boolean[] numbers = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            int at = column;
            widths[column] =
                    rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0);
            numbers[column] = rows.stream().skip(1).allMatch(row -> row.get(at).matches("-|[\\d.,]+"));
        }
        return rows.stream().map(row -> line(row, widths, numbers, width)).toList();
    }

    private static String line(List<String> row, int[] widths, boolean[] numbers, int width) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            String space = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : "  ").append(numbers[column] ? space + cell : cell + space);
        }
        String text = line.toString().stripTrailing();
        return width == 0 || text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
