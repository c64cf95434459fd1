package dev.longshore.reliability;

import dev.longshore.task.TaskDescription;
import java.util.List;

/**
 * One version of the code that is deployed.
 *
 * @param pools the first has the brief tasks, the last the strange one, and the others are divided between them
 * @param declares whether it declares a schedule
 * @param strange whether it has the task that no worker has
 */
record Deployment(List<String> pools, boolean declares, boolean strange) {
    /** With one pool, and without a schedule. */
    static final Deployment PLAIN = new Deployment(List.of(World.POOL), false, true);

    /** With so many pools. */
    static Deployment of(int pools, boolean declares) {
        return new Deployment(List.of(World.POOL, "second", "third").subList(0, pools), declares, true);
    }

    /** The next version: the last pool is gone, and with it its strange task; its other task is in the pool before it. */
    Deployment withoutLastPool() {
        return new Deployment(pools.subList(0, pools.size() - 1), declares, false);
    }

    /** The pool of that number, or the last one there is. */
    String pool(int number) {
        return pools.get(Math.min(number, pools.size() - 1));
    }

    /** The tasks of the API and the dispatcher. */
    List<TaskDescription> tasks() {
        return SimulatedTasks.described(this);
    }
}
