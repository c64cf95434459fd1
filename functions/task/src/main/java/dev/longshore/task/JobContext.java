package dev.longshore.task;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * The job that a handler runs, and what the handler may request. Valid until the handler returns; safe to use from
 * threads that the handler starts and joins.
 */
public interface JobContext {

    /** The job's id, a UUIDv7: the natural idempotency key for calls to others. */
    String id();

    /** The task's name, also of a job that was enqueued under an alias of it. */
    String task();

    /** Which attempt this is, from 1. Snoozes and continuations are not counted. */
    int attempt();

    /** After how many failed attempts the job is DEAD. */
    int maxAttempts();

    /** Whether a failure now makes the job DEAD. */
    default boolean lastAttempt() {
        return attempt() >= maxAttempts();
    }

    /**
     * A number that only rises with each start of this job. A store that refuses writes with a lower fence than the last
     * one it saw keeps a late worker's effects out.
     */
    long fence();

    /**
     * Time left until this attempt is interrupted; zero when it is over. Work that needs longer hands over with {@link
     * #continueWith} before that. After a cancellation request was read, it is the rest of the task's grace time.
     */
    Duration timeLeft();

    /** The small string pairs that were enqueued with the job. */
    Map<String, String> meta();

    /** The W3C trace context of the request that enqueued the job, if it had one. */
    Optional<String> traceparent();

    /** The largest checkpoint, in bytes of UTF-8: it lives in the job's row. */
    int LARGEST_CHECKPOINT = 16 * 1024;

    /** The longest text of a progress, in code points. */
    int LONGEST_PROGRESS_TEXT = 200;

    /**
     * Reports how far the work has come, in per cent. Written to the job at most once a second, so that it may be called in a tight
     * loop; the last value is kept with the job's outcome. The text that was given last stays.
     *
     * @param percent 0 to 100
     * @throws IllegalArgumentException outside of that
     */
    void progress(int percent);

    /**
     * Reports how far the work has come, in per cent, and in a short text what is being done: {@code progress(25, "page 3 of 12")}. Written
     * as {@link #progress(int)} is. Clients see the text as {@code progressText}.
     *
     * @param percent 0 to 100
     * @param text at most {@value #LONGEST_PROGRESS_TEXT} code points; an empty one removes the text that was given last
     * @throws IllegalArgumentException outside of that
     */
    void progress(int percent, String text);

    /**
     * Keeps {@code cursor} with the job, for the next attempt to continue from. Durable when this returns.
     *
     * @param cursor anything Jackson can write, at most {@value #LARGEST_CHECKPOINT} bytes of UTF-8 as JSON
     * @throws IllegalStateException when another worker has taken the job over meanwhile: stop, it does the work now
     */
    void checkpoint(Object cursor);

    /**
     * The last checkpoint of this job, whichever attempt wrote it. Read as a payload is ({@link PayloadType}): fields that the
     * type does not have are passed over.
     *
     * @throws IllegalStateException when it lacks what the type requires, or does not fit it otherwise: it was written by
     *     other code, say
     */
    <T> Optional<T> checkpoint(Class<T> type);

    /**
     * Whether the job's cancellation was requested. Reads the store at most once a second. A handler that can stop
     * in between throws {@link #cancelled}; one that continues and succeeds within the task's {@link Task#cancelGrace} has
     * succeeded; one that takes longer is interrupted.
     */
    boolean cancelRequested();

    /**
     * Enqueues another job. Its id follows from this job's id, the last checkpoint and the order of the calls since, so that a
     * later attempt that continues from there and makes the same calls finds its jobs there already.
     *
     * @return the other job's id
     * @throws IllegalArgumentException when the catalogue has no such task, or the task cannot read the payload
     * @throws ChainTooLongException when the chain of jobs that led to this one is as long as the other task allows ({@link
     *     Task#longestChain})
     */
    String enqueue(String task, Object payload, Duration delay);

    /** {@link #enqueue(String, Object, Duration)} without a delay. */
    default String enqueue(String task, Object payload) {
        return enqueue(task, payload, Duration.ZERO);
    }

    /** A logger whose lines carry the job's id, task, attempt and fence. */
    Logger logger();

    /** To be thrown: this attempt failed, and the next one starts after {@code delay} (a {@code Retry-After}, say). */
    default JobSignal retryIn(Duration delay, String reason) {
        return new JobSignal.RetryIn(delay, reason);
    }

    /** To be thrown: no attempt can ever succeed, the job is DEAD now. */
    default JobSignal discard(String reason) {
        return new JobSignal.Discard(reason);
    }

    /** To be thrown: not now, again after {@code delay}; this attempt does not count. */
    default JobSignal snooze(Duration delay) {
        return new JobSignal.Snooze(delay);
    }

    /**
     * To be thrown: the work continues from {@code cursor}, in a next invocation and at once. The cursor is kept as by {@link
     * #checkpoint(Object)}, the progress stays, and no attempt is used up; so work may take longer than Lambda's 15 minutes.
     *
     * <pre>{@code
     * if (job.timeLeft().compareTo(Duration.ofSeconds(30)) < 0) {
     *     throw job.continueWith(new Cursor(next));
     * }
     * }</pre>
     *
     * @param cursor as a checkpoint's, and further on than the one that this invocation began with
     */
    default JobSignal continueWith(Object cursor) {
        return new JobSignal.Continue(Json.of(cursor));
    }

    /** To be thrown where {@link #cancelRequested} was seen: the job is CANCELLED. */
    default JobSignal cancelled() {
        return new JobSignal.Cancelled();
    }
}
