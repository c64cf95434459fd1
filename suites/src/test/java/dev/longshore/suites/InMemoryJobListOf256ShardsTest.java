package dev.longshore.suites;

import dev.longshore.job.DayShards;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Row;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.suites.contract.JobListContract;

/** Nothing else of the store in memory depends on the number of shards. */
class InMemoryJobListOf256ShardsTest extends JobListContract {
    private final InMemoryEngines memory = InMemoryEngines.create(new DayShards(256));

    @Override
    protected JobStore store() {
        return memory.jobs();
    }

    @Override
    protected void plant(JobId id, Row row) {
        memory.rows().plant(id, row);
    }
}
