package dev.longshore.job.aws;

import dev.longshore.job.Field;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** What needs attention, in the attention index: under a key for each kind and shard, by time. It lags behind the items. */
final class AttentionIndex {
    private AttentionIndex() {}

    /** A query for the entries under a key up to a time, inclusive. */
    static QueryRequest.Builder until(String table, String key, Instant until) {
        return between(table, key, Instant.EPOCH, until);
    }

    /** A query for the entries under a key from one time to another, both inclusive. */
    static QueryRequest.Builder between(String table, String key, Instant from, Instant until) {
        Expression expression = new Expression();
        String part = expression.name(Field.INDEX) + " = " + expression.value(key) + " AND "
                + expression.name(Field.INDEX_AT) + " BETWEEN " + expression.value(from.toEpochMilli()) + " AND "
                + expression.value(until.toEpochMilli());
        return QueryRequest.builder()
                .tableName(table)
                .indexName(JobTable.ATTENTION_INDEX)
                .keyConditionExpression(part)
                .expressionAttributeNames(expression.names())
                .expressionAttributeValues(expression.values());
    }

    /** Adds an item under a key of the index, at a time. */
    static void place(Map<String, AttributeValue> item, String key, Instant at) {
        item.put(Field.INDEX.attribute(), AttributeValue.fromS(key));
        item.put(Field.INDEX_AT.attribute(), Items.value(at.toEpochMilli()));
    }
}
