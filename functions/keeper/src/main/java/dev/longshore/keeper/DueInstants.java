package dev.longshore.keeper;

import dev.longshore.job.schedule.Schedule;
import dev.longshore.task.ScheduleSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The instants of a schedule that have come, and which of them make jobs. Those that come late, by a tick or two, are on
 * time; what happens to those that an outage has missed is the schedule's catch-up policy.
 *
 * @param chosen those that make jobs, the earliest first
 * @param count how many have come
 * @param last the last of them
 * @param next the first that has not come
 */
record DueInstants(List<Instant> chosen, long count, Instant last, Instant next) {
    /** How late an instant may be handled and still be on time. */
    static final Duration ON_TIME = Duration.ofMinutes(5);

    /** @param schedule one whose {@code next} is not after {@code until} */
    static DueInstants of(Schedule schedule, Instant now, Instant until) {
        ScheduleSpec spec = schedule.spec();
        Deque<Instant> newest = new ArrayDeque<>();
        Instant last = schedule.next();
        Instant next = last;
        Iterator<Instant> following = spec.after(next).iterator();
        long count = 0;
        while (!next.isAfter(until)) {
            last = next;
            newest.addLast(next);
            if (newest.size() > ScheduleSpec.MOST_CAUGHT_UP) {
                newest.removeFirst();
            }
            count++;
            next = following.next();
        }
        return new DueInstants(chosen(spec, now, List.copyOf(newest)), count, last, next);
    }

    private static List<Instant> chosen(ScheduleSpec spec, Instant now, List<Instant> newest) {
        List<Instant> onTime = newest.stream()
                .filter(instant -> !instant.isBefore(now.minus(ON_TIME)))
                .toList();
        return switch (spec.catchUp()) {
            case NONE -> onTime;
            case LATEST -> onTime.isEmpty() ? lastOf(newest, 1) : onTime;
            case ALL -> lastOf(newest, Math.max(spec.catchUpLimit(), onTime.size()));
        };
    }

    private static List<Instant> lastOf(List<Instant> instants, int most) {
        return instants.subList(Math.max(0, instants.size() - most), instants.size());
    }
}
