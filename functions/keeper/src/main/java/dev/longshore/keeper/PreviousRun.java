package dev.longshore.keeper;

import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.Task;
import dev.longshore.task.TaskDescription;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The job that a schedule made before: whether it is finished, and its end when a newer one takes its place. */
final class PreviousRun {
    private static final int TRIES = 4;

    private final Engines engines;
    private final Map<String, TaskDescription> tasks;

    PreviousRun(Engines engines, Map<String, TaskDescription> tasks) {
        this.engines = engines;
        this.tasks = tasks;
    }

    boolean isUnfinished(@Nullable JobId id) {
        return find(id).isPresent();
    }

    /** Cancels it if it waits, asks it to stop if it runs, and leaves it if it has ended. */
    void cancel(@Nullable JobId id, String by) {
        Optional<Job> unfinished = find(id);
        for (int i = 0; i < TRIES && unfinished.isPresent(); i++) {
            Job job = unfinished.get();
            Change cancellation = job.state().isWaiting()
                    ? engines.operatorChanges().cancelWaiting(job, retention(job), by)
                    : engines.operatorChanges().requestCancel(by);
            if (engines.jobs().apply(job.id(), cancellation) instanceof Change.Outcome.Done) {
                return;
            }
            unfinished = find(id); // it has just moved on
        }
        if (unfinished.isPresent()) {
            throw new StoreUnavailableException(
                    "Job " + id + " changes its state too fast to be cancelled",
                    new IllegalStateException("refused " + TRIES + " times"));
        }
    }

    private Optional<Job> find(@Nullable JobId id) {
        return Optional.ofNullable(id)
                .flatMap(engines.jobs()::find)
                .filter(job -> !job.state().isTerminal());
    }

    private Duration retention(Job job) {
        TaskDescription task = tasks.get(job.task());
        return task == null ? Task.USUAL_RETENTION : task.retention();
    }
}
