package dev.longshore.job;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stored fields of one job; absent ones are not in it. Mutable, and used by one store call only. */
public final class Row {
    private final Map<Field, Object> values = new EnumMap<>(Field.class);

    public Row() {}

    public Row(Row other) {
        values.putAll(other.values);
    }

    /** All values; each of the type that its {@link Field.Kind} says. */
    public Map<Field, Object> values() {
        return values;
    }

    public Row put(Field field, @Nullable Object value) {
        switch (value) {
            case null -> values.remove(field);
            case Instant time -> values.put(field, time.toEpochMilli());
            case Integer number -> values.put(field, number.longValue());
            default -> values.put(field, value);
        }
        return this;
    }

    public boolean has(Field field) {
        return values.containsKey(field);
    }

    public @Nullable String text(Field field) {
        return (String) values.get(field);
    }

    public @Nullable Long number(Field field) {
        return (Long) values.get(field);
    }

    public @Nullable Instant time(Field field) {
        Long millis = number(field);
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    public byte @Nullable [] bytes(Field field) {
        return (byte[]) values.get(field);
    }

    @SuppressWarnings("unchecked") // put() is given lists of String alone: Kind.LIST
    public List<String> list(Field field) {
        return (List<String>) values.getOrDefault(field, List.of());
    }

    @SuppressWarnings("unchecked") // put() is given maps of String to String alone: Kind.MAP
    public Map<String, String> map(Field field) {
        return (Map<String, String>) values.getOrDefault(field, Map.of());
    }
}
