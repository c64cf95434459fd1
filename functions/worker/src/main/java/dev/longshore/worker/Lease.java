package dev.longshore.worker;

import dev.longshore.job.JobQueue;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.aws.CallTimeouts;
import dev.longshore.task.PoolPlan;
import dev.longshore.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * For how long a claim holds, and how long the handler may run.
 *
 * <p>A short task is held for all of its time-out at once. A long one, of two minutes or more, is held for a minute at a time and
 * its lease extended by heartbeats, so that a crash is noticed within a minute and not after its whole time-out.
 *
 * @param start the time of the claim
 * @param timeout how long the handler may run
 * @param cancelGrace how long it may run after it could see the request to cancel its job
 */
record Lease(Instant start, Duration timeout, boolean withHeartbeats, Duration cancelGrace) {
    /** For how long each heartbeat holds a long task. */
    static final Duration EXTENSION = Duration.ofMinutes(1);

    /** Three heartbeats a lease: two may be lost. The row of a job without heartbeats is read as often. */
    static final Duration HEARTBEAT = EXTENSION.dividedBy(3);

    /**
     * Between a handler's end and the end of its lease: the time-out of one call, 10 s, in which its outcome is written. A second
     * try, or the write after a handler was interrupted late, may come after the lease; the fence then decides.
     */
    static final Duration OUTCOME = CallTimeouts.USUAL.call();

    /** The longest time between the receipt of a message and its claim, with calls that are tried again. */
    private static final Duration RECEIVED_BEFORE = Duration.ofMinutes(1);

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    static Lease of(Task<?, ?> task, InstantSource clock, Instant deadline) {
        Instant now = clock.instant();
        Duration left = Duration.between(now, deadline);
        Duration timeout = task.timeout().compareTo(left) < 0 ? task.timeout() : left;
        boolean withHeartbeats = task.timeout().compareTo(PoolPlan.HEARTBEATS_FROM) >= 0;
        return new Lease(now, timeout, withHeartbeats, task.cancelGrace());
    }

    /** Whether the invocation's time is used up. */
    boolean isTooShort() {
        return timeout.compareTo(SHORTEST) < 0;
    }

    /** Until when the claim holds at first. */
    Instant end() {
        return withHeartbeats ? start.plus(EXTENSION) : start.plus(timeout).plus(OUTCOME);
    }

    /**
     * When the handler is interrupted: at its time-out, or {@code cancelGrace} after the cancellation request was read, whichever
     * is earlier.
     */
    Instant deadline(@Nullable Instant cancelSeen) {
        Instant deadline = start.plus(timeout);
        Instant graceOver = cancelSeen == null ? deadline : cancelSeen.plus(cancelGrace);
        return graceOver.isBefore(deadline) ? graceOver : deadline;
    }

    /**
     * How long to hide the message of a running job from now on: one extension and the clock skew. SQS hides a message for at
     * most 12 hours after its receipt ("Amazon SQS visibility timeout"), so near that limit the time is shorter, and finally not
     * positive; another worker then receives the message and hides it until the lease ends.
     */
    Duration hidden(Instant now) {
        Duration hidden = EXTENSION.plus(Lifecycle.CLOCK_SKEW);
        Duration possible = Duration.between(now, start.minus(RECEIVED_BEFORE).plus(JobQueue.LONGEST_HIDING));
        return possible.compareTo(hidden) < 0 ? possible : hidden;
    }
}
