package dev.longshore.reliability;

import dev.longshore.job.JobState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The table of {@code docs/lifecycle.md}: which change leads from which state to which. */
final class LifecyclePage {
    private final Set<String> steps = new TreeSet<>();

    private LifecyclePage() {}

    static LifecyclePage read(Path page) {
        LifecyclePage read = new LifecyclePage();
        try {
            Files.readAllLines(page).stream()
                    .dropWhile(line -> !line.startsWith("| change |"))
                    .skip(2)
                    .takeWhile(line -> line.startsWith("|"))
                    .map(line -> line.split("\\|", -1))
                    .forEach(read::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (read.steps.isEmpty()) {
            throw new IllegalStateException("No table of changes in " + page.toAbsolutePath());
        }
        return read;
    }

    private void add(String[] cells) {
        List<String> from =
                Arrays.stream(cells[2].split(",", -1)).map(String::strip).toList();
        for (String state : from) {
            String to = cells[3].strip().equals("the same") ? state : cells[3].strip();
            steps.add(step(cells[1].strip(), JobState.valueOf(state), JobState.valueOf(to)));
        }
    }

    static String step(String change, JobState from, JobState to) {
        return from + " -" + change + "-> " + to;
    }

    boolean allows(String change, JobState from, JobState to) {
        return steps.contains(step(change, from, to));
    }

    /** All steps, as {@link #step} writes them. */
    Set<String> steps() {
        return steps;
    }
}
