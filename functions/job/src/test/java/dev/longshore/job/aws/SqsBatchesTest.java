package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobQueue.Outgoing;
import dev.longshore.job.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Batches as SQS takes them: ten at most, in part now and then. The embedded engine takes all or none. */
class SqsBatchesTest {
    private final List<SendMessageBatchRequest> requests = new ArrayList<>();
    private Function<SendMessageBatchRequestEntry, Boolean> refused = entry -> false;

    private final SqsJobQueue queue = new SqsJobQueue(
            new SqsClient() {
                @Override
                public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
                    requests.add(request);
                    return SendMessageBatchResponse.builder()
                            .successful(List.of())
                            .failed(request.entries().stream()
                                    .filter(refused::apply)
                                    .map(entry -> BatchResultErrorEntry.builder()
                                            .id(entry.id())
                                            .senderFault(false)
                                            .build())
                                    .toList())
                            .build();
                }

                @Override
                public String serviceName() {
                    return "sqs";
                }

                @Override
                public void close() {}
            },
            Map.of("default", new PoolQueues("http://q/default", "http://q/default-dlq")));

    @Test
    void whatABatchLeavesOutIsSentAgainAndOnlyThat() {
        refused = entry -> requests.size() == 1 && entry.id().equals("3");

        assertThat(queue.sendAll("default", messages(10))).isEmpty();

        assertThat(requests).hasSize(2);
        assertThat(requests.getLast().entries())
                .extracting(SendMessageBatchRequestEntry::id)
                .containsExactly("3");
        assertThat(requests.getLast().entries().getFirst().messageBody())
                .isEqualTo(requests.getFirst().entries().get(3).messageBody());
    }

    @Test
    void whatIsLeftOutThreeTimesIsNamedByItsPlaceAmongAll() {
        refused = entry -> entry.id().equals("13");

        assertThat(queue.sendAll("default", messages(25))).containsExactly(13);

        assertThat(requests).hasSize(3 + 2);
    }

    @Test
    void eachMessageOfABatchCarriesItsFairKeyAndItsDelay() {
        List<Outgoing> outgoing = List.of(
                new Outgoing(message(0), Duration.ZERO, "acme"),
                new Outgoing(message(1), Duration.ofSeconds(90), null),
                new Outgoing(message(2), Duration.ofMillis(1_200), "umbrella"));

        queue.sendAll("default", outgoing);

        List<SendMessageBatchRequestEntry> entries = requests.getFirst().entries();
        assertThat(entries)
                .extracting(SendMessageBatchRequestEntry::messageGroupId)
                .containsExactly("acme", null, "umbrella");
        assertThat(entries)
                .extracting(SendMessageBatchRequestEntry::delaySeconds)
                .containsExactly(null, 90, 2);
    }

    @Test
    void aRefusalOfTheWholeBatchIsAFailureThatCanBeHandled() {
        SqsJobQueue denied = new SqsJobQueue(
                new SqsClient() {
                    @Override
                    public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
                        throw SqsException.builder()
                                .statusCode(403)
                                .awsErrorDetails(AwsErrorDetails.builder()
                                        .errorCode("AccessDenied")
                                        .build())
                                .build();
                    }

                    @Override
                    public String serviceName() {
                        return "sqs";
                    }

                    @Override
                    public void close() {}
                },
                Map.of("default", new PoolQueues("http://q/default", "http://q/default-dlq")));

        assertThatThrownBy(() -> denied.sendAll("default", messages(1)))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("403")
                .hasMessageContaining("AccessDenied");
    }

    private static List<Outgoing> messages(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Outgoing(message(i), Duration.ZERO, null))
                .toList();
    }

    private static JobMessage message(int number) {
        return new JobMessage(
                JobMessage.FORMAT, JobId.of(1_770_000_000_000L, number, number).text(), "t");
    }
}
