package dev.longshore.worker;

import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.delivery.Delivery;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.engines.Engines;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets when a message is delivered again: it is hidden until then and reported as failed. A message that could not be hidden
 * comes back by the queue's own visibility time-out.
 */
final class Redelivery {
    private static final Logger LOG = LoggerFactory.getLogger(Redelivery.class);

    private final Engines engines;
    private final RetryingWrites writes;

    Redelivery(Engines engines, RetryingWrites writes) {
        this.engines = engines;
        this.writes = writes;
    }

    /** The message comes back after this time, whatever has become of its job. */
    Verdict after(Duration wait, Delivery delivery) {
        hide(wait, delivery);
        return Verdict.RETRY;
    }

    /**
     * The message of a waiting job comes back after this time. When the message is gone, it may have been the job's only one:
     * the job is held as due instead, and the dispatcher sends it a new one.
     */
    Verdict afterOrHold(Duration wait, Job waiting, Delivery delivery) {
        if (!hide(wait, delivery)) {
            LOG.warn("The message of job {} is gone; the due index holds the job", waiting.id());
            Instant due = engines.clock().instant().plus(wait);
            writes.apply(waiting.id(), engines.lifecycle().hold(waiting, HoldReason.DUE, due));
        }
        return Verdict.RETRY;
    }

    /** The message stays hidden while its job runs. Without it, the job's lease alone says that the job runs. */
    void notBefore(Duration time, Delivery delivery) {
        if (!hide(time, delivery)) {
            LOG.warn("Message {} is gone while its job runs; the job continues under its lease", delivery.messageId());
        }
    }

    /** @return false when there is no such message any more */
    private boolean hide(Duration time, Delivery delivery) {
        try {
            return delivery.hide(time);
        } catch (StoreUnavailableException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log(
                            "Message {} could not be hidden; it comes back by its visibility time-out",
                            delivery.messageId());
            return true;
        }
    }
}
