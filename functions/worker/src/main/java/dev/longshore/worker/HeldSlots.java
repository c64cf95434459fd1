package dev.longshore.worker;

import dev.longshore.job.JobId;
import dev.longshore.job.LimitKey;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Limiter;
import dev.longshore.job.limit.Slot;
import dev.longshore.task.NamedLimit;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slots of one claim, one for each limit of its task. They have the lease of the claim, and are freed when the row says that the
 * claim has ended; those of a worker that crashes are free when the lease is over.
 *
 * @param held in the order in which they were taken
 */
record HeldSlots(Limiter limiter, LimitNumbers numbers, List<Held> held) {
    private static final Logger LOG = LoggerFactory.getLogger(HeldSlots.class);

    /** A slot of a limit. */
    record Held(NamedLimit limit, LimitKey key, Slot slot) {
        private JobId job() {
            return slot.job();
        }

        private long fence() {
            return Objects.requireNonNull(slot.fence(), "a worker's slot has the fence of its claim");
        }
    }

    /** Whether its task has limits. */
    boolean areTaken() {
        return !held.isEmpty();
    }

    /** Extends the leases of all slots; false when one is lost, and another job may run in it. */
    boolean extend(Instant until) {
        return held.stream().allMatch(one -> limiter.extend(one.key(), one.job(), one.fence(), until));
    }

    /** The attempt has ended so. When the lease was lost, the row may still have it, and the slots last as long. */
    void endAfter(AttemptResult result) {
        if (!(result instanceof AttemptResult.LeaseLost)) {
            end();
        }
    }

    /** The claim has ended. */
    void end() {
        held.forEach(one -> free(one, () -> limiter.end(one.key(), one.job(), one.fence(), numbers.of(one.limit()))));
    }

    /** The claim was not made. */
    void giveBack() {
        held.forEach(one -> free(one, () -> limiter.giveBack(one.key(), one.slot(), numbers.of(one.limit()))));
    }

    private static void free(Held one, Runnable call) {
        try {
            call.run();
        } catch (StoreUnavailableException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log(
                            "The slot of job {} in limit {} is free when its lease ends, at {}",
                            one.job(),
                            one.key().name(),
                            one.slot().until());
        }
    }
}
