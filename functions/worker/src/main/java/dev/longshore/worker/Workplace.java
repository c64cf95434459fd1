package dev.longshore.worker;

import dev.longshore.job.engines.Engines;
import dev.longshore.task.TaskCatalog;

/** What all attempts of one worker use. */
record Workplace(
        Engines engines,
        TaskCatalog tasks,
        Waiter waiter,
        Drain drain,
        RetryingWrites writes,
        Redelivery redelivery,
        StuckHandlers stuckHandlers) {
    static Workplace of(Engines engines, TaskCatalog tasks, Waiter waiter, Drain drain) {
        RetryingWrites writes = new RetryingWrites(engines.jobs());
        return new Workplace(
                engines, tasks, waiter, drain, writes, new Redelivery(engines, writes), new StuckHandlers());
    }
}
