package dev.longshore.testkit;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Row;
import dev.longshore.testkit.contract.JobListContract;

class InMemoryJobListTest extends JobListContract {
    private final InMemoryJobStore store = new InMemoryJobStore();

    @Override
    protected JobStore store() {
        return store;
    }

    @Override
    protected void plant(JobId id, Row row) {
        store.plant(id, row);
    }
}
