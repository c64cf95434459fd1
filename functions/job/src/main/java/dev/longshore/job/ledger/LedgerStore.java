package dev.longshore.job.ledger;

import dev.longshore.job.DayShards;
import dev.longshore.job.JobStore;
import dev.longshore.job.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the ledger: one small entry an hour, how far the audit is, when one was requested, and when the dispatcher last got through a
 * tick.
 *
 * <p>Every method may throw {@link StoreUnavailableException}, as those of {@link JobStore} do.
 */
public interface LedgerStore {
    /** Entries of the hours from {@code from} to before {@code to}, oldest first. */
    List<LedgerHour> hours(Instant from, Instant to);

    /** The entry of an hour; empty when there is none, or one that cannot be read. */
    Optional<LedgerHour> hour(Instant hour);

    /** Hours that are to be counted again by {@code until}, the longest waiting first; may lag behind {@link #put}. */
    List<Instant> open(Instant until, int limit);

    /**
     * Puts an hour's new entry in the place of the one that was counted at {@code replaced}, or of none.
     *
     * @return whether it was put; false when another audit was faster
     */
    boolean put(LedgerHour hour, @Nullable Instant replaced);

    /** How far the audit is; empty before the first one. */
    Optional<AuditProgress> progress();

    /**
     * Keeps how far the audit is, if it did not change since it was read.
     *
     * @return whether it was kept; false when another audit was faster
     */
    boolean keep(AuditProgress progress);

    /**
     * A job is about to be made in this hour, which may be closed: it is counted once more after {@code until}, by when the job
     * is there or was given up. Expectations of one hour with different times are kept beside each other; one that is kept
     * already stays as it is.
     *
     * @param until the same time for many jobs, such as the end of an hour: each other time is a write
     */
    void expect(Instant hour, Instant until);

    /** Which hours are to be counted once more by this time, the longest waiting first; may lag behind {@link #expect}. */
    List<Expected> expected(Instant by, int limit);

    /** Removes an expectation: its hour was counted after its time. Others of the same hour stay. */
    void met(Expected expected);

    /** The dispatcher got through a tick with all its parts. */
    void ticked(Instant at);

    /** When the dispatcher last got through a tick; empty before the first one. */
    Optional<Instant> lastTick();

    /** An hour that is counted once more after {@code until}. */
    record Expected(Instant hour, Instant until) {}

    /** Requests an audit of every open hour, the current one included, at the next tick. */
    void request(Instant at);

    /** When an audit was requested last. */
    Optional<Instant> requested();

    /**
     * How far the audit is. It is a cursor and no lock: an audit that dies leaves nothing that has to be undone.
     *
     * @param version raised by each {@link #keep}
     * @param since the first hour that was ever counted
     * @param upTo hours before this one have an entry
     * @param served the newest request that is fulfilled
     * @param finishedAt when an audit last got through all that was to be counted
     * @param unfinished a count that the last tick did not finish
     */
    record AuditProgress(
            long version,
            Instant since,
            Instant upTo,
            @Nullable Instant served,
            @Nullable Instant finishedAt,
            @Nullable Unfinished unfinished) {

        /** Before the first audit, which begins with this hour. */
        public static AuditProgress from(Instant hour) {
            return new AuditProgress(0, hour, hour, null, null, null);
        }

        /** Whether an audit that was requested then is still to be done. */
        public boolean lacks(Instant request) {
            return served == null || request.isAfter(served);
        }

        /** After a count of this hour: if it was the first one, the next hour is to be counted next. */
        public AuditProgress counted(Instant hour) {
            Instant next = hour.equals(upTo) ? hour.plus(Duration.ofHours(1)) : upTo;
            return new AuditProgress(version, since, next, served, finishedAt, null);
        }

        public AuditProgress finished(Instant at, @Nullable Instant request) {
            return new AuditProgress(version, since, upTo, request == null ? served : request, at, null);
        }

        public AuditProgress with(@Nullable Unfinished count) {
            return new AuditProgress(version, since, upTo, served, finishedAt, count);
        }

        /** The same after it was kept. */
        public AuditProgress kept() {
            return new AuditProgress(version + 1, since, upTo, served, finishedAt, unfinished);
        }
    }

    /**
     * A count of an hour as far as it is.
     *
     * @param at when it began
     * @param compared when the count before began, with which this one is compared; null when there was none
     * @param reached by shard, the last id that was counted; empty when the shard is counted, absent when it was not begun
     */
    record Unfinished(
            Instant hour, Instant at, @Nullable Instant compared, Map<String, String> reached, HourTally tally) {
        public static Unfinished begin(Instant hour, Instant at, @Nullable LedgerHour before) {
            return new Unfinished(hour, at, before == null ? null : before.at(), Map.of(), HourTally.NOTHING);
        }

        /** Whether there is still time, and the entry is the one with which the count is compared. */
        public boolean canContinue(@Nullable LedgerHour before, Instant now) {
            return now.isBefore(at.plus(LedgerHour.LONGEST_COUNT))
                    && Objects.equals(compared, before == null ? null : before.at());
        }

        public Unfinished plusRescued(long jobs) {
            return new Unfinished(hour, at, compared, reached, tally.plusRescued(jobs));
        }

        /** Whether all shards of the hour's day are counted. */
        public boolean isComplete(DayShards shards) {
            return shards.all().stream().allMatch(shard -> "".equals(reached.get(shard)));
        }
    }
}
