package dev.longshore.cli;

import dev.longshore.client.Job;
import dev.longshore.client.JobFilter;
import dev.longshore.client.JobState;
import dev.longshore.client.Longshore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "jobs", description = "List jobs, newest first; those of the last seven days when --from is not given")
final class JobsCommand extends ApiCommand {
    /** Rows whose columns are aligned together: those of a list that is longer are printed while it is read. */
    private static final int ROWS = 100;

    @Option(names = "--task", paramLabel = "<task>", description = "Of this task")
    @Nullable
    private String task;

    @Option(
            names = "--state",
            paramLabel = "<state>",
            description = "SCHEDULED, QUEUED, RUNNING, RETRYING, SUCCEEDED, DEAD or CANCELLED")
    @Nullable
    private JobState state;

    @Option(names = "--tag", paramLabel = "<tag>", description = "With this tag")
    @Nullable
    private String tag;

    @Option(names = "--from", paramLabel = "<time>", description = "Created at or after, or so long ago: 2h")
    @Nullable
    private String from;

    @Option(names = "--to", paramLabel = "<time>", description = "Created at or before, or so long ago")
    @Nullable
    private String to;

    @Option(names = "--limit", paramLabel = "<number>", description = "At most so many; 25 when not given")
    private int limit = 25;

    @Option(names = "--all", description = "All of them, page by page")
    private boolean all;

    JobsCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) {
        if (limit < 1) {
            throw CommandFailure.usage("--limit is 1 or more, not " + limit);
        }
        JobFilter filter = new JobFilter(
                task,
                state,
                tag,
                TimeArgument.past("--from", from, out.now()),
                TimeArgument.past("--to", to, out.now()),
                all ? 100 : Math.min(99, limit) + 1);
        Stream<Job> jobs = longshore.list(filter);
        if (out.json()) {
            out.jsonLines(all ? jobs : jobs.limit(limit));
            return Exit.DONE;
        }
        if (all) {
            printAll(jobs, out);
        } else {
            // one more says whether there are more
            List<Job> listed = jobs.limit(limit + 1L).toList();
            out.table(JobText.table(listed.subList(0, Math.min(limit, listed.size())), out.now()), "No job matches");
            if (listed.size() > limit) {
                out.message("There are more than " + limit + "; --limit or --all lists them");
            }
        }
        return Exit.DONE;
    }

    private static void printAll(Stream<Job> jobs, Output out) {
        List<Job> rows = new ArrayList<>();
        int[] printed = {0};
        jobs.forEach(job -> {
            rows.add(job);
            if (rows.size() == ROWS) {
                printed[0] += ROWS;
                out.table(JobText.table(rows, out.now()), "");
                rows.clear();
            }
        });
        if (!rows.isEmpty() || printed[0] == 0) {
            out.table(JobText.table(rows, out.now()), "No job matches");
        }
    }
}
