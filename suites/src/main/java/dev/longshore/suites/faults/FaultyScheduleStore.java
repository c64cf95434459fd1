package dev.longshore.suites.faults;

import dev.longshore.job.Page;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.ScheduleStore;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ScheduleStore} whose calls fail when {@link Faults} say so: before they take effect, or after. A call is named
 * after its method: {@code writeSchedule}, {@code dueSchedules} …
 */
public final class FaultyScheduleStore implements ScheduleStore {
    private final ScheduleStore store;
    private final Faults faults;

    public FaultyScheduleStore(ScheduleStore store, Faults faults) {
        this.store = store;
        this.faults = faults;
    }

    @Override
    public Optional<Schedule> find(String name) {
        return faults.around("findSchedule", () -> store.find(name));
    }

    @Override
    public boolean write(Schedule schedule) {
        return faults.around("writeSchedule", () -> store.write(schedule));
    }

    @Override
    public boolean delete(Schedule schedule) {
        return faults.around("deleteSchedule", () -> store.delete(schedule));
    }

    @Override
    public Page<Schedule, String> list(int limit, @Nullable String after) {
        return faults.around("listSchedules", () -> store.list(limit, after));
    }

    @Override
    public Page<Schedule, String> due(String shard, Instant until, int limit, @Nullable String after) {
        return faults.around("dueSchedules", () -> store.due(shard, until, limit, after));
    }

    @Override
    public Optional<String> agreement() {
        return faults.around("agreement", store::agreement);
    }

    @Override
    public void agree(String fingerprint) {
        faults.around("agree", () -> store.agree(fingerprint));
    }
}
