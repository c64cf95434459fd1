package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.delivery.Source;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityResponse;
import software.amazon.awssdk.services.sqs.model.MessageNotInflightException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;

/** How SQS refuses to hide a message ("ChangeMessageVisibility", Amazon SQS API Reference). The embedded engine answers otherwise. */
class SqsSourceTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void messageThatIsVisibleAgainIsStillThere() {
        SqsJobQueue queue =
                refusing(MessageNotInflightException.builder().statusCode(400).build());

        assertThat(queue.hide("default", "receipt", MINUTE)).isTrue();
        assertThat(queue.hideDeadLetter("default", "receipt", MINUTE)).isTrue();
    }

    @Test
    void messageWhoseReceiptIsNoLongerValidIsGone() {
        SqsJobQueue queue = refusing(
                ReceiptHandleIsInvalidException.builder().statusCode(400).build());

        assertThat(queue.hide("default", "receipt", MINUTE)).isFalse();
        assertThat(queue.hideDeadLetter("default", "receipt", MINUTE)).isFalse();
    }

    @Test
    void aQueueThatNoPoolHasIsNamed() {
        SqsJobQueue queue = refusing(new IllegalStateException("not called"));

        assertThat(Source.ofJobs(queue, "arn:aws:sqs:x:0:default")).isEqualTo(new Source(queue, "default", false));
        assertThatThrownBy(() -> Source.ofJobs(queue, "arn:aws:sqs:x:0:other"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("arn:aws:sqs:x:0:other");
    }

    private static SqsJobQueue refusing(RuntimeException refusal) {
        return new SqsJobQueue(
                new SqsClient() {
                    @Override
                    public ChangeMessageVisibilityResponse changeMessageVisibility(
                            ChangeMessageVisibilityRequest request) {
                        throw refusal;
                    }

                    @Override
                    public String serviceName() {
                        return SERVICE_NAME;
                    }

                    @Override
                    public void close() {}
                },
                Map.of("default", new PoolQueues("http://q/default", "http://q/default-dlq")));
    }
}
