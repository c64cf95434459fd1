package dev.longshore.testkit;

import dev.longshore.job.pause.PauseStore;
import dev.longshore.testkit.contract.PauseStoreContract;

class InMemoryPauseStoreTest extends PauseStoreContract {
    private final InMemoryPauseStore store = new InMemoryPauseStore();

    @Override
    protected PauseStore store() {
        return store;
    }
}
