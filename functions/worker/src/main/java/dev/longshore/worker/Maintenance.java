package dev.longshore.worker;

import dev.longshore.job.deadletter.MaintenanceTasks;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import java.time.Duration;

/** The handlers of Longshore's own tasks, which every worker has beside its team's. */
final class Maintenance {
    /** Enough for many batches; where the function has less, an attempt gives the job back before its time is over. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final RetryPolicy RETRY = RetryPolicy.exponential()
            .first(Duration.ofSeconds(2))
            .cap(Duration.ofMinutes(5))
            .maxAttempts(MaintenanceTasks.MAX_ATTEMPTS);

    private Maintenance() {}

    /** @param ofTeam the tasks of the deployment, whose dead jobs a redrive can send */
    static TaskCatalog tasks(Engines engines, TaskCatalog ofTeam) {
        TaskCatalog tasks = TaskCatalog.ofReservedNames();
        tasks.add(MaintenanceTasks.REDRIVE, MaintenanceTasks.Redrive.class, new Redrive(engines, ofTeam))
                .timeout(TIMEOUT)
                .retry(RETRY);
        tasks.add(MaintenanceTasks.PURGE, MaintenanceTasks.Purge.class, new Purge(engines))
                .timeout(TIMEOUT)
                .retry(RETRY);
        return tasks;
    }
}
