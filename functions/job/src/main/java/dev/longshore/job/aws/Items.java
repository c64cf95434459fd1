package dev.longshore.job.aws;

import dev.longshore.job.DayShards;
import dev.longshore.job.Field;
import dev.longshore.job.JobId;
import dev.longshore.job.Redacted;
import dev.longshore.job.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Rows as DynamoDB items, and back. */
final class Items {
    private static final Logger LOG = LoggerFactory.getLogger(Items.class);

    private Items() {}

    static Map<String, AttributeValue> key(String partition, String sort) {
        return Map.of(
                JobTable.PARTITION_KEY, AttributeValue.fromS(partition),
                JobTable.SORT_KEY, AttributeValue.fromS(sort));
    }

    static Map<String, AttributeValue> key(DayShards shards, JobId id) {
        return key(shards.partition(id), id.text());
    }

    static Map<String, AttributeValue> item(DayShards shards, JobId id, Row row) {
        Map<String, AttributeValue> item = new HashMap<>(key(shards, id));
        row.values().forEach((field, value) -> item.put(field.attribute(), value(value)));
        return item;
    }

    static Row row(Map<String, AttributeValue> item) {
        Row row = new Row();
        item.forEach((name, value) -> Field.named(name).ifPresent(field -> row.put(field, plain(field, value))));
        return row;
    }

    /**
     * The items that can be read. One that newer or broken code has written is left out and named in the log.
     *
     * @param read decodes an item, and makes no call: a call that fails is no item that cannot be read
     */
    static <T> List<T> readable(
            List<Map<String, AttributeValue>> items, Function<Map<String, AttributeValue>, T> read) {
        List<T> values = new ArrayList<>();
        for (Map<String, AttributeValue> item : items) {
            try {
                values.add(read.apply(item));
            } catch (RuntimeException e) {
                LOG.atError()
                        .setCause(Redacted.of(e))
                        .log(
                                "The item {} of partition {} cannot be read and is left out",
                                name(item, JobTable.SORT_KEY),
                                name(item, JobTable.PARTITION_KEY));
            }
        }
        return values;
    }

    /** For the log: a query may have projected a part of the key, or none. */
    private static String name(Map<String, AttributeValue> item, String attribute) {
        AttributeValue value = item.get(attribute);
        return value == null || value.s() == null ? "(not read)" : value.s();
    }

    static JobId id(Map<String, AttributeValue> item) {
        return new JobId(text(item, JobTable.SORT_KEY));
    }

    /** Where the next page starts; null at the end. */
    static @Nullable Map<String, AttributeValue> next(QueryResponse page) {
        return page.hasLastEvaluatedKey() && !page.lastEvaluatedKey().isEmpty() ? page.lastEvaluatedKey() : null;
    }

    static String text(Map<String, AttributeValue> item, String attribute) {
        return attribute(item, attribute).s();
    }

    static long number(Map<String, AttributeValue> item, String attribute) {
        return Long.parseLong(attribute(item, attribute).n());
    }

    static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("An item of the table has no attribute " + name);
        }
        return value;
    }

    static AttributeValue value(Object value) {
        return switch (value) {
            case String text -> AttributeValue.fromS(text);
            case Long number -> AttributeValue.fromN(number.toString());
            case byte[] bytes -> AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes));
            case List<?> list ->
                AttributeValue.fromL(list.stream().map(Items::value).toList());
            case Map<?, ?> map ->
                AttributeValue.fromM(map.entrySet().stream()
                        .collect(Collectors.toMap(entry -> (String) entry.getKey(), entry -> value(entry.getValue()))));
            default ->
                throw new IllegalArgumentException(
                        "No row holds a " + value.getClass().getName());
        };
    }

    private static Object plain(Field field, AttributeValue value) {
        return switch (field.kind()) {
            case TEXT -> value.s();
            case NUMBER -> Long.valueOf(value.n());
            case BYTES -> value.b().asByteArray();
            case LIST -> value.l().stream().map(AttributeValue::s).toList();
            case MAP ->
                value.m().entrySet().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, entry -> entry.getValue().s()));
        };
    }
}
