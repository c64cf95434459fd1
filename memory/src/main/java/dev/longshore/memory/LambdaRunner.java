package dev.longshore.memory;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.task.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Runs a function as Lambda does: an event in, a response out, and a context that says how much of the timeout is left. The
 * time left follows the given clock, so that a test sets it by hand. A worker of your own, from a message to its job's end:
 *
 * <pre>{@code
 * InMemoryEngines memory = InMemoryEngines.create();
 * LambdaRunner worker = new LambdaRunner(new VideoWorker().on(memory.engines()), memory.clock(), Duration.ofMinutes(15));
 * // ... enqueue ...
 * worker.workAll(memory.queue(), "default");                  // a first attempt, which fails, say
 * memory.clock().advance(Duration.ofMinutes(1));
 * worker.workAll(memory.queue(), "default");                  // the retry
 * }</pre>
 *
 * <p>What the function throws reaches the test; as in Lambda, no message of that batch is deleted.
 */
public final class LambdaRunner {
    /** The most messages of a batch without a batching window ("Using Lambda with Amazon SQS", AWS Lambda Developer Guide). */
    private static final int LARGEST_BATCH = 10;

    private final RequestStreamHandler function;
    private final InstantSource clock;
    private final Duration timeout;

    /** @param timeout the function's timeout, which begins anew with each invocation */
    public LambdaRunner(RequestStreamHandler function, InstantSource clock, Duration timeout) {
        this.function = function;
        this.clock = clock;
        this.timeout = timeout;
    }

    /**
     * Invokes the function with an event of any source.
     *
     * @return the response; JSON's null where the function writes none
     * @throws UncheckedIOException when the function throws an {@link IOException}
     * @throws JacksonException when the response is not JSON
     */
    public Json invoke(Json event) {
        String response = respond(event);
        return response.isEmpty() ? new Json("null") : Json.parse(response);
    }

    /**
     * Invokes the function with a batch of messages, and reads its partial batch response: an empty or missing list of failures
     * means that all succeeded; a response that is not JSON, or that names a message which is not in the batch, fails all
     * ("Implementing partial batch responses", AWS Lambda Developer Guide).
     *
     * @return the ids of the messages that failed, which their queue delivers again
     */
    public Set<String> deliver(String queueArn, List<Received> batch) {
        Set<String> all = batch.stream().map(Received::messageId).collect(Collectors.toSet());
        String response = respond(sqsEvent(queueArn, batch));
        try {
            Set<String> failed = new HashSet<>();
            for (JsonNode failure : Json.mapper().readTree(response).path("batchItemFailures")) {
                failed.add(failure.path("itemIdentifier").asString(""));
            }
            return all.containsAll(failed) ? failed : all;
        } catch (JacksonException notJson) {
            return all;
        }
    }

    /**
     * Delivers a pool's visible messages as one batch, and deletes those that succeeded.
     *
     * @param batchSize the most messages of the batch
     * @return how many messages were delivered; 0 when none was visible, and the function was not invoked
     */
    public int work(InMemoryJobQueue queue, String pool, int batchSize) {
        List<Received> batch = queue.receive(pool, batchSize);
        succeeded(queueArn(pool), batch).forEach(message -> queue.delete(pool, message.receipt()));
        return batch.size();
    }

    /** Delivers a pool's visible messages, ten a batch, until none is visible. */
    public void workAll(InMemoryJobQueue queue, String pool) {
        int delivered;
        do {
            delivered = work(queue, pool, LARGEST_BATCH);
        } while (delivered > 0);
    }

    /** Delivers the visible messages of a pool's dead-letter queue, ten at most, and deletes those that succeeded. */
    public void drainDeadLetters(InMemoryJobQueue queue, String pool) {
        succeeded(queueArn(pool + "-dlq"), queue.receiveDeadLetters(pool, LARGEST_BATCH))
                .forEach(letter -> queue.deleteDeadLetter(pool, letter.receipt()));
    }

    private List<Received> succeeded(String queueArn, List<Received> batch) {
        if (batch.isEmpty()) {
            return List.of();
        }
        Set<String> failed = deliver(queueArn, batch);
        return batch.stream()
                .filter(message -> !failed.contains(message.messageId()))
                .toList();
    }

    /** The ARN of a queue in memory; {@link InMemoryJobQueue#poolOf} reads it. */
    private static String queueArn(String name) {
        return "arn:aws:sqs:local:0:" + name;
    }

    /** The event with which Lambda delivers a batch of messages, with the fields that Longshore reads. */
    public static Json sqsEvent(String queueArn, List<Received> batch) {
        return Json.of(Map.of(
                "Records",
                batch.stream()
                        .map(message -> Map.of(
                                "messageId", message.messageId(),
                                "receiptHandle", message.receipt(),
                                "body", message.body(),
                                "attributes",
                                        Map.of("ApproximateReceiveCount", Integer.toString(message.receiveCount())),
                                "eventSource", "aws:sqs",
                                "eventSourceARN", queueArn))
                        .toList()));
    }

    private String respond(Json event) {
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        try {
            function.handleRequest(new ByteArrayInputStream(event.utf8()), response, context());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return response.toString(StandardCharsets.UTF_8);
    }

    private Context context() {
        Instant end = clock.instant().plus(timeout);
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getRemainingTimeInMillis")) {
                        return Math.toIntExact(Math.max(
                                0, Duration.between(clock.instant(), end).toMillis()));
                    }
                    throw new UnsupportedOperationException("LambdaRunner's context has no " + method.getName());
                });
    }
}
