package dev.longshore.job;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.longshore.task.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the jobs. What it holds is the truth; a message in a queue is only a nudge.
 *
 * <p>Every method may throw {@link StoreUnavailableException} when the store did not answer after its own retries; a
 * write may then have been made or not.
 */
public interface JobStore {

    /** What became of a creation. */
    sealed interface Creation {
        /** The job that is there now. */
        Job job();

        /** The job is there now, by this call. */
        record Created(Job job) implements Creation {}

        /** A job with this id, or under this idempotency key, was there before. */
        record Exists(Job job) implements Creation {}
    }

    /**
     * Creates a job, and with it its idempotency key if it has one: both or none.
     *
     * @param keyExpires until when the key stands; ignored without one
     */
    Creation create(NewJob job, Instant keyExpires);

    /** Carries out one change, if its guard holds. */
    Change.Outcome apply(JobId id, Change change);

    /** Takes a job out that was never acknowledged: still as it was created, never claimed. */
    boolean withdraw(Job job);

    Optional<Job> find(JobId id);

    Json payload(Job job);

    @Nullable
    Json result(Job job);

    /** Puts a result where it belongs, before the job's row says that it is there. */
    Body keepResult(Job job, Json result);

    /** Lets the bodies that stand apart from a terminal job's row end with it. Losing this call leaks them, no more. */
    void expireBodies(Job job, Instant expires);

    /** Lets the bodies of a job end with its row; those of a job that is not at its end stay. */
    default void endBodies(Job job) {
        Instant keptUntil = job.keptUntil();
        if (keptUntil != null) {
            expireBodies(job, keptUntil);
        }
    }

    /**
     * Bodies that are files and whose job may be forgotten by now, earliest first. Whether it is, its row says: it may have
     * gone back to work.
     */
    List<Sweep> sweeps(String shard, Instant until, int limit);

    /** Deletes a body's file, and then the note of it: a crash in between deletes what is not there, and loses nothing. */
    void sweep(Sweep sweep);

    /** Leaves a body's file where it is until then. */
    void postpone(Sweep sweep, Instant until);

    /**
     * A note that a body's file is to be deleted.
     *
     * @param name of the file, within those of its job
     */
    record Sweep(JobId job, String name) {}

    /** Lets the payload of a job that goes back to work stay; to be called before its row changes. */
    void keepBodies(Job job);

    /** Puts a dead job's new payload where it belongs, before the job's row says that it is there. */
    Body keepPayload(Job job, Json payload);

    /** Takes away a body whose row was not written: nobody can have read it. */
    void discardBody(Job job, Body body);

    /** Jobs by time, newest first. */
    Page list(Query query);

    /**
     * The jobs of one hour and shard, by the time of their ids, oldest first. They tell where each stands and not its
     * bodies, error, tags or meta; what was written in the last second may be missing.
     *
     * @param hour the hour's start
     * @param after only ids greater than this one: where the page before ended
     */
    Page hour(Instant hour, String shard, @Nullable JobId after, int limit);

    /**
     * Jobs in the due index of a shard whose time is not after {@code until}, earliest first. They have what the index has of
     * them. It lags behind the rows, and may show what has just left it.
     *
     * @param after only jobs behind this place; null for all
     */
    IndexPage due(String shard, Instant until, @Nullable IndexPlace after, int limit);

    /** The first of these jobs. */
    default List<Job> due(String shard, Instant until, int limit) {
        return due(shard, until, null, limit).jobs();
    }

    /**
     * Jobs of a shard that a pause has set aside, in the order of that. Shows what was set aside a moment ago a moment late.
     *
     * @param after only jobs behind this place; null for all
     */
    IndexPage setAside(Pausable what, String shard, @Nullable IndexPlace after, int limit);

    /** The first of these jobs. */
    default List<Job> setAside(Pausable what, String shard, int limit) {
        return setAside(what, shard, null, limit).jobs();
    }

    /**
     * Dead jobs of a shard out of the index, by the time of their death, earliest first. They have what the index has of
     * them: no payload, no history, no message of their error.
     *
     * @param from the earliest death
     * @param to the latest death
     * @param after only jobs behind this place; null for all
     */
    IndexPage dead(String shard, Instant from, Instant to, @Nullable IndexPlace after, int limit);

    /**
     * A place in the index: it stands also when its job has left the index.
     *
     * @param at the job's time in the index
     */
    record IndexPlace(@JsonAlias("diedAt") Instant at, JobId id) {}

    /**
     * A part of what the index holds under a key. A row that cannot be read is left out.
     *
     * @param next from where to go on; null at the end. May be there although no more jobs are found
     */
    record IndexPage(List<Job> jobs, @Nullable IndexPlace next) {}

    /**
     * Which jobs to list.
     *
     * @param from the earliest id time
     * @param to the latest id time
     * @param filter what the row must satisfy
     * @param limit at most so many
     * @param before only ids less than this one
     */
    record Query(
            Instant from,
            Instant to,
            Condition filter,
            int limit,
            @Nullable JobId before) {}

    /**
     * A part of a list.
     *
     * @param next from where to go on; null at the end. May be there although few jobs, or none, were found: one call
     *     does a bounded amount of work
     */
    record Page(List<Job> jobs, @Nullable JobId next) {}
}
