package dev.longshore.job;

import dev.longshore.task.TaskCatalog;
import java.util.Optional;
import java.util.SortedSet;

/**
 * What a redriven job runs as: a task, and the pool whose workers run it in the deployment of today. The pool in the job's
 * row may be of an earlier deployment.
 */
public record RunsAs(String task, String pool) {
    private static final String USUAL_POOL = "default";

    /**
     * What a job runs as today.
     *
     * @param poolOfTask the pool of the job's task; empty when the catalogue has no such task
     * @param pools the pools of the deployment
     * @return empty when neither the task nor the pool of the row is part of the deployment: no worker would take the job
     */
    public static Optional<RunsAs> today(Job job, Optional<String> poolOfTask, SortedSet<String> pools) {
        if (job.task().startsWith(TaskCatalog.RESERVED)) {
            return Optional.of(new RunsAs(job.task(), maintenancePool(pools)));
        }
        boolean poolIsThere = pools.contains(job.pool());
        return poolOfTask
                .or(() -> poolIsThere ? Optional.of(job.pool()) : Optional.empty())
                .map(pool -> new RunsAs(job.task(), pool));
    }

    /** The pool of Longshore's own tasks: {@code default} if there is one, else the first by name. */
    public static String maintenancePool(SortedSet<String> pools) {
        return pools.contains(USUAL_POOL) ? USUAL_POOL : pools.first();
    }
}
