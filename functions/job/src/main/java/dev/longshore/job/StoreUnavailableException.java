package dev.longshore.job;

/**
 * A call of DynamoDB, SQS or S3 failed: no answer after all retries, or a refusal (throttled, access denied, no such queue).
 * Without an answer, what was asked may have happened or not; asking again is safe.
 */
public class StoreUnavailableException extends RuntimeException {
    public StoreUnavailableException(String what, Throwable cause) {
        super(what, cause);
    }
}
