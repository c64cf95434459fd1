package dev.longshore.testkit;

import dev.longshore.job.JobStore;
import dev.longshore.testkit.contract.OperatorChangesContract;

class InMemoryOperatorChangesTest extends OperatorChangesContract {
    private final InMemoryJobStore store = new InMemoryJobStore();

    @Override
    protected JobStore store() {
        return store;
    }
}
