package dev.longshore.job.ledger;

import dev.longshore.job.Job;
import dev.longshore.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A count of an hour's rows, or of some of them; counts add up. Rows that the entry before has settled are left out
 * ({@link LedgerHour#hasSettled}).
 *
 * @param rows how many rows there are that the next count reads again, by state
 * @param settled how many it does not read again, by state: their retention is over
 * @param comparable how many of {@code rows} the count was sure to see; the next count has to find as many
 * @param foundAgain how many rows are there that the entry before calls comparable
 * @param inWork how many jobs run, or could
 * @param nextDue when the next of the waiting jobs may run
 * @param rescued how many jobs were rescued
 */
public record HourTally(
        Map<JobState, Long> rows,
        Map<JobState, Long> settled,
        long comparable,
        long foundAgain,
        long inWork,
        @Nullable Instant nextDue,
        long rescued) {

    /**
     * A count may miss a row that was created so short a time before it: clocks differ, and reads lag behind. A row whose message
     * could not be sent is withdrawn within that time.
     */
    private static final Duration UNSURE = Duration.ofMinutes(2);

    public static final HourTally NOTHING = new HourTally(Map.of(), Map.of(), 0, 0, 0, null, 0);

    /**
     * A count of one row.
     *
     * @param at when the count began
     * @param before the hour's entry after the count before
     */
    public static HourTally of(Job job, Instant at, @Nullable LedgerHour before) {
        if (before != null && before.hasSettled(job)) {
            return NOTHING;
        }
        long foundAgain = before != null && isSureAt(before.at(), job) ? 1 : 0;
        Map<JobState, Long> one = Map.of(job.state(), 1L);
        if (LedgerHour.settles(at, job)) {
            return new HourTally(Map.of(), one, 0, foundAgain, 0, null, 0);
        }
        boolean waits = job.state().isWaiting();
        boolean due = !job.due().isAfter(at);
        return new HourTally(
                one,
                Map.of(),
                isSureAt(at, job) ? 1 : 0,
                foundAgain,
                job.state() == JobState.RUNNING || (waits && due) ? 1 : 0,
                waits && !due ? job.due() : null,
                0);
    }

    public HourTally plus(HourTally other) {
        return new HourTally(
                sum(rows, other.rows),
                sum(settled, other.settled),
                comparable + other.comparable,
                foundAgain + other.foundAgain,
                inWork + other.inWork,
                earlier(nextDue, other.nextDue),
                rescued + other.rescued);
    }

    public HourTally plusRescued(long jobs) {
        return new HourTally(rows, settled, comparable, foundAgain, inWork, nextDue, rescued + jobs);
    }

    /** Whether no row can change any more, and none was created so lately that another may be missed. */
    boolean isFinal() {
        long all = of(rows, JobState.values());
        return all == of(rows, JobState.SUCCEEDED, JobState.CANCELLED) && all == comparable;
    }

    /** How many of the rows are in one of these states. */
    static long of(Map<JobState, Long> rows, JobState... states) {
        return Stream.of(states)
                .mapToLong(state -> rows.getOrDefault(state, 0L))
                .sum();
    }

    static Map<JobState, Long> sum(Map<JobState, Long> some, Map<JobState, Long> more) {
        Map<JobState, Long> sum = new EnumMap<>(JobState.class);
        sum.putAll(some);
        more.forEach((state, rows) -> sum.merge(state, rows, Long::sum));
        return sum;
    }

    /** Whether a count that began at this time was sure to read the job's row. */
    static boolean isSureAt(Instant count, Job job) {
        return !job.createdAt().isAfter(count.minus(UNSURE));
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }
}
