package dev.longshore.suites;

import dev.longshore.job.DayShards;
import dev.longshore.job.JobStore;
import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.memory.InMemoryBodyStore;
import dev.longshore.memory.InMemoryRowStore;
import dev.longshore.memory.InMemoryScheduleStore;
import dev.longshore.memory.SettableClock;
import dev.longshore.suites.contract.ScheduledJobsContract;

class InMemoryScheduledJobsTest extends ScheduledJobsContract {
    private final InMemoryScheduleStore schedules = new InMemoryScheduleStore();
    private final JobStore store = new JobStore(
            new InMemoryRowStore(schedules, DayShards.SIXTEEN), new InMemoryBodyStore(SettableClock.atNoon()));

    @Override
    protected JobStore store() {
        return store;
    }

    @Override
    protected ScheduleStore schedules() {
        return schedules;
    }
}
