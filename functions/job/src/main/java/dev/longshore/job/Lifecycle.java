package dev.longshore.job;

import static dev.longshore.job.Condition.all;
import static dev.longshore.job.Condition.any;
import static dev.longshore.job.Guards.abandoned;
import static dev.longshore.job.Guards.abandonedBy;
import static dev.longshore.job.Guards.attemptsLeft;
import static dev.longshore.job.Guards.claimedBy;
import static dev.longshore.job.Guards.deathNotHandled;
import static dev.longshore.job.Guards.dueAt;
import static dev.longshore.job.Guards.heldAsBefore;
import static dev.longshore.job.Guards.neverStarted;
import static dev.longshore.job.Guards.notCancelled;
import static dev.longshore.job.Guards.notExpired;
import static dev.longshore.job.Guards.notPaused;
import static dev.longshore.job.Guards.readable;
import static dev.longshore.job.Guards.unclaimedSince;
import static dev.longshore.job.Guards.waiting;

import dev.longshore.job.BodyStore.Kind;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every legal change of a job, each with the condition under which it is written; those that an operator requests are in
 * {@link OperatorChanges}. The drawing and the table of them is {@code docs/lifecycle.md}.
 *
 * <p>A worker's writes after its claim require the claim's fence: {@link Guards#claimedBy}. A claim raises the fence, so that
 * later writes of an earlier holder are refused. A change has a unique token, so that a retry after a lost response is
 * recognised as already applied, provided that the change breaks its own guard; the changes without a token can be applied twice,
 * and leave the row's token as it is.
 *
 * <p>A job that has ended is kept for its task's retention, a dead one for {@link #DEAD_RETENTION}; see {@link #keptUntil}.
 */
public final class Lifecycle {
    /** By how much the clocks of two workers may differ before one takes a job that the other still holds. */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(5);

    /**
     * How long after its due time a job waits for a task or a pool that this code does not have: a deployment in progress may
     * bring it.
     */
    public static final Duration DEPLOYMENT_GRACE = Duration.ofMinutes(10);

    /** How long a dead job waits for an operator. */
    public static final Duration DEAD_RETENTION = Duration.ofDays(30);

    private static final String DEAD = "dead#";

    private final Instant now;
    private final String token;

    /**
     * Makes changes as of a time; {@link Engines#lifecycle} does so as of now.
     *
     * @param token unique for each change that is written, from {@link WriteTokens}
     */
    public Lifecycle(Instant now, String token) {
        this.now = now;
        this.token = token;
    }

    // ---- a request is repeated

    /**
     * A repeated request is answered with the job. Writes a new token and nothing else: the request that created the job deletes
     * it when no message could be sent, and can do so only while the row has the token of the creation ({@link
     * JobStore#withdraw}).
     */
    public Change acknowledge() {
        return change("acknowledge", all(waiting(), neverStarted()));
    }

    // ---- a worker takes a job

    /**
     * A worker takes a job that is due and that no pause holds, or whose last worker let its lease run out. Counts the
     * attempt.
     */
    public Change claim(JobId id, Instant leaseUntil) {
        return claim(claimable(id), leaseUntil);
    }

    /** The same for a job with limits: its slots were taken for the claim after the one that was read, and for no other. */
    public Change claim(Job read, Instant leaseUntil) {
        return claim(all(claimable(read.id()), unclaimedSince(read)), leaseUntil);
    }

    /** Whether it can be claimed as it was read. Its slots are taken only then. */
    public boolean isClaimable(Job read) {
        boolean waits =
                read.isWaitingReadably() && !read.due().isAfter(now) && !read.isExpired(now) && !read.isHeldByPause();
        boolean isAbandoned = read.state() == JobState.RUNNING
                && !read.isFromNewerCode()
                && !read.leaseLeft(now).isPositive();
        return (waits || isAbandoned) && !read.isLastAttempt();
    }

    private Condition claimable(JobId id) {
        return all(
                readable(),
                any(all(waiting(), dueAt(now), notExpired(now), notPaused(id)), abandoned(now)),
                attemptsLeft());
    }

    private Change claim(Condition guard, Instant leaseUntil) {
        return change("claim", guard)
                .set(Field.STATE, JobState.RUNNING)
                .set(Field.LEASE, leaseUntil)
                .set(Field.STARTED, now)
                .add(Field.FENCE, 1)
                .add(Field.ATTEMPT, 1)
                .append(entry(JobState.RUNNING))
                .remove(Field.INDEX, Field.INDEX_AT);
    }

    /** Extends the holder's lease. */
    public static Change extendLease(Job job, Instant leaseUntil) {
        return new Change("extendLease", claimedBy(job), null).set(Field.LEASE, leaseUntil);
    }

    /** Writes how far the holder's work has come. */
    public static Change progress(Job job, Progress progress) {
        return withProgress(new Change("progress", claimedBy(job), null), progress);
    }

    /** The holder keeps the cursor from which a later attempt continues. */
    public static Change checkpoint(Job job, Json cursor) {
        return new Change("checkpoint", claimedBy(job), null).set(Field.CHECKPOINT, cursor.utf8());
    }

    // ---- the worker's outcome

    /** The handler returned. Allowed even if a cancellation was requested: the work is done. */
    public Change succeed(Job job, @Nullable Json result, @Nullable Progress progress, Duration retention) {
        Instant keptUntil = keptUntil(job, retention);
        Change change = withProgress(finish("succeed", claimedBy(job), JobState.SUCCEEDED, keptUntil), progress)
                .history(HistoryEntry.append(
                        job.history(), entry(JobState.SUCCEEDED).afterAttempts(job.attempt())))
                .remove(Field.ERROR_TYPE, Field.ERROR_MESSAGE, Field.ERROR_STACK, Field.CHECKPOINT);
        return result == null ? change : change.content(Kind.RESULT, "result#" + job.fence(), result, keptUntil);
    }

    /**
     * The attempt failed and another one is left. Refused once a cancellation was requested.
     *
     * @param inDueIndex whether the job waits in the due index, without a message
     */
    public Change retry(Job job, Duration wait, boolean inDueIndex, JobError error) {
        return waitAgain("retry", all(claimedBy(job), notCancelled(), attemptsLeft()), job, wait, inDueIndex)
                .history(HistoryEntry.append(
                        job.history(),
                        entry(JobState.RETRYING).afterAttempts(job.attempt()).because(error)))
                .set(Field.ERROR_TYPE, error.type())
                .set(Field.ERROR_MESSAGE, error.message())
                .setOrRemove(Field.ERROR_STACK, error.stack())
                .remove(Field.PROGRESS, Field.PROGRESS_TEXT);
    }

    /** The attempt is given back: the handler asked to wait, or the worker had to stop. */
    public Change snooze(Job job, Duration wait, boolean inDueIndex) {
        return waitAgain("snooze", all(claimedBy(job), notCancelled()), job, wait, inDueIndex)
                .history(HistoryEntry.append(
                        job.history(),
                        entry(JobState.RETRYING)
                                .afterAttempts(job.attempt() - 1)
                                .asSnooze()))
                .add(Field.ATTEMPT, -1)
                .remove(Field.PROGRESS, Field.PROGRESS_TEXT);
    }

    /**
     * The handler hands over to a further invocation, which continues from the cursor at once. Gives the attempt back, and
     * keeps the progress.
     *
     * @param inDueIndex whether to wait in the due index for a new message, because this one was received often
     */
    public Change continueLater(Job job, Json cursor, @Nullable Progress progress, boolean inDueIndex) {
        return withProgress(
                        waitAgain("continueLater", all(claimedBy(job), notCancelled()), job, Duration.ZERO, inDueIndex),
                        progress)
                .set(Field.STATE, JobState.QUEUED)
                .set(Field.CHECKPOINT, cursor.utf8())
                .history(HistoryEntry.append(
                        job.history(),
                        entry(JobState.QUEUED).afterAttempts(job.attempt() - 1).asSnooze()))
                .add(Field.ATTEMPT, -1);
    }

    /** No further attempt: attempts used up, discarded, or a result too large. */
    public Change kill(Job job, DeadReason reason, JobError error) {
        return die("kill", claimedBy(job), job, reason, error);
    }

    /**
     * The payload is gone or cannot be read: the handler never started, so the attempt that the claim counted is given back. The
     * history keeps the number of that attempt.
     */
    public Change killUnstarted(Job job, DeadReason reason, JobError error) {
        return die("killUnstarted", claimedBy(job), job, reason, error).add(Field.ATTEMPT, -1);
    }

    /**
     * A running job whose cancellation was requested: its handler honours that, was interrupted, or failed with attempts left.
     *
     * @param by who requested it
     */
    public Change cancelRunning(Job job, @Nullable String by, Duration retention) {
        return finish(
                        "cancelRunning",
                        all(claimedBy(job), new Condition.Present(Field.CANCEL_REQUESTED)),
                        JobState.CANCELLED,
                        keptUntil(job, retention))
                .history(HistoryEntry.append(
                        job.history(),
                        entry(JobState.CANCELLED).afterAttempts(job.attempt()).by(by)));
    }

    // ---- no worker holds it

    /** Its worker died with attempts left. */
    public Change rescue(Job job, Duration wait) {
        JobError error = crash(job);
        return waitAgain("rescue", all(abandonedBy(job, now), attemptsLeft()), job, wait, false)
                .append(entry(JobState.RETRYING).afterAttempts(job.attempt()).because(error))
                .set(Field.ERROR_TYPE, error.type())
                .set(Field.ERROR_MESSAGE, error.message())
                .remove(Field.ERROR_STACK, Field.PROGRESS, Field.PROGRESS_TEXT);
    }

    /** Its worker died in the last attempt. */
    public Change killCrashed(Job job) {
        Condition guard = all(abandonedBy(job, now), new Condition.Not(attemptsLeft()));
        return die("killCrashed", guard, job, DeadReason.CRASHED, crash(job));
    }

    private static JobError crash(Job job) {
        return new JobError(
                "Crashed", "attempt " + job.attempt() + " of " + job.maxAttempts() + " never ended: its worker died");
    }

    /** It was not started in time. */
    public Change expire(Job job) {
        Condition guard = all(waiting(), neverStarted(), new Condition.AtMost(Field.EXPIRES, now.toEpochMilli()));
        JobError error = new JobError("Expired", "not started before its expiresAt, " + job.expiresAt());
        return die("expire", guard, job, DeadReason.EXPIRED, error);
    }

    /** No worker will run it: none knows its task, or the deployment has no pool for it. */
    public Change killUnrunnable(Job job, DeadReason reason, JobError error) {
        return die("killUnrunnable", all(waiting(), dueAt(now)), job, reason, error);
    }

    // ---- a hold

    /**
     * Holds a waiting job: it waits in the index, without a message, until what the reason names releases it. A hold until the
     * job is due keeps the row's token, so that the creating request can still withdraw the job when the response to this write
     * is lost. A hold of a limit is refused when something else has held the job since it was read: it may have lost its place in
     * the line then.
     *
     * @param at for {@link HoldReason#DUE} when the dispatcher releases it; for a pause the time of the hold, and for a limit the
     *     job's place in the line: they order the release
     */
    public Change hold(Job job, HoldReason reason, Instant at) {
        Condition asRead = all(waiting(), readable(), unclaimedSince(job));
        Condition guard = reason.limit().isPresent() ? all(asRead, heldAsBefore(job)) : asRead;
        return new Change("hold", guard, reason.equals(HoldReason.DUE) ? null : token)
                .set(Field.INDEX, reason.index(job.id().shard()))
                .set(Field.INDEX_AT, at);
    }

    /** The message of a held job was sent; only now does it leave the index, unless it was held anew since it was read. */
    public static Change release(Job held) {
        return new Change(
                        "release",
                        all(
                                waiting(),
                                new Condition.Is(Field.INDEX, Objects.requireNonNull(held.index(), "it is held")),
                                new Condition.Is(
                                        Field.INDEX_AT,
                                        Objects.requireNonNull(held.indexedAt(), "it is held")
                                                .toEpochMilli()),
                                new Condition.Is(
                                        Field.TOKEN, Objects.requireNonNull(held.token(), "each row has one"))),
                        null)
                .remove(Field.INDEX, Field.INDEX_AT);
    }

    // ---- after a death

    /**
     * What follows a death was done: the task's {@code onDead} hook was called. Only the dead-letter function does that, so the
     * worker that writes a death sends the job's message to the dead letters.
     */
    public Change markDeathHandled(Job job) {
        return new Change("markDeathHandled", deathNotHandled(job), null).set(Field.DEATH_HANDLED, now);
    }

    // ---- effects that several changes have

    private static Change withProgress(Change change, @Nullable Progress progress) {
        return change.setOrRemove(Field.PROGRESS, progress == null ? null : progress.percent())
                .setOrRemove(Field.PROGRESS_TEXT, progress == null ? null : progress.text());
    }

    private Change waitAgain(String name, Condition guard, Job job, Duration wait, boolean inDueIndex) {
        Instant due = now.plus(wait);
        Change change = change(name, guard)
                .set(Field.STATE, JobState.RETRYING)
                .set(Field.DUE, due)
                .remove(Field.LEASE);
        return inDueIndex ? change.set(Field.INDEX, dueIndex(job.id())).set(Field.INDEX_AT, due) : change;
    }

    private Change die(String name, Condition guard, Job job, DeadReason reason, JobError error) {
        return finish(name, guard, JobState.DEAD, now.plus(DEAD_RETENTION))
                .set(Field.DEAD_REASON, reason.name())
                .set(Field.ERROR_TYPE, error.type())
                .set(Field.ERROR_MESSAGE, error.message())
                .setOrRemove(Field.ERROR_STACK, error.stack())
                .set(Field.FINGERPRINT, Fingerprint.of(job.task(), error))
                .set(Field.INDEX, deadIndex(job.id().shard()))
                .set(Field.INDEX_AT, now)
                .append(entry(JobState.DEAD).afterAttempts(job.attempt()).because(error));
    }

    Change finish(String name, Condition guard, JobState state, Instant keptUntil) {
        return change(name, guard)
                .set(Field.STATE, state)
                .set(Field.FINISHED, now)
                .set(Field.TTL, rowEnds(keptUntil))
                .remove(Field.LEASE);
    }

    Change change(String name, Condition guard) {
        return new Change(name, guard, token);
    }

    HistoryEntry entry(JobState state) {
        return HistoryEntry.of(state, now);
    }

    /**
     * Until when a job is kept that ends now: for its task's retention, and at least as long as its idempotency key answers with
     * it.
     */
    Instant keptUntil(Job job, Duration retention) {
        Instant end = now.plus(retention);
        Instant keyEnds = job.createdAt().plus(NewJob.KEY_RETENTION);
        return job.idempotencyKey() != null && keyEnds.isAfter(end) ? keyEnds : end;
    }

    static long rowEnds(Instant keptUntil) {
        return keptUntil.plus(Job.ROW_STAYS).getEpochSecond();
    }

    /** The index key under which a job waits for its time. */
    static String dueIndex(JobId id) {
        return HoldReason.DUE.index(id.shard());
    }

    /** The index key under which the dead jobs of a shard are, each at the time of its death. */
    public static String deadIndex(String shard) {
        return DEAD + shard;
    }
}
