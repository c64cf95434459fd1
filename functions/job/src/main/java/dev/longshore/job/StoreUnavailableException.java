package dev.longshore.job;

/** An engine did not answer after all retries. What was asked of it may have happened or not; asking again is safe. */
public final class StoreUnavailableException extends RuntimeException {
    public StoreUnavailableException(String what, Throwable cause) {
        super(what, cause);
    }
}
