package dev.longshore.suites;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.memory.InMemoryBodyStore;
import dev.longshore.memory.InMemoryRowStore;
import dev.longshore.memory.SettableClock;
import dev.longshore.suites.contract.JobStoreContract;

class InMemoryJobStoreTest extends JobStoreContract {
    private final InMemoryRowStore rows = new InMemoryRowStore();
    private final JobStore store = new JobStore(rows, new InMemoryBodyStore(SettableClock.atNoon()));

    @Override
    protected JobStore store() {
        return store;
    }

    @Override
    protected void deleteRow(JobId id) {
        rows.deleteRow(id);
    }
}
