package dev.longshore.local;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.job.aws.QueuePoller;
import dev.longshore.task.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.sqs.model.Message;

/** A batch of messages as Lambda's event source mapping hands it to a function ("Using Lambda with Amazon SQS"). */
public final class SqsEvent {
    private SqsEvent() {}

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

    /**
     * The event, as JSON.
     *
     * @param batch received from this queue with all their system attributes
     */
    public static byte[] of(String queueUrl, List<Message> batch) {
        String queueArn = QueuePoller.arn(queueUrl);
        return Json.of(new Event(
                        batch.stream().map(message -> entry(queueArn, message)).toList()))
                .utf8();
    }

    private static Entry entry(String queueArn, Message message) {
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
}
