package dev.longshore.job.delivery;

import dev.longshore.job.JobQueue;
import dev.longshore.job.LoggedMetric;
import dev.longshore.job.Redacted;
import dev.longshore.job.StoreUnavailableException;
import java.time.Duration;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One message as its queue delivers it, by Lambda or to a process that polls.
 *
 * @param messageId by which the batch response names it
 * @param receipt by which its visibility is changed
 * @param receiveCount how often it was received, this time included
 */
public record Delivery(Source source, String messageId, String receipt, String body, int receiveCount) {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    /** What becomes of a message. */
    public enum Verdict {
        /** Its outcome is durable: delete it. */
        DELETE,
        /** It is needed again: leave it, it comes back when its visibility time-out is over. */
        RETRY
    }

    /**
     * What {@code work} decides; RETRY when it throws anything, an Error included: that fails this message alone, and is counted
     * as {@link LoggedMetric#FAILED_MESSAGES}.
     */
    public Verdict verdictOf(Function<Delivery, Verdict> work) {
        try {
            return work.apply(this);
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("Message {} is received again: {}", messageId, e.getMessage());
        } catch (Throwable e) {
            LOG.atError()
                    .setCause(Redacted.of(e))
                    .log("Message {} is received again: its processing failed", messageId);
        }
        LoggedMetric.FAILED_MESSAGES.count();
        return Verdict.RETRY;
    }

    /** The pool whose queue it comes from. */
    public String pool() {
        return source.pool();
    }

    /**
     * Hides the message for so long from now, as {@link JobQueue#hide}.
     *
     * @return false when there is no message under this receipt any more
     */
    public boolean hide(Duration time) {
        return source.deadLetters()
                ? source.queue().hideDeadLetter(pool(), receipt, time)
                : source.queue().hide(pool(), receipt, time);
    }

    /** Puts a copy into its pool's dead-letter queue. */
    public void toDeadLetters() {
        source.queue().sendToDeadLetters(pool(), body);
    }
}
