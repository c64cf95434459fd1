package dev.longshore.job.limit;

import dev.longshore.job.JobId;
import dev.longshore.job.Lifecycle;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A slot that one job has: for a claim, or reserved until its message leads to one.
 *
 * @param until when its lease ends: that of the claim, or of the reservation
 * @param fence of the claim; null while it is reserved
 */
public record Slot(JobId job, Instant until, @Nullable Long fence) {

    boolean isReserved() {
        return fence == null;
    }

    /** Whether its lease is over by every clock, as that of the row is ({@link Lifecycle#CLOCK_SKEW}). */
    boolean isOver(Instant now) {
        return !until.plus(Lifecycle.CLOCK_SKEW).isAfter(now);
    }

    /** Whether another worker has it for the claim that this one wants to make, or for a later one. */
    public boolean blocks(Slot wanted, Instant now) {
        return fence != null && wanted.fence() != null && fence >= wanted.fence() && !isOver(now);
    }

    boolean isOf(JobId id) {
        return job.equals(id);
    }
}
