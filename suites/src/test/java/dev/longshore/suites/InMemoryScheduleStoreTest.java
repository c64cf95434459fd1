package dev.longshore.suites;

import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.suites.contract.ScheduleStoreContract;
import dev.longshore.testkit.InMemoryScheduleStore;

class InMemoryScheduleStoreTest extends ScheduleStoreContract {
    private final InMemoryScheduleStore store = new InMemoryScheduleStore();

    @Override
    protected ScheduleStore store() {
        return store;
    }
}
