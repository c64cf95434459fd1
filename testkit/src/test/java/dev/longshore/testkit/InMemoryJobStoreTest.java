package dev.longshore.testkit;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.testkit.contract.JobStoreContract;

class InMemoryJobStoreTest extends JobStoreContract {
    private final InMemoryJobStore store = new InMemoryJobStore();

    @Override
    protected JobStore store() {
        return store;
    }

    @Override
    protected void forget(JobId id) {
        store.forget(id);
    }
}
