package dev.longshore.worker;

import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobQueue;
import dev.longshore.job.Lifecycle;
import dev.longshore.task.ChainTooLongException;
import dev.longshore.task.Json;
import dev.longshore.task.PoolPlan;
import dev.longshore.task.Task;
import dev.longshore.task.TaskHandler;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a job whose attempt has ended: by the result, the task's policy and the row. Writes nothing.
 *
 * @param lifecycle the changes as of now
 * @param random of the backoff's jitter
 * @param inFlightIsHigh whether another hidden message would be too many, since SQS delivers no more at 120,000 of them; called
 *     when the job is to wait
 */
record Decider(Lifecycle lifecycle, RandomGenerator random, BooleanSupplier inFlightIsHigh) {
    /** Delay before retrying when the payload could not be read. */
    private static final Duration UNTIL_FETCHED = Duration.ofSeconds(5);

    /** From this many receives on, a continuation takes a fresh message: a pool allows at least 13 ({@link PoolPlan}). */
    static final int RECEIVES_OF_A_MESSAGE = 8;

    /** Limit, since causes can form a cycle. */
    private static final int MOST_CAUSES = 20;

    Decision decide(AttemptEnd end) {
        Task<?, ?> task = end.task();
        return switch (end.result()) {
            case AttemptResult.Returned(Json result) -> succeed(end, result);
            case AttemptResult.Failed(Throwable error)
            when isOfAChainTooLong(error) -> kill(end, DeadReason.CHAIN_TOO_LONG, JobError.of(error));
            case AttemptResult.Failed(Throwable error)
            when task.retry().retries(error) -> retry(end, JobError.of(error), backoff(end));
            case AttemptResult.Failed(Throwable error) -> kill(end, DeadReason.DISCARDED, JobError.of(error));
            case AttemptResult.RetryIn(Duration delay, Throwable error) ->
                retry(end, new JobError("RetryIn", String.valueOf(error.getMessage())), delay);
            case AttemptResult.TimedOut(Duration after) -> retry(end, timedOut(task, after), backoff(end));
            case AttemptResult.Discarded(String reason) ->
                kill(end, DeadReason.DISCARDED, new JobError("Discarded", reason));
            case AttemptResult.Snoozed(Duration delay) -> giveBack(end, delay);
            case AttemptResult.NotFetched() -> giveBack(end, UNTIL_FETCHED);
            case AttemptResult.Stopped() -> giveBack(end, Duration.ZERO);
            case AttemptResult.AnotherTask() -> exchangeMessage(end);
            case AttemptResult.Continued(Json cursor) -> continueLater(end, cursor);
            case AttemptResult.Cancelled() -> cancelIfRequested(end);
            case AttemptResult.NotDecoded(String reason) ->
                killUnstarted(end, DeadReason.UNDECODABLE, new JobError("Undecodable", reason));
            case AttemptResult.PayloadMissing(String what) ->
                killUnstarted(end, DeadReason.PAYLOAD_MISSING, new JobError("PayloadMissing", what));
            case AttemptResult.LeaseLost() ->
                throw new IllegalArgumentException(
                        "The lease of job " + end.job().id() + " was lost; there is nothing to decide");
        };
    }

    private Decision succeed(AttemptEnd end, @Nullable Json result) {
        if (result != null && result.utf8Length() > TaskHandler.LARGEST_RESULT) {
            JobError error = new JobError(
                    "ResultTooLarge",
                    "the result has " + result.utf8Length() + " bytes of JSON, and " + TaskHandler.LARGEST_RESULT
                            + " are allowed; write what is large into the file store and return its name");
            return kill(end, DeadReason.RESULT_TOO_LARGE, error);
        }
        return Decision.end(
                lifecycle.succeed(end.job(), result, end.progress(), end.task().retention()));
    }

    /** A cancellation that was requested replaces a further attempt; after the last one the job is DEAD all the same. */
    private Decision retry(AttemptEnd end, JobError error, Duration wait) {
        if (end.job().isLastAttempt()) {
            return kill(end, DeadReason.EXHAUSTED, error);
        }
        if (end.isCancelRequested()) {
            return cancel(end);
        }
        boolean inDueIndex = mustHold(wait);
        return Decision.wait(lifecycle.retry(end.job(), wait, inDueIndex, error), wait, inDueIndex);
    }

    private Decision giveBack(AttemptEnd end, Duration wait) {
        if (end.isCancelRequested()) {
            return cancel(end);
        }
        boolean inDueIndex = mustHold(wait);
        return Decision.wait(lifecycle.snooze(end.job(), wait, inDueIndex), wait, inDueIndex);
    }

    private Decision exchangeMessage(AttemptEnd end) {
        return end.isCancelRequested()
                ? cancel(end)
                : new Decision(lifecycle.snooze(end.job(), Duration.ZERO, true), new Decision.Next.SendAnother());
    }

    /**
     * Continues the job in another invocation: at once with the same message, which uses up a receive, or within a minute with
     * a new one after {@link #RECEIVES_OF_A_MESSAGE} receives. The dispatcher sends that one, so that Lambda's loop detection
     * does not count it ("Use Lambda recursive loop detection to prevent infinite loops", AWS Lambda Developer Guide).
     */
    private Decision continueLater(AttemptEnd end, Json cursor) {
        if (end.isCancelRequested()) {
            return cancel(end);
        }
        boolean inDueIndex = end.receiveCount() >= RECEIVES_OF_A_MESSAGE;
        return Decision.wait(
                lifecycle.continueLater(end.job(), cursor, end.progress(), inDueIndex), Duration.ZERO, inDueIndex);
    }

    private Decision cancelIfRequested(AttemptEnd end) {
        return end.isCancelRequested()
                ? cancel(end)
                : kill(
                        end,
                        DeadReason.DISCARDED,
                        new JobError("Discarded", "the handler threw cancelled(), and no cancellation was requested"));
    }

    private Decision cancel(AttemptEnd end) {
        Job job = end.job();
        return Decision.end(
                lifecycle.cancelRunning(job, job.cancelRequestedBy(), end.task().retention()));
    }

    private Decision kill(AttemptEnd end, DeadReason reason, JobError error) {
        return Decision.kill(lifecycle.kill(end.job(), reason, error));
    }

    private Decision killUnstarted(AttemptEnd end, DeadReason reason, JobError error) {
        return Decision.kill(lifecycle.killUnstarted(end.job(), reason, error));
    }

    private boolean mustHold(Duration wait) {
        return wait.compareTo(JobQueue.LONGEST_DELAY) > 0 || inFlightIsHigh.getAsBoolean();
    }

    private Duration backoff(AttemptEnd end) {
        return end.task().retry().backoff(end.job().attempt(), random);
    }

    /** Whether a retry would fail likewise. Searches the causes, since the handler may have wrapped the exception. */
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
                "interrupted after " + after.toMillis() + " ms; the time-out of task " + task.name() + " is "
                        + task.timeout().toMillis() + " ms" + remedy);
    }
}
