package dev.longshore.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The queues of all pools, and their dead-letter queues. Delivers at least once and in no order.
 *
 * <p>Every method may throw {@link StoreUnavailableException} when a call failed after its own retries, or was refused;
 * {@link UnknownPoolException} when the deployment has no such pool.
 */
public interface JobQueue {
    /** The longest delay of a message ("Amazon SQS message timers"). */
    Duration LONGEST_DELAY = Duration.ofMinutes(15);

    /** The longest time a message can be hidden, counted from its receipt ("Amazon SQS visibility timeout"). */
    Duration LONGEST_HIDING = Duration.ofHours(12);

    /** Whether a job due at {@code due} has to wait in the due index instead of in the queue. */
    static boolean isBeyondDelay(Instant now, Instant due) {
        return Duration.between(now, due).compareTo(LONGEST_DELAY) > 0;
    }

    /** SQS counts whole seconds. Rounds up, so that a message is late by less than a second rather than early. */
    static int wholeSeconds(Duration delay, Duration longest) {
        Duration within = delay.isNegative() ? Duration.ZERO : delay.compareTo(longest) > 0 ? longest : delay;
        return Math.toIntExact(within.plusMillis(999).toSeconds());
    }

    /**
     * A message to send.
     *
     * @param delay how long it stays hidden; at most {@link #LONGEST_DELAY}
     * @param fairKey the tenant that it counts for ("Amazon SQS fair queues")
     */
    record Outgoing(
            JobMessage message, Duration delay, @Nullable String fairKey) {
        /** A job's own message, with the wait that is left. */
        public static Outgoing of(Job job, Instant now) {
            return new Outgoing(JobMessage.of(job), job.waitsFor(now), job.fairKey());
        }
    }

    /** Sends a job's message to its pool. */
    void send(String pool, Outgoing outgoing);

    /** Sends many messages, ten a request; answers the indexes of those that were not sent. */
    Set<Integer> sendAll(String pool, List<Outgoing> outgoing);

    /**
     * Hides a received message for so long from now. Does nothing when it is visible again already.
     *
     * @return false when there is no message under this receipt any more: it was deleted, purged, received again, or its
     *     retention is over. The job may or may not have another message then
     */
    boolean hide(String pool, String receipt, Duration time);

    /** Whether this deployment has the pool. */
    boolean hasPool(String pool);

    /**
     * Puts a message's body into a pool's dead-letter queue; into that of any other pool when the deployment no longer has
     * this one. The dead-letter function reads the job's row.
     */
    void sendToDeadLetters(String pool, String body);

    /** Hides a message received from a dead-letter queue, as {@link #hide} does. */
    boolean hideDeadLetter(String pool, String receipt, Duration time);

    /** The pool whose queue, or dead-letter queue, has this ARN. */
    Optional<String> poolOf(String queueArn);

    /** How full a pool's queue is. */
    Depth depth(String pool);

    /**
     * Approximate counts, as SQS gives them.
     *
     * @param visible waiting for a worker
     * @param inFlight received and not finished, or hidden by a backoff
     * @param delayed sent with a delay
     * @param deadLetters in the dead-letter queue, all three kinds together
     * @param oldestAge the age of the oldest waiting message, where the queue reports it
     */
    record Depth(
            long visible,
            long inFlight,
            long delayed,
            long deadLetters,
            @Nullable Duration oldestAge) {}
}
