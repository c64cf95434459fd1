package dev.longshore.job.aws;

import dev.longshore.job.DayShards;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobRows;
import dev.longshore.job.Redacted;
import dev.longshore.job.Row;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item of the table, or the key of one. Immutable.
 *
 * @param attributes by name, as the SDK has them
 */
record Item(Map<String, AttributeValue> attributes) {
    private static final Logger LOG = LoggerFactory.getLogger(Item.class);

    /** The key of an item. */
    static Item of(String partition, String sort) {
        return new Item(Map.of(
                JobTable.PARTITION_KEY, AttributeValue.fromS(partition),
                JobTable.SORT_KEY, AttributeValue.fromS(sort)));
    }

    /** The key of a job's row. */
    static Item of(DayShards shards, JobId id) {
        return of(shards.partition(id), id.text());
    }

    // ---- writing

    /** This item with a value as {@link #value} takes it; unchanged for null. */
    Item with(String attribute, @Nullable Object value) {
        return value == null ? this : with(Map.of(attribute, value));
    }

    /** This item with the fields of a job's row. */
    Item with(Row row) {
        return with(row.values().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().attribute(), Map.Entry::getValue)));
    }

    /** This item, which DynamoDB may delete after this time. */
    Item expiring(Instant at) {
        return with(JobTable.TIME_TO_LIVE, at.getEpochSecond());
    }

    /** This item in the attention index, under a key and by time; of an item's key it makes the key of its place there. */
    Item indexed(String key, Instant at) {
        return with(Map.of(Field.INDEX.attribute(), key, Field.INDEX_AT.attribute(), at));
    }

    private Item with(Map<String, Object> values) {
        Map<String, AttributeValue> with = new HashMap<>(attributes);
        values.forEach((name, value) -> with.put(name, value(value)));
        return new Item(with);
    }

    /**
     * A value as the SDK has it: an Instant becomes milliseconds since 1970, a List or a Map one of such values, and a Set, which may
     * not be empty, a set of texts.
     */
    static AttributeValue value(Object value) {
        return switch (value) {
            case String text -> AttributeValue.fromS(text);
            case Long number -> AttributeValue.fromN(number.toString());
            case Integer number -> AttributeValue.fromN(number.toString());
            case Instant time -> value(time.toEpochMilli());
            case Boolean flag -> AttributeValue.fromBool(flag);
            case byte[] bytes -> AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes));
            case Set<?> texts ->
                AttributeValue.fromSs(
                        texts.stream().map(String.class::cast).sorted().toList());
            case List<?> list ->
                AttributeValue.fromL(list.stream().map(Item::value).toList());
            case Map<?, ?> map ->
                AttributeValue.fromM(map.entrySet().stream()
                        .collect(Collectors.toMap(entry -> (String) entry.getKey(), entry -> value(entry.getValue()))));
            default ->
                throw new IllegalArgumentException(
                        "No item holds a " + value.getClass().getName());
        };
    }

    // ---- reading; each method but has() throws an IllegalStateException when the attribute is missing

    boolean has(String attribute) {
        return attributes.containsKey(attribute);
    }

    String sort() {
        return text(JobTable.SORT_KEY);
    }

    String text(String attribute) {
        return attribute(attribute).s();
    }

    long number(String attribute) {
        return Long.parseLong(attribute(attribute).n());
    }

    /** The time that an attribute has in milliseconds since 1970. */
    Instant time(String attribute) {
        return Instant.ofEpochMilli(number(attribute));
    }

    boolean flag(String attribute) {
        return attribute(attribute).bool();
    }

    byte[] bytes(String attribute) {
        return attribute(attribute).b().asByteArray();
    }

    Set<String> texts(String attribute) {
        return Set.copyOf(attribute(attribute).ss());
    }

    List<AttributeValue> list(String attribute) {
        return attribute(attribute).l();
    }

    private AttributeValue attribute(String name) {
        AttributeValue value = attributes.get(name);
        if (value == null) {
            throw new IllegalStateException("An item of the table has no attribute " + name);
        }
        return value;
    }

    // ---- jobs

    JobId id() {
        return new JobId(sort());
    }

    Job job() {
        return JobRows.toJob(id(), row());
    }

    Row row() {
        Row row = new Row();
        attributes.forEach((name, value) -> Field.named(name).ifPresent(field -> row.put(field, plain(field, value))));
        return row;
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

    // ---- logging

    /**
     * What this item says; empty when it cannot be read. One that newer or broken code has written keeps no other from being
     * read; it is named in the log.
     *
     * @param read decodes the item, and makes no call: a call that fails is no item that cannot be read
     */
    <T> Optional<T> readable(Function<Item, T> read) {
        try {
            return Optional.of(read.apply(this));
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(Redacted.of(e))
                    .log(
                            "The item {} of partition {} cannot be read and is left out",
                            keyPart(JobTable.SORT_KEY),
                            keyPart(JobTable.PARTITION_KEY));
            return Optional.empty();
        }
    }

    /** The key alone: the other attributes may be a payload or a secret. */
    @Override
    public String toString() {
        return keyPart(JobTable.PARTITION_KEY) + " " + keyPart(JobTable.SORT_KEY);
    }

    /** A query may have projected a part of the key, or none. */
    private String keyPart(String attribute) {
        AttributeValue value = attributes.get(attribute);
        return value == null || value.s() == null ? "(not read)" : value.s();
    }
}
