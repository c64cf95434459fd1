package dev.longshore.cli;

import dev.longshore.client.Job;
import dev.longshore.client.Longshore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that change jobs by their ids, one after the other. The first that is refused ends the command. */
final class JobChanges {
    private JobChanges() {}

    /** Prints each job as it is after the change. */
    abstract static class OfJobs extends ApiCommand {
        @Parameters(arity = "1..*", paramLabel = "<id>", description = "Ids of jobs")
        private List<String> ids = new ArrayList<>();

        OfJobs(Shell shell) {
            super(shell);
        }

        abstract Job change(Longshore longshore, String id) throws IOException;

        @Override
        int run(Longshore longshore, Output out) throws IOException {
            for (String id : ids) {
                Job job = change(longshore, id);
                if (out.json()) {
                    out.json(job);
                } else {
                    out.line(out.states(job.id() + "  " + Text.clean(JobText.state(job))));
                }
            }
            return Exit.DONE;
        }

        /** A payload is for one job; standard input can be read once. */
        void requireOne(String option) {
            if (ids.size() > 1) {
                throw CommandFailure.usage(option + " is for one job, and " + ids.size() + " ids are given");
            }
        }
    }

    @Command(name = "cancel", description = "Cancel jobs; a running one is requested to stop")
    static final class Cancel extends OfJobs {
        Cancel(Shell shell) {
            super(shell);
        }

        @Override
        Job change(Longshore longshore, String id) {
            return longshore.cancel(id);
        }
    }

    @Command(name = "retry", description = "Redrive dead jobs by their ids; 'longshore redrive' takes many by a filter")
    static final class Retry extends OfJobs {
        @Option(names = "--payload", paramLabel = "<payload>", description = "Another payload: JSON, @file, or -")
        @Nullable
        private String payload;

        @Option(names = "--as", paramLabel = "<task>", description = "The task to run as")
        @Nullable
        private String task;

        @Option(
                names = "--keep-checkpoint",
                description = "Continue from the checkpoint, although payload or task is another")
        private boolean keepCheckpoint;

        Retry(Shell shell) {
            super(shell);
        }

        @Override
        Job change(Longshore longshore, String id) throws IOException {
            dev.longshore.client.Retry retry = dev.longshore.client.Retry.unchanged();
            if (payload != null) {
                requireOne("--payload");
                retry = retry.payload(Json.argument(payload, shell()));
            }
            if (task != null) {
                retry = retry.task(task);
            }
            return longshore.retry(id, keepCheckpoint ? retry.keepCheckpoint() : retry);
        }
    }

    @Command(name = "run-now", description = "Make jobs due now that wait for their time or a backoff")
    static final class RunNow extends OfJobs {
        RunNow(Shell shell) {
            super(shell);
        }

        @Override
        Job change(Longshore longshore, String id) {
            return longshore.runNow(id);
        }
    }

    @Command(name = "rerun", description = "Enqueue new jobs like ones that have ended, and print their ids")
    static final class Rerun extends OfJobs {
        @Option(names = "--payload", paramLabel = "<payload>", description = "Another payload: JSON, @file, or -")
        @Nullable
        private String payload;

        Rerun(Shell shell) {
            super(shell);
        }

        @Override
        Job change(Longshore longshore, String id) throws IOException {
            if (payload == null) {
                return longshore.rerun(id);
            }
            requireOne("--payload");
            return longshore.rerun(id, Json.argument(payload, shell()));
        }
    }
}
