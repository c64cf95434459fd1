package dev.longshore.cli;

import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a command prints: data on standard output, messages on standard error. */
final class Output {
    private static final String RESET = "\u001b[0m";

    private final Shell shell;
    private final boolean json;
    private final boolean colors;

    Output(Shell shell, boolean json, boolean noColor) {
        this.shell = shell;
        this.json = json;
        this.colors = shell.outputIsTerminal() && !noColor && shell.variable("NO_COLOR") == null;
    }

    boolean json() {
        return json;
    }

    Instant now() {
        return shell.clock().instant();
    }

    /** A line of data. */
    void line(String text) {
        shell.out().println(text);
        if (shell.out().checkError()) {
            throw CommandFailure.outputClosed();
        }
    }

    void json(Object value) {
        line(Json.line(value));
    }

    /** One object per line. */
    void jsonLines(Stream<?> values) {
        values.forEach(this::json);
    }

    /**
     * A list: one object per line as JSON, else one row of the table for each.
     *
     * @param row adds a value's row to the table
     * @param empty what is said when the table has no row
     */
    <T> void list(Stream<T> values, Table table, Consumer<T> row, String empty) {
        if (json) {
            jsonLines(values);
            return;
        }
        values.forEach(row);
        table(table, empty);
    }

    /** A sentence for people, which is no data. */
    void message(String text) {
        shell.err().println(Text.clean(text));
    }

    /** @param empty what is said when the table has no row */
    void table(Table table, String empty) {
        if (table.isEmpty()) {
            message(empty);
            return;
        }
        int width = shell.outputIsTerminal() ? shell.columns() : 0;
        boolean head = true;
        for (String line : table.lines(width)) {
            line(head ? bold(line) : states(line));
            head = false;
        }
    }

    String bold(String text) {
        return colors ? "\u001b[1m" + text + RESET : text;
    }

    /** Replaces the line of a progress bar; nothing where standard error is no terminal. */
    void progress(@Nullable Integer percent, String text) {
        if (!shell.errorIsTerminal()) {
            return;
        }
        int done = percent == null ? 0 : Math.max(0, Math.min(100, percent));
        String bar = "[" + "#".repeat(done / 5) + " ".repeat(20 - done / 5) + "] ";
        String line = bar + (percent == null ? "" : done + " % ") + Text.clean(text);
        int width = shell.columns() - 1;
        shell.err().print("\r\u001b[K" + (line.length() > width ? line.substring(0, width) : line));
        shell.err().flush();
    }

    /** Removes the progress bar. */
    void progressEnded() {
        if (shell.errorIsTerminal()) {
            shell.err().print("\r\u001b[K");
            shell.err().flush();
        }
    }

    /** With the states of jobs and the results of checks in colors. */
    String states(String line) {
        if (!colors) {
            return line;
        }
        return line.replaceAll("\\b(DEAD|problem)\\b", "\u001b[31m$1" + RESET)
                .replaceAll("\\b(SUCCEEDED|ok)\\b", "\u001b[32m$1" + RESET)
                .replaceAll("\\b(RETRYING|CANCELLED|paused|warning)\\b", "\u001b[33m$1" + RESET)
                .replaceAll("\\b(RUNNING)\\b", "\u001b[36m$1" + RESET);
    }
}
