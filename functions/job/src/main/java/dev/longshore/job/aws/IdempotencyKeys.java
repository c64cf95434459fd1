package dev.longshore.job.aws;

import dev.longshore.job.JobId;
import dev.longshore.job.Sha256;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** The items that hold idempotency keys: which job was created under a key. */
final class IdempotencyKeys {
    private static final String SORT = "key";
    private static final String JOB = "id";

    private IdempotencyKeys() {}

    static Map<String, AttributeValue> key(String key) {
        return Items.key("key#" + Sha256.hex(key), SORT);
    }

    /**
     * Takes the key, unless another job holds it and the key has not expired; DynamoDB may delete expired items days late.
     *
     * @param purged a job that holds the key and was purged, or no longer has a row; null for none
     */
    static Put put(String table, String key, JobId id, Instant now, Instant expires, @Nullable JobId purged) {
        Map<String, AttributeValue> item = new HashMap<>(key(key));
        item.put(JOB, AttributeValue.fromS(id.text()));
        item.put(JobTable.TIME_TO_LIVE, AttributeValue.fromN(Long.toString(expires.getEpochSecond())));
        return Put.builder()
                .tableName(table)
                .item(item)
                .conditionExpression(
                        "attribute_not_exists(" + JobTable.PARTITION_KEY + ") OR #ttl < :now OR " + JOB + " = :purged")
                .expressionAttributeNames(Map.of("#ttl", JobTable.TIME_TO_LIVE))
                .expressionAttributeValues(Map.of(
                        ":now", AttributeValue.fromN(Long.toString(now.getEpochSecond())),
                        ":purged", AttributeValue.fromS(purged == null ? "" : purged.text())))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }

    /** Frees the key, if this job holds it. */
    static DeleteItemRequest delete(String table, String key, JobId holder) {
        return DeleteItemRequest.builder()
                .tableName(table)
                .key(key(key))
                .conditionExpression(JOB + " = :holder")
                .expressionAttributeValues(Map.of(":holder", AttributeValue.fromS(holder.text())))
                .build();
    }

    static JobId jobOf(Map<String, AttributeValue> item) {
        return new JobId(Items.text(item, JOB));
    }
}
