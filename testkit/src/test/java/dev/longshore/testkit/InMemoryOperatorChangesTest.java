package dev.longshore.testkit;

import dev.longshore.job.JobStore;
import dev.longshore.testkit.contract.OperatorChangesContract;

class InMemoryOperatorChangesTest extends OperatorChangesContract {
    private final JobStore store = new JobStore(new InMemoryRowStore(), new InMemoryBodyStore(SettableClock.atNoon()));

    @Override
    protected JobStore store() {
        return store;
    }
}
