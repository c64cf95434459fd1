package dev.longshore.job.ledger;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When the rows of an hour are counted: first when the hour is over, then hourly while a job of it is in work, at doubling
 * intervals while nothing happens, and not again once nothing in it can change.
 */
public final class CountSchedule {
    private static final Duration HOUR = Duration.ofHours(1);

    /** An hour is counted first so long after its end: by then each of its jobs is due for longer than {@code Stuck.GRACE}. */
    private static final Duration FIRST_COUNT = Duration.ofMinutes(16);

    /** The longest time from one count of an open hour to the next; see {@link LedgerHour#LONGEST_GAP}. */
    static final Duration LONGEST_INTERVAL = Duration.ofHours(20);

    /** An hour gets new jobs for so long: a client's own id may be a day old, and the clocks of both may differ. */
    private static final Duration NEWCOMERS = Duration.ofHours(25);

    private CountSchedule() {}

    /** With which hour the first audit of a table begins. */
    public static Instant firstHour(Instant now) {
        return LedgerHour.hourOf(now.minus(NEWCOMERS));
    }

    /** When an hour is counted first. */
    public static Instant firstCount(Instant hour) {
        return hour.plus(HOUR).plus(FIRST_COUNT);
    }

    /** Whether an audit may have closed the hour by now, whatever the clocks say. */
    public static boolean mayBeClosed(Instant hour, Instant now) {
        return now.isAfter(hour.plus(NEWCOMERS));
    }

    /**
     * When to count an hour again. A dead job keeps the hour open until its retention is over, since it may be redriven.
     *
     * @param at when the count began
     * @return null when the hour is closed
     */
    static @Nullable Instant next(Instant hour, Instant at, HourTally tally) {
        if (at.isBefore(firstCount(hour))) {
            return firstCount(hour);
        }
        Instant end = hour.plus(HOUR);
        if (tally.isFinal() && at.isAfter(end.plus(NEWCOMERS))) {
            return null;
        }
        Instant soonest = at.plus(HOUR);
        if (tally.inWork() > 0) {
            return soonest;
        }
        Instant next = earlier(at.plus(Duration.between(end, at)), at.plus(LONGEST_INTERVAL));
        if (tally.nextDue() != null) {
            next = earlier(next, tally.nextDue().plus(FIRST_COUNT));
        }
        return next.isBefore(soonest) ? soonest : next;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
