package dev.longshore.job;

import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.JobStore.Query;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rows of jobs. What a row says is the truth; a message in a queue is only a nudge.
 *
 * <p>Every method may throw {@link StoreUnavailableException} when a call failed after its own retries, or was refused; a
 * write may then have been applied or not.
 */
public interface RowStore {
    /**
     * Creates a job, and with it its idempotency key if it has one: both or none.
     *
     * @param payload where its payload is
     * @param keyExpires until when the key is kept; ignored without a key
     * @throws OutdatedScheduleException when the job is of a schedule that was changed since; then nothing was created
     * @throws UniqueKeyChangedException when its unique key was taken since it was read; then nothing was created
     */
    Creation create(NewJob job, Body payload, Instant keyExpires);

    /** Who has a unique key, read consistently; empty when no job ever took it, or the store deleted it. */
    Optional<UniqueKey.Holder> holder(UniqueKey key);

    /**
     * The job that an earlier request made under the id or the idempotency key of this one: a job with another unique key may
     * have to be answered with it.
     */
    Optional<Creation> earlier(NewJob job);

    /** Keeps the item of a job's unique key until then, if the job still has it. */
    void keepKey(UniqueKey key, JobId holder, Instant until);

    /**
     * Carries out one change, if its guard holds.
     *
     * @throws UniqueKeyChangedException when the change takes a unique key that was taken since it was read; then nothing was
     *     written
     */
    Change.Outcome apply(JobId id, Change change);

    /** Deletes a job that was never acknowledged and never claimed. Its keys are free then. */
    boolean withdraw(Job job);

    Optional<Job> find(JobId id);

    /** Jobs by time, newest first. */
    Page<Job, JobId> list(Query query);

    /** How many shards a day's rows are in. */
    DayShards dayShards();

    /**
     * The jobs of one hour and shard of its day, by the time of their ids, oldest first. They have their status, and no bodies,
     * error, tags or meta; what was written in the last second may be missing.
     *
     * @param hour the hour's start
     * @param after only ids greater than this one: where the page before ended
     */
    Page<Job, JobId> hour(Instant hour, String shard, @Nullable JobId after, int limit);

    /** Later than any time at which a job is held. */
    Instant ANY_TIME = Instant.parse("9999-12-31T23:59:59Z");

    /**
     * Jobs of a shard that are held for a reason until {@code until} or earlier, the earliest first. They have the fields of
     * the index. It lags behind the rows: jobs that were just held may be missing, and jobs that were just released may be
     * in it.
     *
     * @param after only jobs behind this place; null for all
     */
    Page<Job, IndexPlace> held(HoldReason reason, String shard, Instant until, @Nullable IndexPlace after, int limit);

    /**
     * Dead jobs of a shard out of the index, by the time of their death, earliest first. They have the fields of the index:
     * no payload, no history, no message of their error.
     *
     * @param from the earliest death
     * @param to the latest death
     * @param after only jobs behind this place; null for all
     */
    Page<Job, IndexPlace> dead(String shard, Instant from, Instant to, @Nullable IndexPlace after, int limit);
}
