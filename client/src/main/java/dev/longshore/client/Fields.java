package dev.longshore.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields of a request's body. Those that are not given are not sent. Its string form has their names alone. */
final class Fields {
    private final Map<String, Object> values;

    Fields() {
        this(Map.of());
    }

    private Fields(Map<String, Object> values) {
        this.values = values;
    }

    Fields with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Fields(Collections.unmodifiableMap(more));
    }

    Fields without(String name) {
        Map<String, Object> fewer = new LinkedHashMap<>(values);
        fewer.remove(name);
        return new Fields(Collections.unmodifiableMap(fewer));
    }

    @Nullable
    Object get(String name) {
        return values.get(name);
    }

    Map<String, Object> values() {
        return values;
    }

    @Override
    public String toString() {
        return values.keySet().toString();
    }
}
