package dev.longshore.suites;

import dev.longshore.job.JobStore;
import dev.longshore.memory.InMemoryBodyStore;
import dev.longshore.memory.InMemoryRowStore;
import dev.longshore.memory.SettableClock;
import dev.longshore.suites.contract.ReplacementContract;

class InMemoryReplacementTest extends ReplacementContract {
    private final JobStore store = new JobStore(new InMemoryRowStore(), new InMemoryBodyStore(SettableClock.atNoon()));

    @Override
    protected JobStore store() {
        return store;
    }
}
