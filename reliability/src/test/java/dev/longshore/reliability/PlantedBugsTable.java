package dev.longshore.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of planted bugs in {@code docs/reliability.md}: each guard, its class, and the check that noticed its absence. */
final class PlantedBugsTable {
    private static final String HEAD = "| without it | in | noticed by |";

    private final Path page;

    PlantedBugsTable(Path page) {
        this.page = page;
    }

    /** The cell "noticed by" of each row, by the row's first two cells, in the order of the page. */
    Map<String, String> rows() {
        Map<String, String> rows = new LinkedHashMap<>();
        List<String> lines = lines();
        for (String line : lines.subList(first(lines), end(lines))) {
            int lastCell = line.lastIndexOf(" | ");
            rows.put(line.substring(0, lastCell), line.substring(lastCell + 3, line.length() - 2));
        }
        return rows;
    }

    /** The first two cells of a bug's row. */
    static String key(PlantedBugs.Bug bug) {
        return "| %s | `%s`"
                .formatted(bug.name(), bug.file().getFileName().toString().replace(".java", ""));
    }

    /** The cell for what caught a bug: the check, and of a simulation its seed. */
    static String cell(PlantedBugs.Caught caught) {
        return caught.check().equals("simulation")
                ? caught.check() + ", " + caught.by().substring(0, caught.by().indexOf(':'))
                : caught.check();
    }

    /** Writes a row for each bug: what this run found, or what the page said before when the run did not try the bug. */
    void write(List<PlantedBugs.Bug> bugs, Map<String, String> found) {
        Map<String, String> before = rows();
        List<String> lines = lines();
        List<String> written = new ArrayList<>(lines.subList(0, first(lines)));
        for (PlantedBugs.Bug bug : bugs) {
            String key = key(bug);
            written.add(key + " | " + found.getOrDefault(key, before.getOrDefault(key, "not run yet")) + " |");
        }
        written.addAll(lines.subList(end(lines), lines.size()));
        try {
            Files.write(page, written);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int first(List<String> lines) {
        int head = lines.indexOf(HEAD);
        if (head < 0) {
            throw new IllegalStateException(page + " has no table with the head '" + HEAD + "'");
        }
        return head + 2;
    }

    private int end(List<String> lines) {
        int end = first(lines);
        while (end < lines.size() && lines.get(end).startsWith("|")) {
            end++;
        }
        return end;
    }
}
