package dev.longshore.job;

import static dev.longshore.job.Condition.all;
import static dev.longshore.job.Condition.any;
import static dev.longshore.job.Condition.is;

import java.time.Instant;

/** The conditions under which jobs change, each in one place. {@code docs/lifecycle.md} says what each prevents. */
final class Guards {
    /** Earlier than any death. */
    private static final long NEVER = -1;

    private Guards() {}

    /** Only the worker with the latest claim, and only while the job runs. */
    static Condition claimedBy(Job job) {
        return all(is(JobState.RUNNING), new Condition.Is(Field.FENCE, job.fence()));
    }

    static Condition waiting() {
        return new Condition.In(Field.STATE, JobState.waiting());
    }

    static Condition neverStarted() {
        return new Condition.Is(Field.FENCE, 0L);
    }

    /**
     * Made in this generation of its schedule or an earlier one. Each change of a schedule raises its generation, and a row has
     * the one that made it (ADR 13); a job from before there were generations has none.
     */
    static Condition madeInGeneration(long generation) {
        return any(new Condition.Absent(Field.GENERATION), new Condition.AtMost(Field.GENERATION, generation));
    }

    static Condition dueAt(Instant now) {
        return new Condition.AtMost(Field.DUE, now.toEpochMilli());
    }

    static Condition attemptsLeft() {
        return new Condition.Below(Field.ATTEMPT, Field.MAX_ATTEMPTS);
    }

    /** A worker claimed it, and that lease is over by every clock. */
    static Condition abandoned(Instant now) {
        return all(
                is(JobState.RUNNING),
                new Condition.AtMost(
                        Field.LEASE, now.minus(Lifecycle.CLOCK_SKEW).toEpochMilli()));
    }

    static Condition abandonedBy(Job job, Instant now) {
        return all(abandoned(now), new Condition.Is(Field.FENCE, job.fence()));
    }

    /** Its expiresAt has not come. A job that was started once no longer expires. */
    static Condition notExpired(Instant now) {
        return any(
                new Condition.Absent(Field.EXPIRES),
                new Condition.MoreThan(Field.EXPIRES, now.toEpochMilli()),
                new Condition.MoreThan(Field.FENCE, 0));
    }

    /**
     * Still dead of the death that the caller read, and still kept. A purged job is in no index, so the guard does not hold.
     */
    static Condition thatDeath(Job job, Instant now) {
        return all(
                is(JobState.DEAD),
                new Condition.Is(
                        Field.INDEX_AT,
                        job.indexedAt() == null ? NEVER : job.indexedAt().toEpochMilli()),
                Job.stillKept(now));
    }

    static Condition deathNotHandled(Job job) {
        return all(
                is(JobState.DEAD),
                new Condition.Is(Field.FENCE, job.fence()),
                new Condition.Absent(Field.DEATH_HANDLED));
    }

    /**
     * No pause holds the job: a message from before the pause must not start it, since its release sends another. A job that a limit
     * holds may start: its worker has taken a slot, or its task has the limit no more.
     */
    static Condition notPaused(JobId id) {
        return any(
                new Condition.Absent(Field.INDEX),
                new Condition.Is(Field.INDEX, Lifecycle.dueIndex(id)),
                new Condition.BeginsWith(Field.INDEX, HoldReason.LIMIT));
    }

    /** The index has it as it was read, under the same key and at the same time, or still has it not. */
    static Condition heldAsBefore(Job read) {
        return read.index() == null || read.indexedAt() == null
                ? new Condition.Absent(Field.INDEX)
                : all(
                        new Condition.Is(Field.INDEX, read.index()),
                        new Condition.Is(Field.INDEX_AT, read.indexedAt().toEpochMilli()));
    }

    /** No worker has claimed it since it was read. */
    static Condition unclaimedSince(Job read) {
        return new Condition.Is(Field.FENCE, read.fence());
    }

    /** Its unique key is the one that the caller read: a job of the index is read without it, and must not run without taking it. */
    static Condition keyAsRead(Job job) {
        return job.uniqueKey() == null
                ? new Condition.Absent(Field.UNIQUE_KEY)
                : new Condition.Is(Field.UNIQUE_KEY, job.uniqueKey());
    }

    /** Neither changed nor held or released since it was read. */
    static Condition asRead(Job job) {
        return all(heldAsBefore(job), new Condition.Is(Field.TOKEN, job.token() == null ? "" : job.token()));
    }

    static Condition notCancelled() {
        return new Condition.Absent(Field.CANCEL_REQUESTED);
    }

    static Condition readable() {
        return new Condition.AtMost(Field.FORMAT, Job.FORMAT);
    }
}
