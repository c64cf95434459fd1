package dev.longshore.cli;

import dev.longshore.client.Longshore;
import dev.longshore.client.Period;
import dev.longshore.client.Stats;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "stats", description = "Count jobs by state, and show how long they waited and ran")
final class StatsCommand extends ApiCommand {
    @Option(names = "--task", paramLabel = "<task>", description = "Of this task")
    @Nullable
    private String task;

    @Option(names = "--from", paramLabel = "<time>", description = "From then, or so long ago; an hour when not given")
    @Nullable
    private String from;

    @Option(names = "--to", paramLabel = "<time>", description = "Until then, or so long ago")
    @Nullable
    private String to;

    StatsCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) {
        Period period =
                new Period(TimeArgument.past("--from", from, out.now()), TimeArgument.past("--to", to, out.now()));
        Stats stats = task == null ? longshore.stats(period) : longshore.stats(task, period);
        if (out.json()) {
            out.json(stats);
            return Exit.DONE;
        }
        Table table = new Table(
                "TASK",
                "JOBS",
                "SUCCEEDED",
                "DEAD",
                "CANCELLED",
                "OPEN",
                "A MINUTE",
                "WAIT P50",
                "WAIT P99",
                "RUN P50",
                "RUN P99");
        for (Stats.OfTask of : stats.tasks()) {
            row(table, of.task(), of.jobs(), of.states(), of.endedPerMinute(), of.waitMillis(), of.runMillis());
        }
        row(
                table,
                "total",
                stats.jobs(),
                stats.states(),
                stats.endedPerMinute(),
                stats.waitMillis(),
                stats.runMillis());
        out.table(table, "");
        if (!stats.complete()) {
            out.message("Not all jobs of the time were read, only those back to " + stats.readBackTo());
        }
        return Exit.DONE;
    }

    private static void row(
            Table table,
            String name,
            long jobs,
            Map<String, Long> states,
            double perMinute,
            Stats.Percentiles wait,
            Stats.Percentiles run) {
        long succeeded = states.getOrDefault("SUCCEEDED", 0L);
        long dead = states.getOrDefault("DEAD", 0L);
        long cancelled = states.getOrDefault("CANCELLED", 0L);
        table.row(
                name,
                jobs,
                succeeded,
                dead,
                cancelled,
                jobs - succeeded - dead - cancelled,
                String.format(Locale.ROOT, "%.2f", perMinute),
                Text.millis(wait.p50()),
                Text.millis(wait.p99()),
                Text.millis(run.p50()),
                Text.millis(run.p99()));
    }
}
