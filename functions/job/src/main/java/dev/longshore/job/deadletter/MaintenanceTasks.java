package dev.longshore.job.deadletter;

import dev.longshore.task.TaskCatalog;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Longshore's own tasks. Calls of the API enqueue their jobs, every worker knows them beside its team's tasks, and they run
 * like any job: attempts, progress, history, cancellation.
 */
public final class MaintenanceTasks {
    /** Redrives dead jobs. */
    public static final String REDRIVE = TaskCatalog.RESERVED + "redrive";

    /** Purges dead jobs. */
    public static final String PURGE = TaskCatalog.RESERVED + "purge";

    /** The names of all of them. */
    public static final Set<String> NAMES = Set.of(REDRIVE, PURGE);

    /** Attempts of a maintenance job; each continues where the one before ended. */
    public static final int MAX_ATTEMPTS = 20;

    private MaintenanceTasks() {}

    /**
     * What a redrive is to do.
     *
     * @param filter which dead jobs; with both times set
     * @param limit at most so many
     * @param ratePerSecond how many of them become due in a second; null for all at once
     * @param canary whether one is sent first, then ten, and the rest only when these did not die again
     * @param by the id of the API key that requested it
     */
    public record Redrive(
            DeadFilter filter, int limit, @Nullable Double ratePerSecond, boolean canary, String by) {}

    /**
     * What a purge is to do.
     *
     * @param filter which dead jobs; with both times set
     * @param limit at most so many
     */
    public record Purge(DeadFilter filter, int limit) {}
}
