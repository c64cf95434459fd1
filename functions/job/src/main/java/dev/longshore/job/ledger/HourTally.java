package dev.longshore.job.ledger;

import dev.longshore.job.Job;
import dev.longshore.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A count of rows in the middle of its work; parts of it add up.
 *
 * <p>Time to live deletes a row some time after its end ({@link Job#rowEnds}). So that a count does not hang on when, it leaves
 * a row out from two hours before on ({@link #FORGETS_AHEAD}): DynamoDB cannot have deleted a row that is counted, as long as
 * the count takes less than an hour. A job whose row is left out is past its retention for most of a day: it cannot go back to
 * work, and a row that is lost before its job's retention is over is missed.
 *
 * @param rows how many there are of each state
 * @param known how many of them were created before the count's mark
 * @param still how many of them were created before the mark of the count before
 * @param inWork how many run, or could
 * @param nextDue when the next of those that wait may run
 * @param leaving of the known ones, when retention takes them: by state and hour, in hours since 1970
 * @param mended how many were sent or parked again
 */
public record HourTally(
        Map<JobState, Long> rows,
        long known,
        long still,
        long inWork,
        @Nullable Instant nextDue,
        Map<JobState, Map<Long, Long>> leaving,
        long mended) {

    /** How long before its end a row is no longer counted; at the least an hour less. */
    static final Duration FORGETS_AHEAD = Duration.ofHours(2);

    /** A count that takes longer than this begins anew. */
    public static final Duration LONGEST_COUNT = Duration.ofMinutes(50);

    /**
     * What was created so short a time before a count may not be in it: clocks differ, reads lag behind, and a row whose
     * message could not be sent is withdrawn again.
     */
    private static final Duration UNSURE = Duration.ofMinutes(2);

    public static final HourTally NOTHING = new HourTally(Map.of(), 0, 0, 0, null, Map.of(), 0);

    /**
     * A tally of one job.
     *
     * @param at when the count began
     * @param before the entry of the count before it
     */
    public static HourTally of(Job job, Instant at, @Nullable LedgerHour before) {
        Instant rowEnds = job.rowEnds();
        if (rowEnds != null && rowEnds.isBefore(forgetsFrom(at))) {
            return NOTHING;
        }
        boolean known = !job.createdAt().isAfter(mark(at));
        boolean still =
                before != null && !job.createdAt().isAfter(before.memory().mark());
        boolean waits = job.state().isWaiting();
        boolean due = !job.due().isAfter(at);
        return new HourTally(
                Map.of(job.state(), 1L),
                known ? 1 : 0,
                still ? 1 : 0,
                job.state() == JobState.RUNNING || (waits && due) ? 1 : 0,
                waits && !due ? job.due() : null,
                known && rowEnds != null ? Map.of(job.state(), Map.of(epochHour(rowEnds), 1L)) : Map.of(),
                0);
    }

    public HourTally plus(HourTally other) {
        Map<JobState, Long> allRows = new EnumMap<>(JobState.class);
        allRows.putAll(rows);
        other.rows.forEach((state, more) -> allRows.merge(state, more, Long::sum));
        Map<JobState, Map<Long, Long>> allLeaving = new EnumMap<>(JobState.class);
        leaving.forEach((state, hours) -> allLeaving.put(state, new HashMap<>(hours)));
        other.leaving.forEach((state, hours) -> hours.forEach((hour, more) ->
                allLeaving.computeIfAbsent(state, any -> new HashMap<>()).merge(hour, more, Long::sum)));
        return new HourTally(
                allRows,
                known + other.known,
                still + other.still,
                inWork + other.inWork,
                earlier(nextDue, other.nextDue),
                allLeaving,
                mended + other.mended);
    }

    public HourTally mended(long more) {
        return new HourTally(rows, known, still, inWork, nextDue, leaving, mended + more);
    }

    long of(JobState state) {
        return rows.getOrDefault(state, 0L);
    }

    long waiting() {
        return of(JobState.SCHEDULED) + of(JobState.QUEUED) + of(JobState.RETRYING) + of(JobState.UNKNOWN);
    }

    long all() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether nothing leads out of any row's state. */
    boolean isOver() {
        return waiting() + of(JobState.RUNNING) + of(JobState.DEAD) == 0;
    }

    static Instant mark(Instant at) {
        return at.minus(UNSURE);
    }

    /** Rows whose retention ends before this are left out of a count. */
    static Instant forgetsFrom(Instant at) {
        return LedgerHour.hourOf(at).plus(FORGETS_AHEAD);
    }

    static long epochHour(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), Duration.ofHours(1).toSeconds());
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }
}
