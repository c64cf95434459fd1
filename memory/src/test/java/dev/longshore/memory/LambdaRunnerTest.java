package dev.longshore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.task.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LambdaRunnerTest {
    private static final String POOL = "default";
    private static final List<Received> BATCH =
            List.of(new Received("a", "receipt-a", "{}", 1, null), new Received("b", "receipt-b", "{}", 3, null));

    private final SettableClock clock = SettableClock.atNoon();
    private final InMemoryJobQueue queue = new InMemoryJobQueue(clock);
    private final List<String> events = new ArrayList<>();

    @Test
    void messagesThatTheResponseNamesFail() {
        assertThat(failuresOf("{\"batchItemFailures\":[{\"itemIdentifier\":\"b\"}]}"))
                .containsExactly("b");
    }

    @Test
    void emptyAndMissingListsMeanThatAllSucceeded() {
        for (String response :
                List.of("", "null", "{}", "{\"batchItemFailures\":null}", "{\"batchItemFailures\":[]}")) {
            assertThat(failuresOf(response)).as(response).isEmpty();
        }
    }

    @Test
    void responseThatLambdaCannotUseFailsTheWholeBatch() {
        for (String response : List.of(
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"c\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
                "{\"batchItemFailures\":[{}]}",
                "{\"batchItemFailures\":")) {
            assertThat(failuresOf(response)).as(response).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void eventHasTheMessagesWithTheirReceiveCountsAndTheirQueue() {
        failuresOf("");

        assertThat(events).hasSize(1);
        assertThat(Json.parse(events.getFirst()).tree().at("/Records/1"))
                .isEqualTo(Json.parse("""
                    {"messageId": "b", "receiptHandle": "receipt-b", "body": "{}", "eventSource": "aws:sqs",
                     "eventSourceARN": "arn:aws:sqs:eu-west-1:1:q", "attributes": {"ApproximateReceiveCount": "3"}}\
                    """).tree());
    }

    @Test
    void timeLeftFollowsTheClockAndBeginsAnewWithEachInvocation() {
        LambdaRunner runner = runner((in, out, context) -> {
            clock.advance(Duration.ofSeconds(40));
            out.write(Integer.toString(context.getRemainingTimeInMillis()).getBytes(StandardCharsets.UTF_8));
            clock.advance(Duration.ofSeconds(40));
            assertThat(context.getRemainingTimeInMillis()).isZero();
        });

        assertThat(runner.invoke(new Json("{}"))).isEqualTo(new Json("20000"));
        assertThat(runner.invoke(new Json("{}"))).isEqualTo(new Json("20000"));
    }

    @Test
    void messagesThatSucceededAreDeletedAndOthersComeAgain() {
        queue.sendRaw(POOL, "good");
        queue.sendRaw(POOL, "bad");
        LambdaRunner runner = runner((in, out, context) -> {
            for (var message : Json.mapper().readTree(in).get("Records")) {
                events.add(message.get("body").asString());
                if (message.get("body").asString().equals("bad")) {
                    out.write(("{\"batchItemFailures\":[{\"itemIdentifier\":" + message.get("messageId") + "}]}")
                            .getBytes(StandardCharsets.UTF_8));
                }
            }
        });

        runner.workAll(queue, POOL);
        assertThat(queue.bodies(POOL)).containsExactly("bad");
        clock.advance(Duration.ofMinutes(1));
        runner.workAll(queue, POOL);

        assertThat(events).containsExactly("good", "bad", "bad");
    }

    @Test
    void deadLettersAreDrained() {
        queue.sendToDeadLetters(POOL, "lost");

        runner(answering("")).drainDeadLetters(queue, POOL);

        assertThat(queue.deadLetters(POOL)).isEmpty();
        assertThat(events.getFirst()).contains("arn:aws:sqs:local:0:default-dlq");
    }

    @Test
    void functionThatThrowsKeepsItsMessages() {
        queue.sendRaw(POOL, "good");

        assertThatIllegalStateException()
                .isThrownBy(() -> runner((in, out, context) -> {
                            throw new IllegalStateException("out of order");
                        })
                        .workAll(queue, POOL));
        assertThat(queue.bodies(POOL)).hasSize(1);
    }

    private Set<String> failuresOf(String response) {
        return runner(answering(response)).deliver("arn:aws:sqs:eu-west-1:1:q", BATCH);
    }

    private RequestStreamHandler answering(String response) {
        return (in, out, context) -> {
            events.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            out.write(response.getBytes(StandardCharsets.UTF_8));
        };
    }

    private LambdaRunner runner(RequestStreamHandler function) {
        return new LambdaRunner(function, clock, Duration.ofMinutes(1));
    }
}
