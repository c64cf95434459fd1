package dev.longshore.job.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.job.Job;
import dev.longshore.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's entry of one hour: the jobs whose ids are of that hour, after a count of their rows. {@code accepted} is
 * {@code succeeded + dead + cancelled + waiting + running + missing}.
 *
 * <p>Rows are deleted some time after their jobs end. So a count settles rows before that: it adds them to numbers that only
 * grow, and no later count reads them. It settles a row after its job's retention, and all rows when it closes the hour. Those
 * that it has seen and not settled the next count has to find.
 *
 * @param at when the count began
 * @param next when to count again; null when the hour is closed: nothing in it can change any more
 * @param rescued how often the audit has rescued one of its jobs, ever
 * @param missing jobs that an earlier count saw and a later one did not find, though no retention has taken them
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
        @JsonProperty("mended") long rescued,
        long missing,
        Memory memory) {

    /** A row is settled so long after its job's retention: by then no clock takes it for kept, and nothing leads out of it. */
    static final Duration SETTLED_AFTER = Duration.ofHours(2);

    /** A count that takes longer than this begins anew. */
    public static final Duration LONGEST_COUNT = Duration.ofMinutes(50);

    /**
     * Counts that are further apart are not compared. With {@link #SETTLED_AFTER} and {@link #LONGEST_COUNT} it is less than
     * {@link Job#ROW_STAYS}: a row that one count has not settled is still there for the next.
     */
    static final Duration LONGEST_GAP = Duration.ofHours(21);

    /**
     * What a count leaves to the next one.
     *
     * @param comparable how many rows the next count has to find
     * @param settled how many jobs are settled, by state
     * @param settledTo rows whose retention ended before are settled; null in an entry of earlier code, with which no count is
     *     compared
     * @param closedAt when the count began that closed the hour last; the rows that it was sure to see are settled
     */
    public record Memory(
            @JsonProperty("known") long comparable,
            @JsonProperty("forgotten") Map<JobState, Long> settled,
            @Nullable Instant settledTo,
            @Nullable Instant closedAt) {}

    /** The entry after a complete count, compared with the entry before it. */
    public static LedgerHour counted(Instant hour, Instant at, HourTally tally, @Nullable LedgerHour before) {
        Map<JobState, Long> settled =
                before == null ? tally.settled() : HourTally.sum(before.memory.settled, tally.settled());
        Map<JobState, Long> all = HourTally.sum(settled, tally.rows());
        long missing = before == null ? 0 : Math.max(0, before.missing + before.lostBy(at, tally));
        Instant next = CountSchedule.next(hour, at, tally);
        Memory memory = next == null
                ? new Memory(0, all, settledTo(at), at)
                : new Memory(
                        tally.comparable(), settled, settledTo(at), before == null ? null : before.memory.closedAt);
        return new LedgerHour(
                hour,
                at,
                next,
                HourTally.of(all, JobState.values()) + missing,
                HourTally.of(all, JobState.SUCCEEDED),
                HourTally.of(all, JobState.DEAD),
                HourTally.of(all, JobState.CANCELLED),
                HourTally.of(all, JobState.SCHEDULED, JobState.QUEUED, JobState.RETRYING, JobState.UNKNOWN),
                HourTally.of(all, JobState.RUNNING),
                tally.rescued() + (before == null ? 0 : before.rescued),
                missing,
                memory);
    }

    /** How many of the rows that this count saw the later one has not found; negative when missing ones are there again. */
    private long lostBy(Instant later, HourTally tally) {
        boolean isComparable = memory.settledTo != null && !later.isAfter(at.plus(LONGEST_GAP));
        return isComparable ? memory.comparable - tally.foundAgain() : 0;
    }

    /** Whether this entry contains the job for good, so that later counts leave its row out. */
    boolean hasSettled(Job job) {
        boolean sawItClosing = memory.closedAt != null && HourTally.isSureAt(memory.closedAt, job);
        return sawItClosing || (memory.settledTo != null && endedBefore(memory.settledTo, job));
    }

    /** Whether a count that began at this time settles the job's row. */
    static boolean settles(Instant count, Job job) {
        return endedBefore(settledTo(count), job);
    }

    private static boolean endedBefore(Instant time, Job job) {
        return job.keptUntil() != null && job.keptUntil().isBefore(time);
    }

    private static Instant settledTo(Instant count) {
        return count.minus(SETTLED_AFTER);
    }

    public boolean closed() {
        return next == null;
    }

    /** The hour of a time. */
    public static Instant hourOf(Instant time) {
        return time.truncatedTo(ChronoUnit.HOURS);
    }
}
