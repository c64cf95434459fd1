package dev.longshore.keeper;

import dev.longshore.job.Job;
import dev.longshore.job.JobQueue;
import dev.longshore.job.RunsAs;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskDescription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which pool a held job is sent to: its own, or, when this deployment does not have that any more, the pool that the job's
 * task has today.
 */
final class Routes {
    private final JobQueue queue;
    private final Map<String, String> poolsOfTasks = new HashMap<>();
    private final TreeSet<String> pools = new TreeSet<>();

    Routes(JobQueue queue, List<TaskDescription> tasks) {
        this.queue = queue;
        for (TaskDescription task : tasks) {
            task.names().forEach(name -> poolsOfTasks.put(name, task.pool()));
            pools.add(task.pool());
        }
    }

    /** Empty when the deployment has neither the job's pool nor its task. */
    Optional<String> poolFor(Job job) {
        return queue.hasPool(job.pool())
                ? Optional.of(job.pool())
                : poolOfTask(job.task()).filter(queue::hasPool);
    }

    private Optional<String> poolOfTask(String task) {
        return task.startsWith(TaskCatalog.RESERVED) && !pools.isEmpty()
                ? Optional.of(RunsAs.maintenancePool(pools))
                : Optional.ofNullable(poolsOfTasks.get(task));
    }
}
