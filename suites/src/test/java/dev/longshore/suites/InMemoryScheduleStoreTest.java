package dev.longshore.suites;

import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.memory.InMemoryScheduleStore;
import dev.longshore.suites.contract.ScheduleStoreContract;

class InMemoryScheduleStoreTest extends ScheduleStoreContract {
    private final InMemoryScheduleStore store = new InMemoryScheduleStore();

    @Override
    protected ScheduleStore store() {
        return store;
    }
}
