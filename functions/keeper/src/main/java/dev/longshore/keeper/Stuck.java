package dev.longshore.keeper;

import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why a job is stuck: it does not continue, and only {@link Rescuer} sees to it. */
enum Stuck {
    /** It is due, and has a message or had one: the message is lost, or waits in a backlog. */
    LATE,
    /** It is RUNNING and its lease is over: its worker died, and its message is lost. */
    ABANDONED,
    /** It is held, though it is due or its pause is over. */
    HELD_TOO_LONG,
    /** It is due later than a message can be delayed, and not held. */
    NOT_HELD,
    /** It is DEAD, and what follows a death was not done: its dead letter is lost, or waits. */
    COMPLETION_UNHANDLED;

    /**
     * For how long a job is left alone. A worker takes a visible message within seconds, and the dispatcher releases held jobs
     * once a minute.
     */
    static final Duration GRACE = Duration.ofMinutes(15);

    /**
     * Why the job is stuck, if it is.
     *
     * @param pauses pauses that hold, and resumed ones whose jobs the dispatcher still releases
     */
    static Optional<Stuck> find(Job job, Instant now, Set<HoldReason> pauses) {
        Instant late = now.minus(GRACE);
        if (job.isFromNewerCode() || job.isPastItsRow(now)) {
            return Optional.empty();
        }
        return switch (job.state()) {
            case SUCCEEDED, CANCELLED, UNKNOWN -> Optional.empty();
            // purged or not: an operator's purge keeps no completion from being handled
            case DEAD -> stuckIf(!job.deathHandled() && isBefore(job.finishedAt(), late), COMPLETION_UNHANDLED);
            case RUNNING -> stuckIf(isBefore(job.leaseUntil(), late), ABANDONED);
            case SCHEDULED, QUEUED, RETRYING -> findWaiting(job, now, late, pauses);
        };
    }

    private static Optional<Stuck> findWaiting(Job job, Instant now, Instant late, Set<HoldReason> pauses) {
        if (job.isExpired(late) && !job.isHeldByPause()) {
            return Optional.of(LATE); // a worker ends it
        }
        if (job.isHeld()) {
            boolean isLeft = job.holdReason()
                    .filter(reason -> reason.limit().isEmpty()) // as long as it takes; Rescuer looks at the line
                    .filter(reason -> !pauses.contains(reason))
                    .isPresent();
            return stuckIf(isLeft && isBefore(job.indexedAt(), late), HELD_TOO_LONG);
        }
        if (JobQueue.isBeyondDelay(now, job.due())) {
            return Optional.of(NOT_HELD);
        }
        return stuckIf(job.due().isBefore(late), LATE);
    }

    private static Optional<Stuck> stuckIf(boolean stuck, Stuck reason) {
        return stuck ? Optional.of(reason) : Optional.empty();
    }

    private static boolean isBefore(@Nullable Instant time, Instant limit) {
        return time != null && time.isBefore(limit);
    }
}
