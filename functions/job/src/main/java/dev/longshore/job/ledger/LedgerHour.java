package dev.longshore.job.ledger;

import dev.longshore.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger knows of the jobs of one hour, by the time of their ids, after a count of their rows. {@code accepted} is
 * remembered from count to count and never follows from the rows alone: it is
 * {@code succeeded + dead + cancelled + waiting + running}, and {@code missing} is what lacks.
 *
 * @param at when the count began
 * @param next when to count again; null when the hour is closed: nothing in it can change any more
 * @param mended how often the audit has sent or parked one of its jobs again, ever
 * @param missing jobs that an earlier count saw and that no retention has taken
 * @param memory what the next count is compared with
 */
public record LedgerHour(
        Instant hour,
        Instant at,
        @Nullable Instant next,
        long accepted,
        long succeeded,
        long dead,
        long cancelled,
        long waiting,
        long running,
        long mended,
        long missing,
        Memory memory) {

    /** An hour is counted first so long after its end: what it holds is due for longer than the audit's grace. */
    public static final Duration FIRST_COUNT = Duration.ofMinutes(16);

    /**
     * The longest time from one count of an open hour to the next. With {@link HourTally#FORGETS_AHEAD} and the time that a
     * count may take it is less than a day, the shortest retention of a task: no job ends and is forgotten in between.
     */
    static final Duration LONGEST_INTERVAL = Duration.ofHours(20);

    private static final Duration SHORTEST_INTERVAL = Duration.ofHours(1);

    /** A client's own id may be a day old when its job is accepted (design: "its time within a day of now"). */
    private static final Duration NEWCOMERS = Duration.ofHours(25);

    /**
     * What a count leaves to the next one.
     *
     * @param mark the newest creation that the count was sure to see
     * @param known how many jobs it saw that were created by then
     * @param leaving when retention takes which of these: by their state and the hour, in hours since 1970
     * @param forgotten how many retention has taken so far
     */
    public record Memory(
            Instant mark, long known, Map<JobState, Map<Long, Long>> leaving, Map<JobState, Long> forgotten) {}

    /** The entry after a complete count, compared with the entry before it. */
    public static LedgerHour counted(Instant hour, Instant at, HourTally tally, @Nullable LedgerHour before) {
        Map<JobState, Long> forgotten = new HashMap<>();
        long missing = 0;
        if (before != null) {
            forgotten.putAll(before.memory().forgotten());
            Map<JobState, Long> leaves = before.leavesBy(HourTally.forgetsFrom(at));
            leaves.forEach((state, rows) -> forgotten.merge(state, rows, Long::sum));
            long gone = before.memory().known() - tally.still();
            long lost = gone - sum(leaves);
            if (lost >= 0) {
                missing = before.missing() + lost;
            } else {
                // Dead jobs that were to be forgotten went back to work; anything else was missing and is there again.
                long sentBack = Math.min(-lost, leaves.getOrDefault(JobState.DEAD, 0L));
                forgotten.merge(JobState.DEAD, -sentBack, Long::sum);
                missing = Math.max(0, before.missing() + lost + sentBack);
            }
        }
        return new LedgerHour(
                hour,
                at,
                nextCount(hour, at, tally),
                tally.all() + sum(forgotten) + missing,
                tally.of(JobState.SUCCEEDED) + forgotten.getOrDefault(JobState.SUCCEEDED, 0L),
                tally.of(JobState.DEAD) + forgotten.getOrDefault(JobState.DEAD, 0L),
                tally.of(JobState.CANCELLED) + forgotten.getOrDefault(JobState.CANCELLED, 0L),
                tally.waiting(),
                tally.of(JobState.RUNNING),
                tally.mended() + (before == null ? 0 : before.mended()),
                missing,
                new Memory(HourTally.mark(at), tally.known(), tally.leaving(), forgotten));
    }

    /**
     * Hourly while a job of it is in work; at doubling intervals while nothing happens; never again when it is closed. A dead
     * job keeps it open, since it may be sent back.
     */
    private static @Nullable Instant nextCount(Instant hour, Instant at, HourTally tally) {
        Instant end = hour.plus(SHORTEST_INTERVAL);
        Instant first = end.plus(FIRST_COUNT);
        if (at.isBefore(first)) {
            return first;
        }
        if (tally.isOver() && at.isAfter(end.plus(NEWCOMERS))) {
            return null;
        }
        Instant soonest = at.plus(SHORTEST_INTERVAL);
        if (tally.inWork() > 0) {
            return soonest;
        }
        Instant latest = at.plus(LONGEST_INTERVAL);
        Instant doubled = at.plus(Duration.between(end, at));
        Instant next = doubled.isAfter(latest) ? latest : doubled;
        Instant nextDue = tally.nextDue() == null ? next : tally.nextDue().plus(FIRST_COUNT);
        next = nextDue.isBefore(next) ? nextDue : next;
        return next.isBefore(soonest) ? soonest : next;
    }

    /** How many of its rows retention takes before that hour, by their states. */
    private Map<JobState, Long> leavesBy(Instant hour) {
        long by = HourTally.epochHour(hour);
        Map<JobState, Long> leaves = new HashMap<>();
        memory.leaving()
                .forEach((state, hours) -> hours.forEach((leaving, rows) -> {
                    if (leaving < by) {
                        leaves.merge(state, rows, Long::sum);
                    }
                }));
        return leaves;
    }

    private static long sum(Map<JobState, Long> rows) {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether an audit may have closed the hour by now, whatever the clocks say. */
    public static boolean mayBeClosed(Instant hour, Instant now) {
        return now.isAfter(hour.plus(NEWCOMERS));
    }

    public boolean closed() {
        return next == null;
    }

    /** The hour of a time. */
    public static Instant hourOf(Instant time) {
        return time.truncatedTo(ChronoUnit.HOURS);
    }
}
