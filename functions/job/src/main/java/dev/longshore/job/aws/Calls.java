package dev.longshore.job.aws;

import dev.longshore.job.StoreUnavailableException;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Makes calls of AWS's services, and converts their failures. */
final class Calls {
    private Calls() {}

    /**
     * Makes a call.
     *
     * <p>A failed condition is thrown as DynamoDB's own exception, which callers handle. Other refusals, including those
     * with a status of 400 to 499, are failures like an outage: an operator restores a lost permission or a deleted queue,
     * and until then no job may be lost.
     *
     * @throws StoreUnavailableException when there was no answer, or a refusal, after the SDK's own retries
     */
    static <T> T make(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (ConditionalCheckFailedException | TransactionCanceledException answer) {
            throw answer;
        } catch (SdkClientException e) {
            throw new StoreUnavailableException(what + " got no answer", e);
        } catch (AwsServiceException e) {
            throw new StoreUnavailableException(
                    what + " was refused with status " + e.statusCode() + " (" + code(e) + ")", e);
        }
    }

    private static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null
                ? "no error code"
                : e.awsErrorDetails().errorCode();
    }
}
