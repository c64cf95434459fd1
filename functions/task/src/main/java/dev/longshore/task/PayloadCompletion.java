package dev.longshore.task;

import java.io.StringWriter;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * Rewrites a payload that fits its shape so that Jackson can read it: with defaults for absent fields, and whole numbers
 * without a fraction. Everything else stays as it was written, to the last digit.
 */
final class PayloadCompletion {
    private final Map<String, PayloadShape> types;
    private final JsonParser parser;
    private final JsonGenerator out;

    private PayloadCompletion(Map<String, PayloadShape> types, JsonParser parser, JsonGenerator out) {
        this.types = types;
        this.parser = parser;
        this.out = out;
    }

    /** @param payload one that {@link PayloadCheck} found nothing wrong with */
    static Json complete(PayloadShape shape, Json payload) {
        Map<String, PayloadShape> types = shape instanceof PayloadShape.Types named ? named.types() : Map.of();
        StringWriter text = new StringWriter();
        try (JsonGenerator out = Json.mapper().createGenerator(text)) {
            copy(types, shape, payload, out);
        }
        return new Json(text.toString());
    }

    private static void copy(Map<String, PayloadShape> types, PayloadShape shape, Json value, JsonGenerator out) {
        try (JsonParser parser = Json.mapper().createParser(value.text())) {
            parser.nextToken();
            new PayloadCompletion(types, parser, out).copy(shape, value.tree());
        }
    }

    /** @param node the value at the parser's position */
    private void copy(PayloadShape shape, JsonNode node) {
        switch (shape) {
            case PayloadShape.Types root -> copy(root.payload(), node);
            case PayloadShape.Reference reference -> copy(types.getOrDefault(reference.type(), asItIs()), node);
            case PayloadShape.OrNull(PayloadShape value) -> copy(value, node);
            case PayloadShape.Variants variants -> copyVariant(variants, node);
            case PayloadShape.Fields object when node.isObject() -> copyFields(object, node);
            case PayloadShape.Dictionary map when node.isObject() -> copyEntries(map, node);
            case PayloadShape.Array array when node.isArray() -> copyItems(array, node);
            case PayloadShape.Whole _, PayloadShape.Text _
            when node.isNumber() -> out.writeNumber(WholeNumber.of(node));
            default -> out.writeRawValue(Json.read(parser).text());
        }
    }

    private static PayloadShape asItIs() {
        return PayloadShapes.ANY_VALUE;
    }

    private void copyVariant(PayloadShape.Variants variants, JsonNode node) {
        JsonNode name = node.get(variants.discriminator()); // null itself has none
        copy(name == null ? asItIs() : variants.variants().getOrDefault(name.asString(), asItIs()), node);
    }

    private void copyFields(PayloadShape.Fields object, JsonNode node) {
        Set<String> given = new HashSet<>();
        out.writeStartObject();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            String name = object.aliases().getOrDefault(field, field);
            given.add(name);
            out.writeName(field);
            parser.nextToken();
            copy(object.fields().getOrDefault(name, asItIs()), node.get(field));
        }
        object.defaults().forEach((name, value) -> {
            if (!given.contains(name)) {
                out.writeName(name);
                copy(types, object.fields().getOrDefault(name, asItIs()), value, out);
            }
        });
        out.writeEndObject();
    }

    private void copyEntries(PayloadShape.Dictionary map, JsonNode node) {
        out.writeStartObject();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            out.writeName(key);
            parser.nextToken();
            copy(map.items(), node.get(key));
        }
        out.writeEndObject();
    }

    private void copyItems(PayloadShape.Array array, JsonNode node) {
        out.writeStartArray();
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            copy(array.items(), node.get(i));
        }
        out.writeEndArray();
    }
}
