package dev.longshore.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.aws.QueuePoller;
import dev.longshore.task.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.core.JacksonException;

/**
 * Plays Lambda's event source mapping: takes batches out of one queue, calls the function, deletes what it did
 * not report as failed. By Lambda's rules ("Using Lambda with Amazon SQS", AWS Lambda Developer Guide): a thrown
 * exception, an answer that cannot be read, or one that names a message which was not in the batch fails the whole batch;
 * an empty or missing list of failures means that all went well.
 */
final class Poller implements UnaryOperator<List<Message>> {
    /** How long a receive waits for a message where nothing else is said. */
    static final Duration LONG_POLL = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

    private final String queueUrl;
    private final String name;
    private final RequestStreamHandler function;
    private final Duration functionTimeout;

    private Poller(String queueUrl, RequestStreamHandler function, Duration functionTimeout) {
        this.name = queueUrl.substring(queueUrl.lastIndexOf('/') + 1);
        this.queueUrl = queueUrl;
        this.function = function;
        this.functionTimeout = functionTimeout;
    }

    /** @param maximumConcurrency how many batches are worked on at once */
    static QueuePoller of(
            SqsClient sqs,
            String queueUrl,
            RequestStreamHandler function,
            Duration functionTimeout,
            int batchSize,
            int maximumConcurrency) {
        return of(sqs, queueUrl, function, functionTimeout, batchSize, maximumConcurrency, LONG_POLL);
    }

    /** @param longPoll how long a receive waits for a message */
    static QueuePoller of(
            SqsClient sqs,
            String queueUrl,
            RequestStreamHandler function,
            Duration functionTimeout,
            int batchSize,
            int maximumConcurrency,
            Duration longPoll) {
        return new QueuePoller(
                sqs,
                queueUrl,
                new QueuePoller.Slots(maximumConcurrency, batchSize, longPoll),
                Thread.ofVirtual().factory(),
                new Poller(queueUrl, function, functionTimeout),
                () -> {});
    }

    /** Calls the function with a batch; answers the messages that it did not report as failed. */
    @Override
    public List<Message> apply(List<Message> batch) {
        try {
            byte[] response = LocalInvocation.invoke(function, name, functionTimeout, SqsEvent.of(queueUrl, batch));
            Set<String> failed = failures(response, batch);
            return batch.stream()
                    .filter(message -> !failed.contains(message.messageId()))
                    .toList();
        } catch (IOException | RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .log("The function of queue {} failed; its whole batch of {} is kept", name, batch.size());
            return List.of();
        }
    }

    private record Response(@Nullable List<Failure> batchItemFailures) {}

    private record Failure(@Nullable String itemIdentifier) {}

    static Set<String> failures(byte[] response, List<Message> batch) {
        Set<String> ids = new HashSet<>();
        batch.forEach(message -> ids.add(message.messageId()));
        try {
            Response read = response.length == 0 ? null : Json.mapper().readValue(response, Response.class);
            if (read == null || read.batchItemFailures() == null) {
                return Set.of();
            }
            Set<String> failed = new HashSet<>();
            for (Failure failure : read.batchItemFailures()) {
                if (failure.itemIdentifier() == null || !ids.contains(failure.itemIdentifier())) {
                    LOG.error("The answer names a message that was not in the batch; the whole batch is kept");
                    return ids;
                }
                failed.add(failure.itemIdentifier());
            }
            return failed;
        } catch (JacksonException e) {
            LOG.atError().setCause(e).log("The answer cannot be read; the whole batch is kept");
            return ids;
        }
    }
}
