package dev.longshore.job;

import static dev.longshore.job.Condition.all;
import static dev.longshore.job.Condition.any;
import static dev.longshore.job.Guards.abandoned;
import static dev.longshore.job.Guards.abandonedBy;
import static dev.longshore.job.Guards.attemptsLeft;
import static dev.longshore.job.Guards.deathNotNoted;
import static dev.longshore.job.Guards.dueAt;
import static dev.longshore.job.Guards.held;
import static dev.longshore.job.Guards.neverStarted;
import static dev.longshore.job.Guards.notCancelled;
import static dev.longshore.job.Guards.notExpired;
import static dev.longshore.job.Guards.readable;
import static dev.longshore.job.Guards.waiting;

import dev.longshore.job.BodyStore.Kind;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every legal change of a job, each with the condition under which it is written; those that an operator requests are in
 * {@link OperatorChanges}. The drawing and the table of them is {@code docs/lifecycle.md}.
 *
 * <p>A worker's writes after its claim require the claim's fence: {@link Guards#held}. A claim raises the fence, so that
 * whatever an earlier holder still writes is refused. Each change carries a token of its own by which a store knows it
 * again when it was written and only the answer was lost.
 */
public final class Lifecycle {
    /** By how much the clocks of two workers may differ before one takes a job that the other still holds. */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(5);

    /**
     * How long after its time a job waits for a worker or a pool that this code does not know: a deployment may be on its way
     * that brings it.
     */
    public static final Duration DEPLOYMENT_GRACE = Duration.ofMinutes(10);

    /** How long a dead job waits for an operator. */
    public static final Duration DEAD_RETENTION = Duration.ofDays(30);

    private static final String DUE = "due#";
    private static final String DEAD = "dead#";

    private Lifecycle() {}

    // ---- a request is repeated

    /** A repeated request is told of the job: from now on whoever created it cannot withdraw it any more. */
    public static Change acknowledge(String token) {
        return new Change("acknowledge", all(waiting(), neverStarted()), token);
    }

    // ---- a worker takes a job

    /** A worker takes a job that is due, or whose last worker let its lease run out. Counts the attempt. */
    public static Change claim(Instant now, Instant leaseUntil, String token) {
        return new Change(
                        "claim",
                        all(
                                readable(),
                                any(all(waiting(), dueAt(now), notExpired(now)), abandoned(now)),
                                attemptsLeft()),
                        token)
                .set(Field.STATE, JobState.RUNNING)
                .set(Field.LEASE, leaseUntil)
                .set(Field.STARTED, now)
                .add(Field.FENCE, 1)
                .add(Field.ATTEMPT, 1)
                .append(HistoryEntry.of(JobState.RUNNING, now))
                .remove(Field.INDEX, Field.INDEX_AT);
    }

    /** The holder holds it longer. */
    public static Change extendLease(Job job, Instant leaseUntil) {
        return new Change("extendLease", held(job), null).set(Field.LEASE, leaseUntil);
    }

    /** Writes how far the holder's work has come. */
    public static Change progress(Job job, Progress progress) {
        return told(new Change("progress", held(job), null), progress);
    }

    /** The holder keeps what a later attempt goes on from. */
    public static Change checkpoint(Job job, Json cursor) {
        return new Change("checkpoint", held(job), null).set(Field.CHECKPOINT, cursor.utf8());
    }

    // ---- the worker's outcome

    /** The handler returned. It stands even if a cancellation was asked for: the success was first. */
    public static Change succeed(
            Job job, Instant now, @Nullable Json result, @Nullable Progress progress, Instant expires, String token) {
        Change change = told(finish("succeed", held(job), JobState.SUCCEEDED, now, expires, token), progress)
                .history(HistoryEntry.append(
                        job.history(), HistoryEntry.of(JobState.SUCCEEDED, now).after(job.attempt())))
                .remove(Field.ERROR_TYPE, Field.ERROR_MESSAGE, Field.ERROR_STACK, Field.CHECKPOINT);
        return result == null ? change : change.content(Kind.RESULT, "result#" + job.fence(), result, expires);
    }

    /** The attempt failed and another one is left. Refused once a cancellation was asked for. */
    public static Change retry(Job job, Instant now, Instant due, boolean park, JobError error, String token) {
        return wait("retry", all(held(job), notCancelled(), attemptsLeft()), job, due, park, token)
                .history(HistoryEntry.append(
                        job.history(),
                        HistoryEntry.of(JobState.RETRYING, now)
                                .after(job.attempt())
                                .because(error)))
                .set(Field.ERROR_TYPE, error.type())
                .set(Field.ERROR_MESSAGE, error.message())
                .setOrRemove(Field.ERROR_STACK, error.stack())
                .remove(Field.PROGRESS, Field.PROGRESS_TEXT);
    }

    /** The attempt is given back: the handler asked to wait, or the worker had to stop. */
    public static Change snooze(Job job, Instant now, Instant due, boolean park, String token) {
        return wait("snooze", all(held(job), notCancelled()), job, due, park, token)
                .history(HistoryEntry.append(
                        job.history(),
                        HistoryEntry.of(JobState.RETRYING, now)
                                .after(job.attempt() - 1)
                                .asSnooze()))
                .add(Field.ATTEMPT, -1)
                .remove(Field.PROGRESS, Field.PROGRESS_TEXT);
    }

    /**
     * The handler hands over to a next invocation, which goes on from the cursor at once. Gives the attempt back, and keeps
     * the progress that is reached.
     *
     * @param park whether it waits in the due index for a fresh message: this one has been received often
     */
    public static Change continueLater(
            Job job, Instant now, Json cursor, @Nullable Progress progress, boolean park, String token) {
        return told(wait("continueLater", all(held(job), notCancelled()), job, now, park, token), progress)
                .set(Field.STATE, JobState.QUEUED)
                .set(Field.CHECKPOINT, cursor.utf8())
                .history(HistoryEntry.append(
                        job.history(),
                        HistoryEntry.of(JobState.QUEUED, now)
                                .after(job.attempt() - 1)
                                .asSnooze()))
                .add(Field.ATTEMPT, -1);
    }

    /** No further attempt: attempts used up, discarded, or a result too large. */
    public static Change kill(Job job, Instant now, DeadReason reason, JobError error, Instant expires, String token) {
        return die("kill", held(job), job, now, reason, error, expires, token);
    }

    /** The payload is gone or cannot be read: the handler never started, so the attempt that the claim counted is given back. */
    public static Change killUnstarted(
            Job job, Instant now, DeadReason reason, JobError error, Instant expires, String token) {
        return die("killUnstarted", held(job), job, now, reason, error, expires, token)
                .add(Field.ATTEMPT, -1);
    }

    /** The handler, or its failure, honours a cancellation that was asked for. */
    public static Change cancelRunning(Job job, Instant now, @Nullable String by, Instant expires, String token) {
        return finish(
                        "cancelRunning",
                        all(held(job), new Condition.Present(Field.CANCEL_REQUESTED)),
                        JobState.CANCELLED,
                        now,
                        expires,
                        token)
                .history(HistoryEntry.append(
                        job.history(),
                        HistoryEntry.of(JobState.CANCELLED, now)
                                .after(job.attempt())
                                .by(by)));
    }

    // ---- nobody holds it

    /** Its worker died with attempts left. */
    public static Change rescue(Job job, Instant now, Instant due, JobError error, String token) {
        return wait("rescue", all(abandonedBy(job, now), attemptsLeft()), job, due, false, token)
                .append(HistoryEntry.of(JobState.RETRYING, now)
                        .after(job.attempt())
                        .because(error))
                .set(Field.ERROR_TYPE, error.type())
                .set(Field.ERROR_MESSAGE, error.message())
                .remove(Field.ERROR_STACK, Field.PROGRESS, Field.PROGRESS_TEXT);
    }

    /** Its worker died in the last attempt. */
    public static Change killCrashed(Job job, Instant now, JobError error, Instant expires, String token) {
        return die(
                "killCrashed",
                all(abandonedBy(job, now), new Condition.Not(attemptsLeft())),
                job,
                now,
                DeadReason.CRASHED,
                error,
                expires,
                token);
    }

    /** It was not started in time. */
    public static Change expire(Job job, Instant now, JobError error, Instant expires, String token) {
        return die(
                "expire",
                all(waiting(), neverStarted(), new Condition.AtMost(Field.EXPIRES, now.toEpochMilli())),
                job,
                now,
                DeadReason.EXPIRED,
                error,
                expires,
                token);
    }

    /** No worker will run it: none knows its task, or the deployment has no pool for it. */
    public static Change killUnrunnable(
            Job job, Instant now, DeadReason reason, JobError error, Instant expires, String token) {
        return die("killUnrunnable", all(waiting(), dueAt(now)), job, now, reason, error, expires, token);
    }

    // ---- the due index

    /** A waiting job goes to the due index: its message could not be sent, or comes too early to be hidden. */
    public static Change park(Job job, Instant at) {
        return new Change("park", all(waiting(), new Condition.Is(Field.FENCE, job.fence())), null)
                .set(Field.INDEX, dueIndex(job.id()))
                .set(Field.INDEX_AT, at);
    }

    /** A parked job's message was sent; only now does it leave the index. */
    public static Change unpark(Job job, Instant at) {
        return new Change(
                        "unpark",
                        all(
                                waiting(),
                                new Condition.Is(Field.INDEX, dueIndex(job.id())),
                                new Condition.Is(Field.INDEX_AT, at.toEpochMilli())),
                        null)
                .remove(Field.INDEX, Field.INDEX_AT);
    }

    // ---- a pause

    /** A waiting job of what is paused waits for the end of that without a message: without a limit, and at no cost. */
    public static Change setAside(JobId id, Instant now, Pausable what, String token) {
        return new Change("setAside", all(waiting(), readable()), token)
                .set(Field.INDEX, what.index(id.shard()))
                .set(Field.INDEX_AT, now);
    }

    /** A job that was set aside was sent again; only now does it leave the index, unless it was set aside anew meanwhile. */
    public static Change takeUp(Job job, Pausable what) {
        return new Change(
                        "takeUp",
                        all(
                                waiting(),
                                new Condition.Is(
                                        Field.INDEX, what.index(job.id().shard())),
                                new Condition.Is(Field.TOKEN, Objects.requireNonNull(job.token(), "each row has one"))),
                        null)
                .remove(Field.INDEX, Field.INDEX_AT);
    }

    /**
     * Until when a job is kept that ends now: for its task's retention, and at least as long as its idempotency key answers with
     * it.
     */
    public static Instant keptUntil(Job job, Instant now, Duration retention) {
        Instant end = now.plus(retention);
        Instant keyEnds = job.createdAt().plus(Enqueuer.KEY_RETENTION);
        return job.idempotencyKey() != null && keyEnds.isAfter(end) ? keyEnds : end;
    }

    // ---- after a death

    /** What follows a death was done. */
    public static Change noteDeath(Job job, Instant now) {
        return new Change("noteDeath", deathNotNoted(job), null).set(Field.DEATH_NOTED, now);
    }

    // ---- the effects that several changes share

    private static Change told(Change change, @Nullable Progress progress) {
        return change.setOrRemove(Field.PROGRESS, progress == null ? null : progress.percent())
                .setOrRemove(Field.PROGRESS_TEXT, progress == null ? null : progress.text());
    }

    private static Change wait(String name, Condition guard, Job job, Instant due, boolean park, String token) {
        Change change = new Change(name, guard, token)
                .set(Field.STATE, JobState.RETRYING)
                .set(Field.DUE, due)
                .remove(Field.LEASE);
        return park ? change.set(Field.INDEX, dueIndex(job.id())).set(Field.INDEX_AT, due) : change;
    }

    static Change finish(String name, Condition guard, JobState state, Instant now, Instant expires, String token) {
        return new Change(name, guard, token)
                .set(Field.STATE, state)
                .set(Field.FINISHED, now)
                .set(Field.TTL, rowEnds(expires))
                .remove(Field.LEASE);
    }

    static long rowEnds(Instant keptUntil) {
        return keptUntil.plus(Job.ROW_STAYS).getEpochSecond();
    }

    private static Change die(
            String name,
            Condition guard,
            Job job,
            Instant now,
            DeadReason reason,
            JobError error,
            Instant expires,
            String token) {
        return finish(name, guard, JobState.DEAD, now, expires, token)
                .set(Field.DEAD_REASON, reason.name())
                .set(Field.ERROR_TYPE, error.type())
                .set(Field.ERROR_MESSAGE, error.message())
                .setOrRemove(Field.ERROR_STACK, error.stack())
                .set(Field.FINGERPRINT, Fingerprint.of(job.task(), error))
                .set(Field.INDEX, deadIndex(job.id().shard()))
                .set(Field.INDEX_AT, now)
                .append(HistoryEntry.of(JobState.DEAD, now).after(job.attempt()).because(error));
    }

    public static String dueIndex(JobId id) {
        return dueIndex(id.shard());
    }

    /** The index key under which the jobs of a shard wait for their time. */
    public static String dueIndex(String shard) {
        return DUE + shard;
    }

    /** The index key under which the dead jobs of a shard are, each at the time of its death. */
    public static String deadIndex(String shard) {
        return DEAD + shard;
    }
}
