package dev.longshore.job;

/**
 * One message as Lambda hands it over.
 *
 * @param messageId by which the batch response names it
 * @param receipt by which its visibility is changed
 * @param receiveCount how often it was received, this time included
 * @param queueArn where it comes from
 */
public record Delivery(String messageId, String receipt, String body, int receiveCount, String queueArn) {

    /** What Lambda shall do with a message. */
    public enum Verdict {
        /** Its outcome is durable: delete it. */
        DONE,
        /** It is needed again: leave it, it comes back when its visibility time-out is over. */
        KEEP
    }
}
