package dev.longshore.suites;

import dev.longshore.job.pause.PauseStore;
import dev.longshore.memory.InMemoryPauseStore;
import dev.longshore.suites.contract.PauseStoreContract;

class InMemoryPauseStoreTest extends PauseStoreContract {
    private final InMemoryPauseStore store = new InMemoryPauseStore();

    @Override
    protected PauseStore store() {
        return store;
    }
}
