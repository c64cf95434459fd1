package dev.longshore.cli;

import dev.longshore.client.Job;
import dev.longshore.client.JobFilter;
import dev.longshore.client.JobState;
import dev.longshore.client.Longshore;
import dev.longshore.client.LongshoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "follow",
        description = "Print a job's steps as they happen until it ends, or those of a task's new jobs")
final class FollowCommand extends ApiCommand {
    private static final Duration POLL = Duration.ofSeconds(1);
    /** Jobs of a task that are read each second. */
    private static final int NEWEST = 300;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<id>",
            description = "Id of the job; exit 1 when it ends DEAD or CANCELLED")
    @Nullable
    private String id;

    @Option(
            names = "--task",
            paramLabel = "<task>",
            description = "In place of an id: the jobs that this task gets from now on, until Ctrl-C")
    @Nullable
    private String task;

    FollowCommand(Shell shell) {
        super(shell);
    }

    @Override
    int run(Longshore longshore, Output out) throws InterruptedException {
        if ((id == null) == (task == null)) {
            throw CommandFailure.usage("follow takes the id of a job, or --task");
        }
        if (id != null) {
            return followJob(longshore, id, out);
        }
        followTask(longshore, JobFilter.all().task(task).from(out.now()), out);
        return Exit.DONE;
    }

    private int followJob(Longshore longshore, String job, Output out) throws InterruptedException {
        int printed = 0;
        Instant before = null;
        while (true) {
            Job read = read(longshore, job, out);
            if (read != null) {
                out.progressEnded();
                for (Job.Step step : read.history()
                        .subList(
                                Math.min(printed, read.history().size()),
                                read.history().size())) {
                    print(step, before, out);
                    before = step.at();
                }
                printed = Math.max(printed, read.history().size());
                if (read.state().ended()) {
                    return read.state() == JobState.SUCCEEDED ? Exit.DONE : Exit.NO;
                }
                out.progress(
                        read.progress(),
                        JobText.state(read) + " " + (read.progressText() == null ? "" : read.progressText()));
            }
            shell().sleep().sleep(POLL);
        }
    }

    /** Null after a failure that may end: a command that follows a deployment continues after it. */
    private static @Nullable Job read(Longshore longshore, String id, Output out) {
        try {
            return longshore.get(id);
        } catch (LongshoreException e) {
            if (!e.retryable()) {
                throw e;
            }
            out.message(e.title() + "; reading again");
            return null;
        }
    }

    private static void print(Job.Step step, @Nullable Instant before, Output out) {
        if (out.json()) {
            out.json(step);
        } else {
            out.line(out.states(JobText.step(step, before)));
        }
    }

    private void followTask(Longshore longshore, JobFilter filter, Output out) throws InterruptedException {
        out.message("Following the jobs of " + filter.task() + " that are created from now on; Ctrl-C ends this");
        Map<String, String> printed = new HashMap<>();
        while (true) {
            List<Job> jobs =
                    new ArrayList<>(longshore.list(filter).limit(NEWEST).toList());
            Collections.reverse(jobs);
            Map<String, String> seen = new HashMap<>();
            for (Job job : jobs) {
                String state = job.state() + "/" + job.attempt();
                seen.put(job.id(), state);
                if (!state.equals(printed.get(job.id()))) {
                    print(job, out);
                }
            }
            printed = seen;
            shell().sleep().sleep(POLL);
        }
    }

    private static void print(Job job, Output out) {
        if (out.json()) {
            out.json(job);
            return;
        }
        String error = job.error() == null
                ? ""
                : "  " + job.error().type() + ": " + job.error().message();
        out.line(out.states(Text.clean(String.format(
                "%s  %s  %-9s  attempt %d/%d%s",
                Text.time(out.now(), out.now()).substring(0, 20),
                job.id(),
                job.state(),
                job.attempt(),
                job.maxAttempts(),
                error))));
    }
}
