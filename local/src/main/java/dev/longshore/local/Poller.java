package dev.longshore.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.task.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import tools.jackson.core.JacksonException;

/**
 * Stands in for Lambda's event source mapping: takes batches out of one queue, calls the function, deletes what it did
 * not report as failed. By Lambda's rules ("Using Lambda with Amazon SQS", AWS Lambda Developer Guide): a thrown
 * exception, an answer that cannot be read, or one that names a message which was not in the batch fails the whole batch;
 * an empty or missing list of failures means that all went well.
 */
final class Poller implements AutoCloseable {
    private static final int LONG_POLL_SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

    private final SqsClient sqs;
    private final String queueUrl;
    private final String queueArn;
    private final String name;
    private final RequestStreamHandler function;
    private final Duration functionTimeout;
    private final int batchSize;
    private final int maximumConcurrency;
    private final Semaphore concurrency;
    private final ExecutorService invocations = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread thread;
    private volatile boolean stopping;

    /** @param maximumConcurrency how many batches are worked on at once */
    Poller(
            SqsClient sqs,
            String queueUrl,
            RequestStreamHandler function,
            Duration functionTimeout,
            int batchSize,
            int maximumConcurrency) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
        this.name = queueUrl.substring(queueUrl.lastIndexOf('/') + 1);
        this.queueArn = "arn:aws:sqs:local:000000000000:" + name;
        this.function = function;
        this.functionTimeout = functionTimeout;
        this.batchSize = batchSize;
        this.maximumConcurrency = maximumConcurrency;
        this.concurrency = new Semaphore(maximumConcurrency);
        this.thread = Thread.ofPlatform().name("poll-" + name).unstarted(this::poll);
    }

    void start() {
        thread.start();
    }

    private void poll() {
        while (!stopping) {
            try {
                concurrency.acquire();
                List<Message> batch = receive();
                if (batch.isEmpty()) {
                    concurrency.release();
                } else {
                    invocations.execute(() -> {
                        try {
                            invoke(batch);
                        } finally {
                            concurrency.release();
                        }
                    });
                }
            } catch (InterruptedException e) {
                return; // close() wants this thread to end
            } catch (SdkException e) {
                concurrency.release();
                if (!stopping) {
                    LOG.atWarn().setCause(e).log("Queue {} was not read; trying again", name);
                }
            }
        }
    }

    private List<Message> receive() {
        return sqs.receiveMessage(receive -> receive.queueUrl(queueUrl)
                        .maxNumberOfMessages(batchSize)
                        .waitTimeSeconds(LONG_POLL_SECONDS)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    private void invoke(List<Message> batch) {
        Set<String> failed;
        try {
            byte[] response = LocalInvocation.invoke(function, name, functionTimeout, event(batch));
            failed = failures(response, batch);
        } catch (IOException | RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .log("The function of queue {} failed; its whole batch of {} is kept", name, batch.size());
            return;
        }
        List<DeleteMessageBatchRequestEntry> done = batch.stream()
                .filter(message -> !failed.contains(message.messageId()))
                .map(message -> DeleteMessageBatchRequestEntry.builder()
                        .id(message.messageId())
                        .receiptHandle(message.receiptHandle())
                        .build())
                .toList();
        if (!done.isEmpty()) {
            sqs.deleteMessageBatch(delete -> delete.queueUrl(queueUrl).entries(done));
        }
    }

    private record Event(@JsonProperty("Records") List<Entry> records) {}

    private record Entry(
            String messageId,
            String receiptHandle,
            String body,
            Map<String, String> attributes,
            Map<String, Object> messageAttributes,
            String eventSource,
            String eventSourceARN,
            String awsRegion) {}

    private byte[] event(List<Message> batch) {
        return Json.of(new Event(batch.stream().map(this::entry).toList())).utf8();
    }

    private Entry entry(Message message) {
        Map<String, String> attributes = new TreeMap<>();
        message.attributes().forEach((attribute, value) -> attributes.put(attribute.toString(), value));
        return new Entry(
                message.messageId(),
                message.receiptHandle(),
                message.body(),
                attributes,
                Map.of(),
                "aws:sqs",
                queueArn,
                "local");
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

    /** Takes no further messages. */
    void stop() {
        stopping = true;
        thread.interrupt();
    }

    /** Waits for what runs; after {@code patience} it is interrupted, and gives its jobs back. */
    void drain(Duration patience) throws InterruptedException {
        if (!concurrency.tryAcquire(maximumConcurrency, patience.toMillis(), TimeUnit.MILLISECONDS)) {
            invocations.shutdownNow();
        }
    }

    @Override
    public void close() {
        stop();
        invocations.shutdownNow();
        invocations.close();
    }
}
