package dev.longshore.job.aws;

import dev.longshore.job.StoreUnavailableException;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Tells calls that an engine did not answer from calls that it refused. */
final class Calls {
    private Calls() {}

    /**
     * Makes a call.
     *
     * @throws StoreUnavailableException when the engine could not be reached, was overloaded or failed, after the SDK's
     *     own retries; other refusals come out as they are, since they are mistakes of ours
     */
    static <T> T make(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkClientException e) {
            throw new StoreUnavailableException(what + " got no answer", e);
        } catch (AwsServiceException e) {
            if (e.isThrottlingException() || e.isRetryableException() || e.statusCode() >= 500) {
                throw new StoreUnavailableException(what + " was turned away with status " + e.statusCode(), e);
            }
            throw e;
        }
    }
}
