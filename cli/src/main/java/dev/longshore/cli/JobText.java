package dev.longshore.cli;

import dev.longshore.client.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How jobs are printed for people. */
final class JobText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private JobText() {}

    /** With what it waits for. */
    static String state(Job job) {
        String state = job.state().name();
        if (job.cancelRequested() && !job.state().ended()) {
            return state + " (cancellation requested)";
        }
        return job.waitReason() == null ? state : state + " (" + job.waitReason() + ")";
    }

    /** A line for each step, with the time since the one before. */
    static List<String> history(Job job) {
        List<String> lines = new ArrayList<>();
        Instant before = null;
        for (Job.Step step : job.history()) {
            lines.add(step(step, before));
            before = step.at();
        }
        return lines;
    }

    static String step(Job.Step step, @Nullable Instant before) {
        String since = before == null ? "" : "+" + Text.duration(Duration.between(before, step.at()));
        StringBuilder line =
                new StringBuilder(String.format("%s  %-12s  %-9s", TIME.format(step.at()), since, step.state()));
        if (step.attempt() != null) {
            line.append("  attempt ").append(step.attempt());
        }
        if (step.snoozed()) {
            line.append("  snoozed");
        }
        if (step.continued()) {
            line.append("  continued");
        }
        if (step.task() != null) {
            line.append("  as ").append(step.task());
        }
        if (step.payloadReplaced()) {
            line.append("  payload replaced");
        }
        if (step.by() != null) {
            line.append("  by ").append(step.by());
        }
        if (step.error() != null) {
            line.append("  ").append(step.error());
        }
        return Text.clean(line.toString()).stripTrailing();
    }

    static Table table(List<Job> jobs, Instant now) {
        Table table = new Table("ID", "TASK", "STATE", "ATTEMPT", "CREATED", "ERROR");
        for (Job job : jobs) {
            table.row(
                    job.id(),
                    job.task(),
                    state(job),
                    job.attempt() + "/" + job.maxAttempts(),
                    Text.relative(job.createdAt(), now),
                    job.error() == null
                            ? ""
                            : job.error().type() + ": " + job.error().message());
        }
        return table;
    }
}
