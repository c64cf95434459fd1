package dev.longshore.job.delivery;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.task.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/**
 * A batch of messages from Lambda's event source mapping for SQS, and the partial batch response to it ("Implementing
 * partial batch responses", AWS Lambda Developer Guide). Each message is processed on a thread of its own.
 *
 * <p>Every message counts as failed until its verdict is DELETE. So whatever is thrown for one message, an Error included, fails that
 * one alone, and a message is deleted only when its verdict says so.
 */
public final class DeliveryBatch {
    private final List<Delivery> deliveries;

    private DeliveryBatch(List<Delivery> deliveries) {
        this.deliveries = deliveries;
    }

    private record Event(@JsonProperty("Records") List<Entry> records) {}

    private record Entry(
            String messageId,
            String receiptHandle,
            String body,
            Map<String, String> attributes,
            String eventSourceARN) {

        Delivery delivery(Function<String, Source> sources) {
            int receives = Integer.parseInt(attributes.getOrDefault("ApproximateReceiveCount", "1"));
            return new Delivery(sources.apply(eventSourceARN), messageId, receiptHandle, body, receives);
        }
    }

    private record Response(List<Failure> batchItemFailures) {}

    private record Failure(String itemIdentifier) {}

    /**
     * Reads the event. What cannot be read fails the invocation, and so the whole batch.
     *
     * @param sources finds a queue by its ARN
     */
    public static DeliveryBatch read(InputStream event, Function<String, Source> sources) {
        Event read = Json.mapper().readValue(event, Event.class);
        return new DeliveryBatch(
                read.records().stream().map(entry -> entry.delivery(sources)).toList());
    }

    /**
     * Processes every message and writes the response.
     *
     * @param threads makes the thread of each message
     */
    public void process(ThreadFactory threads, Function<Delivery, Delivery.Verdict> work, OutputStream response)
            throws IOException {
        Set<String> failed = ConcurrentHashMap.newKeySet();
        deliveries.forEach(delivery -> failed.add(delivery.messageId()));
        try (ExecutorService executor = Executors.newThreadPerTaskExecutor(threads)) {
            for (Delivery delivery : deliveries) {
                executor.execute(() -> {
                    if (delivery.verdictOf(work) == Delivery.Verdict.DELETE) {
                        failed.remove(delivery.messageId());
                    }
                });
            }
        }
        List<Failure> failures = deliveries.stream()
                .map(Delivery::messageId)
                .filter(failed::contains)
                .map(Failure::new)
                .toList();
        response.write(Json.of(new Response(failures)).utf8());
    }
}
