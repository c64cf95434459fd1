package dev.longshore.suites;

import dev.longshore.job.JobStore;
import dev.longshore.suites.contract.OperatorChangesContract;
import dev.longshore.testkit.InMemoryBodyStore;
import dev.longshore.testkit.InMemoryRowStore;
import dev.longshore.testkit.SettableClock;

class InMemoryOperatorChangesTest extends OperatorChangesContract {
    private final JobStore store = new JobStore(new InMemoryRowStore(), new InMemoryBodyStore(SettableClock.atNoon()));

    @Override
    protected JobStore store() {
        return store;
    }
}
