package dev.longshore.job.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.delivery.Delivery.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What Lambda is told of a batch: a message is done when its work says so, and in no other case. */
class DeliveryBatchTest {
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
    void aDeliveryIsToldAsTheEventTellsIt() throws IOException {
        Map<String, Delivery> seen = new ConcurrentHashMap<>();

        process(delivery -> {
            seen.put(delivery.messageId(), delivery);
            return Verdict.DELETE;
        });

        assertThat(seen.get("b")).isEqualTo(new Delivery("b", "r-b", "body of b", 2, "arn:aws:sqs:x:0:q"));
    }

    @Test
    void anEventThatCannotBeReadFailsTheWholeInvocation() {
        for (String event : List.of("", "{\"Records\":", "[]", "{\"Records\":[{\"messageId\":[]}]}")) {
            assertThatThrownBy(() -> DeliveryBatch.read(stream(event)))
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
                     "eventSourceARN": "arn:aws:sqs:x:0:q"}""".formatted(id));
        }
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        DeliveryBatch.read(stream("{\"Records\":[" + String.join(",", records) + "]}"))
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
