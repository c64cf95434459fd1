package dev.longshore.worker;

import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Delivery;
import dev.longshore.job.Delivery.Verdict;
import dev.longshore.job.Engines;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobQueue;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.Tokens;
import dev.longshore.task.ChainTooLongException;
import dev.longshore.task.Json;
import dev.longshore.task.PoolPlan;
import dev.longshore.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes how an attempt ended: first into the job's row, then into its queue. */
final class Outcomes {
    /** The largest result, in bytes of UTF-8. */
    static final int LARGEST_RESULT = 256 * 1024;

    /** How long a store gets that did not give a payload away. */
    private static final Duration UNTIL_FETCHED = Duration.ofSeconds(5);

    /** How many receives of a message continuations may use up: each pool allows 13 and more, see {@code PoolPlan}. */
    static final int RECEIVES_OF_A_MESSAGE = 8;

    /** Causes can form a circle. */
    private static final int MOST_CAUSES = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

    private final Engines engines;
    private final Writes writes;
    private final Tokens tokens;
    private final Redelivery redelivery;
    private final InFlightGauge inFlight;

    Outcomes(Engines engines, Writes writes, Tokens tokens, Redelivery redelivery) {
        this.engines = engines;
        this.writes = writes;
        this.tokens = tokens;
        this.redelivery = redelivery;
        this.inFlight = new InFlightGauge(engines.queue(), engines.clock());
    }

    Verdict write(RunningJob running, Task<?, ?> task, Ending ending, Delivery delivery) {
        Job job = running.row();
        Verdict verdict = switch (ending) {
            case Ending.Returned(Json result) -> succeed(running, task, result, delivery);
            case Ending.Failed(Throwable error)
            when isOfAChainTooLong(error) -> kill(job, DeadReason.CHAIN_TOO_LONG, JobError.of(error), delivery);
            case Ending.Failed(Throwable error)
            when task.retry().retries(error) -> fail(job, task, JobError.of(error), null, delivery);
            case Ending.Failed(Throwable error) -> kill(job, DeadReason.DISCARDED, JobError.of(error), delivery);
            case Ending.RetryIn(Duration delay, Throwable error) ->
                fail(job, task, new JobError("RetryIn", String.valueOf(error.getMessage())), delay, delivery);
            case Ending.TimedOut(Duration after) -> fail(job, task, timedOut(task, after), null, delivery);
            case Ending.Discarded(String reason) ->
                kill(job, DeadReason.DISCARDED, new JobError("Discarded", reason), delivery);
            case Ending.Snoozed(Duration delay) -> giveBack(job, delay, delivery);
            case Ending.NotFetched() -> giveBack(job, UNTIL_FETCHED, delivery);
            case Ending.Continued(Json cursor) -> continueLater(running, cursor, task, delivery);
            case Ending.Stopped() -> giveBack(job, Duration.ZERO, delivery);
            case Ending.Cancelled() -> cancel(job, task, delivery);
            case Ending.NotDecoded(String reason) ->
                killUnstarted(job, DeadReason.UNDECODABLE, new JobError("Undecodable", reason), delivery);
            case Ending.PayloadMissing(String what) ->
                killUnstarted(job, DeadReason.PAYLOAD_MISSING, new JobError("PayloadMissing", what), delivery);
            case Ending.LostHold() -> lostHold(job);
        };
        LOG.atInfo()
                .addKeyValue("ending", ending.getClass().getSimpleName())
                .addKeyValue(
                        "runMillis",
                        Duration.between(startOf(job), engines.clock().instant())
                                .toMillis())
                .log("attempt ended");
        return verdict;
    }

    private Verdict succeed(RunningJob running, Task<?, ?> task, @Nullable Json result, Delivery delivery) {
        Job job = running.row();
        if (result != null && result.utf8Length() > LARGEST_RESULT) {
            JobError error = new JobError(
                    "ResultTooLarge",
                    "the result has " + result.utf8Length() + " bytes of JSON, and " + LARGEST_RESULT
                            + " are allowed; write what is large into the file store and return its name");
            return kill(job, DeadReason.RESULT_TOO_LARGE, error, delivery);
        }
        Instant now = engines.clock().instant();
        Change succeed = Lifecycle.succeed(
                job,
                now,
                result,
                running.lastProgress(),
                Lifecycle.keptUntil(job, now, task.retention()),
                tokens.next());
        return switch (writes.apply(job.id(), succeed)) {
            case Change.Outcome.Done _ -> Verdict.DONE;
            case Change.Outcome.Refused _, Change.Outcome.Missing _ -> lostHold(job);
        };
    }

    /** @param asked the wait that the handler asked for; null for the policy's */
    private Verdict fail(Job job, Task<?, ?> task, JobError error, @Nullable Duration asked, Delivery delivery) {
        if (job.isLastAttempt()) {
            return kill(job, DeadReason.EXHAUSTED, error, delivery);
        }
        Duration wait = asked == null ? task.retry().backoff(job.attempt(), engines.random()) : asked;
        Instant now = engines.clock().instant();
        boolean park = mustPark(wait, delivery);
        Change retry = Lifecycle.retry(job, now, now.plus(wait), park, error, tokens.next());
        return switch (writes.apply(job.id(), retry)) {
            case Change.Outcome.Done(Job waiting) -> park ? Verdict.DONE : redelivery.after(wait, waiting, delivery);
            case Change.Outcome.Refused(Job current) when isStillHeld(job, current) -> cancel(job, task, delivery);
            case Change.Outcome.Refused _, Change.Outcome.Missing _ -> lostHold(job);
        };
    }

    private Verdict giveBack(Job job, Duration wait, Delivery delivery) {
        Instant now = engines.clock().instant();
        boolean park = mustPark(wait, delivery);
        Change snooze = Lifecycle.snooze(job, now, now.plus(wait), park, tokens.next());
        return switch (writes.apply(job.id(), snooze)) {
            case Change.Outcome.Done(Job waiting) -> park ? Verdict.DONE : redelivery.after(wait, waiting, delivery);
            case Change.Outcome.Refused(Job current)
            when isStillHeld(job, current) ->
                finish(
                        job,
                        Lifecycle.cancelRunning(
                                job,
                                now,
                                current.cancelRequestedBy(),
                                now.plus(Lifecycle.DEAD_RETENTION),
                                tokens.next()));
            case Change.Outcome.Refused _, Change.Outcome.Missing _ -> lostHold(job);
        };
    }

    /**
     * The job goes on in a next invocation: by the same message at once, which uses up one of its receives; by a fresh one
     * within a minute when many are used up. The fresh one comes from the dispatcher, so that it carries no trace of the one
     * before, and no continuation counts as a round of a loop ("Use Lambda recursive loop detection to prevent infinite loops",
     * AWS Lambda Developer Guide).
     */
    private Verdict continueLater(RunningJob running, Json cursor, Task<?, ?> task, Delivery delivery) {
        Job job = running.row();
        boolean park = delivery.receiveCount() >= RECEIVES_OF_A_MESSAGE;
        Change next = Lifecycle.continueLater(
                job, engines.clock().instant(), cursor, running.lastProgress(), park, tokens.next());
        return switch (writes.apply(job.id(), next)) {
            case Change.Outcome.Done(Job waiting) ->
                park ? Verdict.DONE : redelivery.after(Duration.ZERO, waiting, delivery);
            case Change.Outcome.Refused(Job current) when isStillHeld(job, current) -> cancel(job, task, delivery);
            case Change.Outcome.Refused _, Change.Outcome.Missing _ -> lostHold(job);
        };
    }

    private Verdict cancel(Job job, Task<?, ?> task, Delivery delivery) {
        Instant now = engines.clock().instant();
        String by = engines.jobs().find(job.id()).map(Job::cancelRequestedBy).orElse(null);
        Change cancel =
                Lifecycle.cancelRunning(job, now, by, Lifecycle.keptUntil(job, now, task.retention()), tokens.next());
        return switch (writes.apply(job.id(), cancel)) {
            case Change.Outcome.Done _ -> Verdict.DONE;
            case Change.Outcome.Refused(Job current)
            when isStillHeld(job, current) ->
                kill(
                        job,
                        DeadReason.DISCARDED,
                        new JobError("Discarded", "the handler threw cancelled() though nobody had asked for it"),
                        delivery);
            case Change.Outcome.Refused _, Change.Outcome.Missing _ -> lostHold(job);
        };
    }

    private Verdict kill(Job job, DeadReason reason, JobError error, Delivery delivery) {
        Instant now = engines.clock().instant();
        return killWith(
                job,
                Lifecycle.kill(job, now, reason, error, now.plus(Lifecycle.DEAD_RETENTION), tokens.next()),
                delivery);
    }

    private Verdict killUnstarted(Job job, DeadReason reason, JobError error, Delivery delivery) {
        Instant now = engines.clock().instant();
        return killWith(
                job,
                Lifecycle.killUnstarted(job, now, reason, error, now.plus(Lifecycle.DEAD_RETENTION), tokens.next()),
                delivery);
    }

    private Verdict killWith(Job job, Change kill, Delivery delivery) {
        return switch (writes.apply(job.id(), kill)) {
            case Change.Outcome.Done(Job dead) -> bury(dead, delivery);
            case Change.Outcome.Refused _, Change.Outcome.Missing _ -> lostHold(job);
        };
    }

    /** Ends a job that no claim of ours holds; when its state has changed meanwhile, the message decides again. */
    Verdict killUnclaimed(Job job, Change kill, Delivery delivery) {
        return switch (writes.apply(job.id(), kill)) {
            case Change.Outcome.Done(Job dead) -> bury(dead, delivery);
            case Change.Outcome.Refused _ -> redelivery.after(Duration.ofSeconds(1), delivery);
            case Change.Outcome.Missing _ -> Verdict.DONE;
        };
    }

    /**
     * The row says DEAD; now its message goes to the dead letters of the pool that delivered it, which this worker's role may
     * send to. The job's own pool may be gone.
     */
    Verdict bury(Job dead, Delivery delivery) {
        engines.queue().sendToDeadLetters(redelivery.pool(delivery), delivery.body());
        return Verdict.DONE;
    }

    private Verdict finish(Job job, Change change) {
        return writes.apply(job.id(), change) instanceof Change.Outcome.Done ? Verdict.DONE : lostHold(job);
    }

    /**
     * Another worker claimed the job after this one's lease. The message is kept: it may be the one that the other
     * worker's safety hangs on, and it is dropped as soon as a claim finds the job at its end.
     */
    private static Verdict lostHold(Job job) {
        LOG.warn(
                "Job {} went on elsewhere while fence {} still ran; this outcome is not counted",
                job.id(),
                job.fence());
        return Verdict.KEEP;
    }

    private boolean mustPark(Duration wait, Delivery delivery) {
        return wait.compareTo(JobQueue.LONGEST_DELAY) > 0 || inFlight.isHigh(redelivery.pool(delivery));
    }

    private static boolean isStillHeld(Job job, Job current) {
        return current.state() == job.state() && current.fence() == job.fence();
    }

    /** The next attempt would enqueue the same job at the same depth, whatever the handler wrapped the refusal into. */
    private static boolean isOfAChainTooLong(Throwable error) {
        return Stream.iterate(error, Objects::nonNull, Throwable::getCause)
                .limit(MOST_CAUSES)
                .anyMatch(ChainTooLongException.class::isInstance);
    }

    private static JobError timedOut(Task<?, ?> task, Duration after) {
        boolean byFunction =
                after.compareTo(task.timeout()) < 0 && task.timeout().compareTo(PoolPlan.LONGEST_IN_LAMBDA) > 0;
        String remedy = byFunction
                ? "; a function of Lambda runs for 15 minutes at most, so put the task into a pool on Fargate"
                : "";
        return new JobError(
                "TimedOut",
                "cut off after " + after.toMillis() + " ms; the time-out of task " + task.name() + " is "
                        + task.timeout().toMillis() + " ms" + remedy);
    }

    private static Instant startOf(Job job) {
        return job.startedAt() == null ? job.createdAt() : job.startedAt();
    }
}
