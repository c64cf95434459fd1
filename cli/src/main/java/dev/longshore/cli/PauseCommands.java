package dev.longshore.cli;

import dev.longshore.client.Longshore;
import dev.longshore.client.PauseState;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Pauses of pools and tasks. */
final class PauseCommands {
    private PauseCommands() {}

    /** Of a pool or a task. */
    abstract static class OfPoolOrTask extends ApiCommand {
        @Option(
                names = "--pool",
                paramLabel = "<pool>",
                description = "All tasks of this pool; one of 'longshore queues'")
        @Nullable
        private String pool;

        @Option(names = "--task", paramLabel = "<task>", description = "This task; one of 'longshore tasks'")
        @Nullable
        private String task;

        OfPoolOrTask(Shell shell) {
            super(shell);
        }

        abstract PauseState ofPool(Longshore longshore, String pool);

        abstract PauseState ofTask(Longshore longshore, String task);

        @Override
        int run(Longshore longshore, Output out) {
            PauseState state;
            if (pool != null && task == null) {
                state = ofPool(longshore, pool);
            } else if (task != null && pool == null) {
                state = ofTask(longshore, task);
            } else {
                throw CommandFailure.usage("Give --pool or --task, and not both");
            }
            if (out.json()) {
                out.json(state);
            } else {
                String what = state.pool() == null ? "task " + state.task() : "pool " + state.pool();
                out.line(out.states(
                        Text.clean(what + " is " + TasksCommand.state(state.paused(), state.setAside(), out))));
            }
            return Exit.DONE;
        }
    }

    @Command(
            name = "pause",
            description = "Start no more jobs of a pool or a task; those that run continue to their end")
    static final class Pause extends OfPoolOrTask {
        Pause(Shell shell) {
            super(shell);
        }

        @Override
        PauseState ofPool(Longshore longshore, String pool) {
            return longshore.queues().pause(pool);
        }

        @Override
        PauseState ofTask(Longshore longshore, String task) {
            return longshore.tasks().pause(task);
        }
    }

    @Command(name = "resume", description = "Start the jobs of a pool or a task again")
    static final class Resume extends OfPoolOrTask {
        Resume(Shell shell) {
            super(shell);
        }

        @Override
        PauseState ofPool(Longshore longshore, String pool) {
            return longshore.queues().resume(pool);
        }

        @Override
        PauseState ofTask(Longshore longshore, String task) {
            return longshore.tasks().resume(task);
        }
    }
}
