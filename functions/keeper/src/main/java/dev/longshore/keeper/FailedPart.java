package dev.longshore.keeper;

import dev.longshore.job.LoggedMetric;
import dev.longshore.job.Redacted;
import dev.longshore.job.StoreUnavailableException;
import org.slf4j.Logger;

/** A part of a tick that failed and is left to the next tick, while the dispatcher continues with the other parts. */
final class FailedPart {
    private FailedPart() {}

    /**
     * Counts it, and logs it: as a warning when a call of DynamoDB, SQS or S3 failed, which is usually temporary, and as an
     * error otherwise.
     *
     * @param message as the logger takes it
     */
    static void leave(Logger log, RuntimeException failure, String message, Object... arguments) {
        LoggedMetric.FAILED_PARTS.count();
        if (failure instanceof StoreUnavailableException) {
            log.atWarn().setCause(failure).log(message, arguments);
        } else {
            log.atError().setCause(Redacted.of(failure)).log(message, arguments);
        }
    }
}
