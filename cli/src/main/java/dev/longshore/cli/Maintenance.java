package dev.longshore.cli;

import dev.longshore.client.DeadCount;
import dev.longshore.client.DeadFilter;
import dev.longshore.client.Job;
import dev.longshore.client.JobState;
import dev.longshore.client.Longshore;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A redrive or a purge: count, confirm, start the maintenance job, follow it. */
final class Maintenance {
    private static final Duration POLL = Duration.ofSeconds(1);

    private final Shell shell;
    private final DeadSelection selection;
    private final String verb;
    /** field of the maintenance job's result */
    private final String done;

    Maintenance(Shell shell, DeadSelection selection, String verb, String done) {
        this.shell = shell;
        this.selection = selection;
        this.verb = verb;
        this.done = done;
    }

    int run(
            Longshore longshore,
            Output out,
            Function<DeadFilter, DeadCount> count,
            Function<DeadFilter, Job> start,
            boolean typeTheNumber)
            throws InterruptedException {
        DeadFilter filter = selection.filter(out.now());
        DeadCount counted = count.apply(filter);
        String jobs = (counted.complete() ? "" : "at least ") + Text.count(counted.count(), "dead job");
        if (selection.dryRun) {
            if (out.json()) {
                out.json(counted);
            } else {
                out.line("It would " + verb + " " + jobs);
            }
            return Exit.DONE;
        }
        if (counted.count() == 0) {
            out.message("No dead job matches; nothing is to " + verb);
            return Exit.DONE;
        }
        if (!selection.yes && !confirmed(counted, jobs, typeTheNumber)) {
            out.message("Nothing was changed");
            return Exit.NO;
        }
        // what died since the count was not confirmed
        Job job = start.apply(counted.complete() ? filter.limit((int) counted.count()) : filter);
        if (selection.noFollow) {
            out.line(out.json() ? Json.line(job) : job.id());
            return Exit.DONE;
        }
        out.message("Job " + job.id() + " does it; it continues when this command is interrupted");
        return end(follow(longshore, job, out), out);
    }

    private boolean confirmed(DeadCount counted, String jobs, boolean typeTheNumber) {
        if (!shell.inputIsTerminal()) {
            throw CommandFailure.usage("It would " + verb + " " + jobs
                    + ", and standard input is no terminal to confirm that; --yes does it without");
        }
        String question = typeTheNumber
                ? "This will " + verb + " " + jobs + " for good. Type " + counted.count() + " to confirm: "
                : "This will " + verb + " " + jobs + ". Continue? [y/N] ";
        String answer = shell.prompt().read(question, false);
        if (answer == null) {
            return false;
        }
        return typeTheNumber
                ? answer.strip().equals(String.valueOf(counted.count()))
                : answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes");
    }

    private Job follow(Longshore longshore, Job started, Output out) throws InterruptedException {
        Job job = started;
        while (!job.state().ended()) {
            out.progress(job.progress(), doing(job));
            shell.sleep().sleep(POLL);
            job = longshore.get(job.id());
        }
        out.progressEnded();
        return job;
    }

    /** A redrive snoozes while it watches a canary's jobs, and has no progress of its own then. */
    private static String doing(Job job) {
        if ("snoozed".equals(job.waitReason())) {
            return "watching how the jobs that were redriven first end";
        }
        return job.progressText() == null ? JobText.state(job) : job.progressText();
    }

    private int end(Job job, Output out) {
        if (out.json()) {
            out.json(job);
        } else {
            out.line(out.states("Job " + job.id() + " is " + job.state() + result(job.result())
                    + (job.error() == null ? "" : ": " + Text.clean(job.error().message()))));
        }
        boolean stopped = job.result() != null && job.result().path("stopped").asBoolean(false);
        return job.state() == JobState.SUCCEEDED && !stopped ? Exit.DONE : Exit.NO;
    }

    private String result(@Nullable JsonNode result) {
        if (result == null) {
            return "";
        }
        String counts = ": " + result.path(done).asLong(0) + " " + done + ", "
                + result.path("skipped").asLong(0) + " skipped";
        return result.path("stopped").asBoolean(false)
                ? counts + "; the canary stopped it: "
                        + Text.clean(result.path("because").asString(""))
                : counts;
    }
}
