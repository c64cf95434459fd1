package dev.longshore.job;

import static dev.longshore.job.Condition.all;
import static dev.longshore.job.Condition.is;
import static dev.longshore.job.Guards.keyAsRead;
import static dev.longshore.job.Guards.madeInGeneration;
import static dev.longshore.job.Guards.neverStarted;
import static dev.longshore.job.Guards.notPaused;
import static dev.longshore.job.Guards.readable;
import static dev.longshore.job.Guards.thatDeath;
import static dev.longshore.job.Guards.waiting;

import dev.longshore.job.BodyStore.Kind;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a job that an operator requests, each with the condition under which it is written. All other changes are
 * in {@link Lifecycle}; the table of both is {@code docs/lifecycle.md}.
 */
public final class OperatorChanges {
    private final Instant now;
    private final String token;
    private final Lifecycle lifecycle;

    /**
     * Makes changes as of a time; {@link Engines#operatorChanges} does so as of now.
     *
     * @param token unique for each change that is written, from {@link WriteTokens}
     */
    public OperatorChanges(Instant now, String token) {
        this.now = now;
        this.token = token;
        this.lifecycle = new Lifecycle(now, token);
    }

    /** Cancels a waiting job at once. */
    public Change cancelWaiting(Job job, Duration retention, @Nullable String by) {
        return cancel("cancelWaiting", waiting(), job, retention, by);
    }

    /**
     * Cancels a waiting job that no worker has ever started: its schedule was changed, paused or deleted.
     *
     * @param generation the last one of the schedule whose jobs are outdated; a job of a later one stays
     */
    public Change cancelUnstarted(Job job, long generation, Duration retention, String by) {
        Condition guard = all(waiting(), neverStarted(), madeInGeneration(generation));
        return cancel("cancelUnstarted", guard, job, retention, by);
    }

    private Change cancel(String name, Condition guard, Job job, Duration retention, @Nullable String by) {
        return lifecycle
                .finish(name, guard, JobState.CANCELLED, lifecycle.keptUntil(job, retention))
                .append(lifecycle.entry(JobState.CANCELLED).by(by))
                .remove(Field.INDEX, Field.INDEX_AT);
    }

    /** Requests that a running job stops; its handler decides when. */
    public Change requestCancel(@Nullable String by) {
        return new Change("requestCancel", is(JobState.RUNNING), null)
                .set(Field.CANCEL_REQUESTED, now)
                .setOrRemove(Field.CANCEL_BY, by);
    }

    /**
     * Makes a waiting job due now, unless a pause holds it. The due index holds it until its message is sent, so that a
     * crash in between does not lose it; an earlier message then finds it started, or ended.
     *
     * @param pool the pool of its task today
     */
    public Change runNow(Job job, String pool, @Nullable String by) {
        return lifecycle
                .change(
                        "runNow",
                        all(waiting(), readable(), new Condition.Is(Field.FENCE, job.fence()), notPaused(job.id())))
                .set(Field.STATE, JobState.QUEUED)
                .set(Field.POOL, pool)
                .set(Field.DUE, now)
                .set(Field.INDEX, Lifecycle.dueIndex(job.id()))
                .set(Field.INDEX_AT, now)
                .append(lifecycle
                        .entry(JobState.QUEUED)
                        .afterAttempts(job.attempt())
                        .by(by));
    }

    /**
     * Redrives a dead job: its attempts start at zero, its history stays, its fence continues to rise. The error and the start
     * time leave the row; the history keeps them. The due index holds the job until its message is sent, so that a crash in
     * between does not lose it.
     *
     * @param pool the pool of its task today
     * @param due the job does not start before this time
     */
    public Change redrive(Job job, String pool, Instant due, @Nullable String by) {
        return withKey(queuedAgain("redrive", withKeyAsRead(job), job, new RunsAs(job.task(), pool), due), job, due)
                .redrive(job.payload(), now)
                .append(back(by));
    }

    /**
     * Redrives a dead job as a job of another task, with the payload that it has. It has no unique key from then on. Raises the job's epoch: jobs that the other
     * handler enqueues get other ids than those of the first.
     *
     * @param keepCheckpoint whether the next attempt continues from the checkpoint, which another handler wrote
     */
    public Change redriveAsTask(Job job, RunsAs other, boolean keepCheckpoint, @Nullable String by) {
        return anew(queuedAgain("redriveAsTask", thatDeath(job, now), job, other, now), keepCheckpoint)
                .remove(Field.UNIQUE_KEY)
                .redrive(job.payload(), now)
                .append(back(by).asTask(other.task()));
    }

    /**
     * Redrives a dead job with another payload, and maybe as a job of another task. Raises the job's epoch: jobs that its
     * handler enqueues from now on get other ids than those of the old payload.
     *
     * @param keepCheckpoint whether the next attempt continues from the checkpoint, which was written for the old payload
     */
    public Change redriveWithPayload(Job job, RunsAs as, Json payload, boolean keepCheckpoint, @Nullable String by) {
        HistoryEntry entry = back(by).withAnotherPayload();
        Change queued = queuedAgain("redriveWithPayload", withKeyAsRead(job), job, as, now);
        boolean sameTask = as.task().equals(job.task());
        return anew(sameTask ? withKey(queued, job, now) : queued.remove(Field.UNIQUE_KEY), keepCheckpoint)
                .content(Kind.PAYLOAD, "payload#" + token, payload, now)
                .replace(job.payload(), now)
                .append(sameTask ? entry : entry.asTask(as.task()));
    }

    /** Removes a dead job from every list, as if its retention was over: its row stays for {@link Job#ROW_STAYS}. */
    public Change purge(Job job) {
        return lifecycle
                .change("purge", thatDeath(job, now))
                .set(Field.TTL, Lifecycle.rowEnds(now))
                .remove(Field.INDEX, Field.INDEX_AT);
    }

    private HistoryEntry back(@Nullable String by) {
        return lifecycle.entry(JobState.QUEUED).afterAttempts(0).by(by);
    }

    private static Change anew(Change change, boolean keepCheckpoint) {
        change.add(Field.EPOCH, 1);
        return keepCheckpoint ? change : change.remove(Field.CHECKPOINT);
    }

    private Condition withKeyAsRead(Job job) {
        return all(thatDeath(job, now), keyAsRead(job));
    }

    /** A redriven job takes its unique key again, with a new version: a request that read the job as dead before is refused. */
    private Change withKey(Change change, Job job, Instant due) {
        UniqueKey key = job.ownKey();
        return key == null ? change : change.takesKey(new KeyTake(key, null, token, now, NewJob.keyEnds(due)));
    }

    private Change queuedAgain(String name, Condition guard, Job job, RunsAs as, Instant due) {
        return lifecycle
                .change(name, guard)
                .set(Field.STATE, JobState.QUEUED)
                .set(Field.TASK, as.task())
                .set(Field.POOL, as.pool())
                .set(Field.DUE, due)
                .set(Field.ATTEMPT, 0)
                .set(Field.INDEX, Lifecycle.dueIndex(job.id()))
                .set(Field.INDEX_AT, due)
                .remove(
                        Field.STARTED,
                        Field.FINISHED,
                        Field.ERROR_TYPE,
                        Field.ERROR_MESSAGE,
                        Field.ERROR_STACK,
                        Field.DEAD_REASON,
                        Field.FINGERPRINT,
                        Field.DEATH_HANDLED,
                        Field.TTL,
                        Field.EXPIRES,
                        Field.LEASE,
                        Field.CANCEL_REQUESTED,
                        Field.CANCEL_BY,
                        Field.PROGRESS,
                        Field.PROGRESS_TEXT);
    }
}
