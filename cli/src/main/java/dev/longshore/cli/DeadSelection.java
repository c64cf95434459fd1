package dev.longshore.cli;

import dev.longshore.client.DeadFilter;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which dead jobs. */
final class DeadSelection {
    @Option(names = "--task", paramLabel = "<task>", description = "Of this task")
    @Nullable
    private String task;

    @Option(names = "--tag", paramLabel = "<tag>", description = "With this tag")
    @Nullable
    private String tag;

    @Option(
            names = "--error",
            paramLabel = "<fingerprint>",
            description = "Of this error, as 'longshore dead' prints it")
    @Nullable
    private String error;

    @Option(
            names = "--reason",
            paramLabel = "<reason>",
            description = "Dead because of exhausted, discarded, expired, …")
    @Nullable
    private String reason;

    @Option(names = "--from", paramLabel = "<time>", description = "That died at or after, or so long ago: 2h")
    @Nullable
    private String from;

    @Option(names = "--to", paramLabel = "<time>", description = "That died at or before, or so long ago")
    @Nullable
    private String to;

    @Option(names = "--all", description = "All dead jobs, in place of a filter")
    private boolean all;

    @Option(
            names = "--limit",
            paramLabel = "<number>",
            description = "At most so many, the oldest death first; 1000 when not given")
    @Nullable
    private Integer limit;

    @Option(names = "--yes", description = "Do not wait for a confirmation")
    boolean yes;

    @Option(names = "--dry-run", description = "Count the jobs and change nothing")
    boolean dryRun;

    @Option(names = "--no-follow", description = "Print the maintenance job's id and end")
    boolean noFollow;

    DeadFilter filter(Instant now) {
        DeadFilter filter = null;
        filter = add(filter, task, DeadFilter::ofTask, DeadFilter::task);
        filter = add(filter, tag, DeadFilter::ofTag, DeadFilter::tag);
        filter = add(filter, error, DeadFilter::ofError, DeadFilter::error);
        filter = add(filter, reason, DeadFilter::ofReason, DeadFilter::reason);
        filter = add(filter, TimeArgument.past("--from", from, now), DeadFilter::since, DeadFilter::from);
        filter = add(
                filter,
                TimeArgument.past("--to", to, now),
                time -> DeadFilter.since(Instant.EPOCH).to(time),
                DeadFilter::to);
        if (all == (filter != null)) {
            throw CommandFailure.usage(
                    "Name the dead jobs by --task, --tag, --error, --reason, --from or --to, or all of"
                            + " them by --all alone; 'longshore dead' lists them");
        }
        DeadFilter selected = filter == null ? DeadFilter.all() : filter;
        return limit == null ? selected : selected.limit(limit);
    }

    private static <T> @Nullable DeadFilter add(
            @Nullable DeadFilter filter,
            @Nullable T value,
            Function<T, DeadFilter> first,
            BiFunction<DeadFilter, T, DeadFilter> besides) {
        if (value == null) {
            return filter;
        }
        return filter == null ? first.apply(value) : besides.apply(filter, value);
    }
}
