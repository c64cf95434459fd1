package dev.longshore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobQueue;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.delivery.Delivery;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.delivery.DeliveryBatch;
import dev.longshore.job.delivery.Source;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The batch response to Lambda: a message is done when its work says so, and in no other case. */
class DeliveryBatchTest {
    private static final JobQueue QUEUE = new InMemoryJobQueue(SettableClock.atNoonToday());

    @Test
    void whatIsDoneIsNotNamedAndWhatIsKeptIs() throws IOException {
        assertThat(process(delivery -> delivery.messageId().equals("b") ? Verdict.RETRY : Verdict.DELETE))
                .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"b\"}]}");
    }

    @Test
    void aBatchThatIsDoneIsAnEmptyList() throws IOException {
        assertThat(process(delivery -> Verdict.DELETE)).isEqualTo("{\"batchItemFailures\":[]}");
    }

    @Test
    void whateverIsThrownForAMessageKeepsThatOneAlone() throws IOException {
        List<Throwable> thrown = List.of(
                new IllegalStateException("x"),
                new StackOverflowError(),
                new StoreUnavailableException("x", new IOException("x")),
                new AssertionError("x"));
        for (Throwable one : thrown) {
            assertThat(process(delivery -> {
                        if (delivery.messageId().equals("a")) {
                            DeliveryBatchTest.<RuntimeException>sneak(one);
                        }
                        return Verdict.DELETE;
                    }))
                    .as(one.toString())
                    .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"a\"}]}");
        }
    }

    @Test
    void theMessagesOfABatchAreWorkedOnSideBySide() throws IOException {
        CyclicBarrier together = new CyclicBarrier(3);

        assertThat(process(delivery -> {
                    try {
                        together.await(); // would wait for ever if one came after the other
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    return Verdict.DELETE;
                }))
                .isEqualTo("{\"batchItemFailures\":[]}");
    }

    @Test
    void aDeliveryHasWhatTheEventSays() throws IOException {
        Map<String, Delivery> seen = new ConcurrentHashMap<>();

        process(delivery -> {
            seen.put(delivery.messageId(), delivery);
            return Verdict.DELETE;
        });

        assertThat(seen.get("b")).isEqualTo(new Delivery(new Source(QUEUE, "q", false), "b", "r-b", "body of b", 2));
    }

    @Test
    void aMessageIsHiddenInTheQueueThatItComesFrom() {
        InMemoryJobQueue queue = new InMemoryJobQueue(SettableClock.atNoonToday());
        queue.sendToDeadLetters("q", "a body");
        String receipt = queue.receiveDeadLetters("q", 1).getFirst().receipt();

        assertThat(of(Source.ofDeadLetters(queue, "arn:aws:sqs:x:0:q-dlq"), receipt)
                        .hide(Duration.ZERO))
                .isTrue();
        assertThat(of(Source.ofJobs(queue, "arn:aws:sqs:x:0:q"), receipt).hide(Duration.ZERO))
                .isFalse();
        assertThat(queue.receiveDeadLetters("q", 1)).hasSize(1);
    }

    @Test
    void aCopyGoesToTheDeadLettersOfItsPool() {
        InMemoryJobQueue queue = new InMemoryJobQueue(SettableClock.atNoonToday());

        of(Source.ofJobs(queue, "arn:aws:sqs:x:0:q"), "r").toDeadLetters();

        assertThat(queue.receiveDeadLetters("q", 1))
                .singleElement()
                .matches(letter -> letter.body().equals("a body"));
    }

    private static Delivery of(Source source, String receipt) {
        return new Delivery(source, "id", receipt, "a body", 1);
    }

    @Test
    void anEventThatCannotBeReadFailsTheWholeInvocation() {
        for (String event : List.of("", "{\"Records\":", "[]", "{\"Records\":[{\"messageId\":[]}]}")) {
            assertThatThrownBy(() -> DeliveryBatch.read(stream(event), arn -> Source.ofJobs(QUEUE, arn)))
                    .as(event)
                    .isInstanceOf(RuntimeException.class);
        }
    }

    private static String process(Function<Delivery, Verdict> work) throws IOException {
        List<String> records = new ArrayList<>();
        for (String id : List.of("a", "b", "c")) {
            records.add("""
                {"messageId": "%1$s", "receiptHandle": "r-%1$s", "body": "body of %1$s",
                 "attributes": {"ApproximateReceiveCount": "2"}, "messageAttributes": {}, "awsRegion": "x",
                 "eventSourceARN": "arn:aws:sqs:x:0:q"}\
                """.formatted(id));
        }
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        DeliveryBatch.read(
                        stream("{\"Records\":[" + String.join(",", records) + "]}"), arn -> Source.ofJobs(QUEUE, arn))
                .process(Thread.ofVirtual().factory(), work, response);
        return response.toString(StandardCharsets.UTF_8);
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // throws what it is given, checked or not
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
