package dev.longshore.testkit;

import dev.longshore.job.JobStore;
import dev.longshore.testkit.contract.JobListContract;

class InMemoryJobListTest extends JobListContract {
    private final InMemoryJobStore store = new InMemoryJobStore();

    @Override
    protected JobStore store() {
        return store;
    }
}
