package dev.longshore.suites;

import dev.longshore.job.limit.LimitStore;
import dev.longshore.memory.InMemoryLimitStore;
import dev.longshore.suites.contract.LimitStoreContract;

class InMemoryLimitStoreTest extends LimitStoreContract {
    private final InMemoryLimitStore store = new InMemoryLimitStore();

    @Override
    protected LimitStore store() {
        return store;
    }
}
