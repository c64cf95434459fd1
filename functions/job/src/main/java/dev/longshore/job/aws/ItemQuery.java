package dev.longshore.job.aws;

import dev.longshore.job.Condition;
import dev.longshore.job.Field;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** A query for items of one partition, in the order of their sort keys, or for entries of the attention index, by time. */
final class ItemQuery {
    private final QueryRequest.Builder request = QueryRequest.builder();
    private final Expression expression = new Expression();
    private String range;

    private ItemQuery(String keyAttribute, String key) {
        range = expression.equal(keyAttribute, key);
    }

    /** All items of a partition, read consistently. */
    static ItemQuery of(String partition) {
        ItemQuery query = new ItemQuery(JobTable.PARTITION_KEY, partition);
        query.request.consistentRead(true);
        return query;
    }

    /** The entries of the attention index under a key, up to a time, inclusive. */
    static ItemQuery ofIndex(String key, Instant until) {
        return ofIndex(key, Instant.EPOCH, until);
    }

    /** The entries of the attention index under a key, from one time to another, both inclusive. The index lags behind the items. */
    static ItemQuery ofIndex(String key, Instant from, Instant until) {
        ItemQuery query = new ItemQuery(Field.INDEX.attribute(), key);
        query.request.indexName(JobTable.ATTENTION_INDEX);
        return query.between(Field.INDEX_AT.attribute(), from, until);
    }

    /** Only items from one sort key to another, both inclusive. */
    ItemQuery between(String lowest, String highest) {
        return between(JobTable.SORT_KEY, lowest, highest);
    }

    private ItemQuery between(String attribute, Object lowest, Object highest) {
        range += " AND " + expression.name(attribute) + " BETWEEN " + expression.value(lowest) + " AND "
                + expression.value(highest);
        return this;
    }

    /** Only items after a sort key; from the first one on when it is null. */
    ItemQuery after(@Nullable String sort) {
        if (sort != null) {
            range += " AND " + expression.name(JobTable.SORT_KEY) + " > " + expression.value(sort);
        }
        return this;
    }

    /** Continues after the last key of a page; from the first item on when it is null. */
    ItemQuery startAfter(@Nullable Item last) {
        request.exclusiveStartKey(last == null ? null : last.attributes());
        return this;
    }

    /** Only items that satisfy a condition. The others are read and paid for, and count for the {@link #limit}. */
    ItemQuery filter(Condition condition) {
        request.filterExpression(expression.condition(condition));
        return this;
    }

    /** Only the sort key and these fields of each item. */
    ItemQuery project(List<Field> fields) {
        request.projectionExpression(expression.name(JobTable.SORT_KEY) + ", "
                + fields.stream().map(expression::name).collect(Collectors.joining(", ")));
        return this;
    }

    /** A page of at most so many items; without this, of at most 1 MB ("Query", Amazon DynamoDB API Reference). */
    ItemQuery limit(int items) {
        request.limit(items);
        return this;
    }

    ItemQuery backward() {
        request.scanIndexForward(false);
        return this;
    }

    /** Half the read units, for readers that need not see the latest writes. */
    ItemQuery eventuallyConsistent() {
        request.consistentRead(null);
        return this;
    }

    QueryRequest request(String table) {
        return request.tableName(table)
                .keyConditionExpression(range)
                .expressionAttributeNames(expression.names())
                .expressionAttributeValues(expression.values())
                .build();
    }
}
