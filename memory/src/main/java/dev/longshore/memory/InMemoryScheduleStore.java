package dev.longshore.memory;

import dev.longshore.job.NewJob;
import dev.longshore.job.Page;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.ScheduleStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A {@link ScheduleStore} in memory. */
public final class InMemoryScheduleStore implements ScheduleStore {
    private final TreeMap<String, Schedule> schedules = new TreeMap<>();
    private @Nullable String agreement;

    @Override
    public synchronized Optional<Schedule> find(String name) {
        return Optional.ofNullable(schedules.get(name));
    }

    @Override
    public synchronized boolean write(Schedule schedule) {
        if (!isUnchanged(schedule)) {
            return false;
        }
        schedules.put(schedule.name(), schedule.written());
        return true;
    }

    @Override
    public synchronized boolean delete(Schedule schedule) {
        return isUnchanged(schedule) && schedules.remove(schedule.name()) != null;
    }

    private boolean isUnchanged(Schedule schedule) {
        Schedule there = schedules.get(schedule.name());
        return there == null ? schedule.isNew() : schedule.version() == there.version();
    }

    /** Whether a schedule is there and has not been changed since it was read. */
    synchronized boolean isUnchanged(NewJob.OfSchedule read) {
        Schedule there = schedules.get(read.name());
        return there != null && there.generation() == read.generation();
    }

    @Override
    public synchronized Page<Schedule, String> list(int limit, @Nullable String after) {
        List<Schedule> found = schedules.values().stream()
                .filter(schedule -> after == null || schedule.name().compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        return page(found, limit, Schedule::name);
    }

    @Override
    public synchronized Page<Schedule, String> due(String shard, Instant until, int limit, @Nullable String after) {
        List<Schedule> found = schedules.values().stream()
                .filter(schedule -> schedule.shard().equals(shard))
                .filter(schedule ->
                        schedule.wakesAt().filter(time -> !time.isAfter(until)).isPresent())
                .sorted(Comparator.comparing(InMemoryScheduleStore::position))
                .filter(schedule -> after == null || position(schedule).compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        return page(found, limit, InMemoryScheduleStore::position);
    }

    private static Page<Schedule, String> page(List<Schedule> found, int limit, Function<Schedule, String> position) {
        return found.size() > limit
                ? new Page<>(found.subList(0, limit), position.apply(found.get(limit - 1)))
                : new Page<>(found, null);
    }

    private static String position(Schedule schedule) {
        return "%019d %s".formatted(schedule.wakesAt().orElseThrow().toEpochMilli(), schedule.name());
    }

    @Override
    public synchronized Optional<String> agreement() {
        return Optional.ofNullable(agreement);
    }

    @Override
    public synchronized void agree(String fingerprint) {
        agreement = fingerprint;
    }
}
