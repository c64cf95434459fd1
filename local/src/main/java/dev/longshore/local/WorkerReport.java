package dev.longshore.local;

import dev.longshore.task.Json;
import dev.longshore.task.TaskDescription;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker's process reports to the runtime that started it: a line of its standard output, which its log and its handlers
 * write to as well.
 *
 * @param event what has happened
 * @param tasks the tasks of the worker, for {@link Event#LOADED}
 * @param refusal why the worker cannot run, for {@link Event#REFUSED}
 */
record WorkerReport(
        Event event,
        @Nullable List<TaskDescription> tasks,
        @Nullable String refusal) {
    /** Begins a report, and no line of a log. */
    private static final String MARK = "\u0001longshore-worker ";

    enum Event {
        /** The worker is constructed and its tasks are read. */
        LOADED,
        /** The worker cannot be constructed, or its tasks are refused; the process ends. */
        REFUSED,
        /** It polls its queues. */
        POLLING,
        /** It receives no more messages; its jobs have {@link Pollers#DRAIN} to end. */
        DRAINING
    }

    static WorkerReport of(Event event) {
        return new WorkerReport(event, null, null);
    }

    String line() {
        return MARK + Json.of(this).text();
    }

    /** The report at the end of a line; empty for a line of the log. */
    static Optional<WorkerReport> read(String line) {
        int mark = line.indexOf(MARK);
        return mark < 0
                ? Optional.empty()
                : Optional.of(Json.parse(line.substring(mark + MARK.length())).as(WorkerReport.class));
    }

    /** The part of a line that is no report: what was printed before it without a line break. */
    static String output(String line) {
        int mark = line.indexOf(MARK);
        return mark < 0 ? line : line.substring(0, mark);
    }
}
