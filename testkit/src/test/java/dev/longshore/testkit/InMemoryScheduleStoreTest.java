package dev.longshore.testkit;

import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.testkit.contract.ScheduleStoreContract;

class InMemoryScheduleStoreTest extends ScheduleStoreContract {
    private final InMemoryScheduleStore store = new InMemoryScheduleStore();

    @Override
    protected ScheduleStore store() {
        return store;
    }
}
