package dev.longshore.client;

import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON of requests and answers. Its errors name places and types, and never a value. */
final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
            .build();

    private Json() {}

    /** A value as JSON text. */
    static String write(Object value, String what) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JacksonException e) {
            throw unusable(what + " of type " + value.getClass().getName() + " cannot be written as JSON", e);
        }
    }

    static JsonNode tree(Object value, String what) {
        try {
            return MAPPER.valueToTree(value);
        } catch (JacksonException e) {
            throw unusable(what + " of type " + value.getClass().getName() + " cannot be written as JSON", e);
        }
    }

    static <T> T read(JsonNode node, Class<T> type, String what) {
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JacksonException e) {
            throw unusable(what + " cannot be read as " + type.getName(), e);
        }
    }

    static <T> T read(JsonNode node, TypeReference<T> type, String what) {
        try {
            return MAPPER.convertValue(node, type);
        } catch (JacksonException e) {
            throw unusable(what + " cannot be read as " + type.getType().getTypeName(), e);
        }
    }

    /** Without Jackson's own text and the exception itself: both quote values. */
    private static IllegalArgumentException unusable(String what, JacksonException e) {
        String place = e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "/" + step.getIndex() : "/" + step.getPropertyName())
                .collect(Collectors.joining());
        return new IllegalArgumentException(what + (place.isEmpty() ? "" : ", at " + place) + " ("
                + e.getClass().getSimpleName() + ")");
    }
}
