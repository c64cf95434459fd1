package dev.longshore.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a shape as a JSON Schema of draft 2020-12 (json-schema.org/draft/2020-12), and reads from such a schema the shape it was
 * written as. The API has a task's shape by the schema alone.
 *
 * <p>One keyword is Longshore's own, {@value #FORMAT}: the {@link PayloadFormat}. Validators pass over it.
 */
final class PayloadSchema {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final String FORMAT = "x-longshore-format";
    private static final String TYPES = "#/$defs/";

    private PayloadSchema() {}

    // ---- a shape's schema

    static Json write(PayloadShape shape) {
        ObjectNode root = object().put("$schema", DIALECT);
        if (shape instanceof PayloadShape.Types(Map<String, PayloadShape> types, PayloadShape payload)) {
            root.setAll(schema(payload));
            ObjectNode definitions = root.putObject("$defs");
            types.forEach((name, type) -> definitions.set(name, schema(type)));
        } else {
            root.setAll(schema(shape));
        }
        return Json.of(root);
    }

    private static ObjectNode schema(PayloadShape shape) {
        return switch (shape) {
            case PayloadShape.Any _ -> object().set("not", typed("null"));
            case PayloadShape.OrNull(PayloadShape value) -> schemaOrNull(value);
            case PayloadShape.Text(PayloadFormat format) -> format == null ? typed("string") : schema(format);
            case PayloadShape.Whole whole -> withRange(typed("integer"), whole);
            case PayloadShape.Decimal(double most) ->
                typed("number").put("minimum", -most).put("maximum", most);
            case PayloadShape.Truth _ -> typed("boolean");
            case PayloadShape.Enumeration(List<String> values) ->
                typed("string").set("enum", strings(values));
            case PayloadShape.Array(PayloadShape items) -> typed("array").set("items", schema(items));
            case PayloadShape.Dictionary map -> schema(map);
            case PayloadShape.Fields object -> schema(object);
            case PayloadShape.Variants variants -> schema(variants);
            case PayloadShape.Reference(String type) -> object().put("$ref", TYPES + type);
            case PayloadShape.Types _ -> throw new IllegalStateException("Types are described once, at the root");
        };
    }

    private static ObjectNode schemaOrNull(PayloadShape value) {
        if (value instanceof PayloadShape.Any) {
            return object();
        }
        ObjectNode schema = schema(value);
        if (!schema.has("type") || schema.has("allOf")) {
            ObjectNode either = object();
            either.putArray("anyOf").add(schema).add(typed("null"));
            return either;
        }
        if (schema.get("enum") instanceof ArrayNode names) {
            names.addNull();
        }
        ArrayNode types = types(schema);
        return schema.set("type", types.add("null"));
    }

    private static ObjectNode schema(PayloadFormat format) {
        ObjectNode schema = typed("string");
        if (format.alsoNumbers()) {
            schema.set("type", types(schema).add("integer"));
        }
        if (format == PayloadFormat.BASE64) {
            schema.put("contentEncoding", "base64");
        }
        format.standard().ifPresent(standard -> schema.put("format", standard));
        return schema.put(FORMAT, format.name()).put("description", format.description());
    }

    private static ObjectNode withRange(ObjectNode schema, PayloadShape.Whole whole) {
        if (whole.least() != null) {
            schema.put("minimum", whole.least());
        }
        if (whole.most() != null) {
            schema.put("maximum", whole.most());
        }
        return schema;
    }

    /** Validators see names as strings: of a range of numbers they check the pattern alone. */
    private static ObjectNode schema(PayloadShape.Dictionary map) {
        ObjectNode schema = typed("object");
        switch (map.keys()) {
            case PayloadShape.Text(PayloadFormat format) when format == null -> {} // any name
            case PayloadShape.Whole range -> {
                ObjectNode whole = object().put("pattern", PayloadCheck.WHOLE_KEY.pattern());
                schema.set("propertyNames", withRange(whole, range));
            }
            case PayloadShape.Key names -> schema.set("propertyNames", schema(names));
        }
        return schema.set("additionalProperties", schema(map.items()));
    }

    private static ObjectNode schema(PayloadShape.Fields object) {
        ObjectNode schema = typed("object");
        ObjectNode properties = schema.putObject("properties");
        object.fields().forEach((name, shape) -> properties.set(name, schema(shape)));
        object.aliases()
                .forEach((alias, name) ->
                        properties.set(alias, property(properties, name).put("deprecated", true)));
        object.defaults()
                .forEach((name, value) ->
                        properties.set(name, property(properties, name).set("default", value.tree())));
        Map<String, List<String>> names = namesOfAliased(object);
        List<String> required = object.required().stream()
                .filter(name -> !names.containsKey(name))
                .toList();
        if (!required.isEmpty()) {
            schema.set("required", strings(required));
        }
        names.forEach((field, all) ->
                schema.withArray("allOf").add(oneOf(all, object.required().contains(field))));
        return schema.put("additionalProperties", false);
    }

    private static ObjectNode property(ObjectNode properties, String name) {
        return (ObjectNode) properties.required(name).deepCopy();
    }

    /** The names of each field that has several, its own first. */
    private static Map<String, List<String>> namesOfAliased(PayloadShape.Fields object) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        object.aliases()
                .forEach((alias, field) -> names.computeIfAbsent(field, own -> new ArrayList<>(List.of(own)))
                        .add(alias));
        return names;
    }

    /** Takes objects with one of these fields, or with none if none is required. */
    private static ObjectNode oneOf(List<String> names, boolean required) {
        ObjectNode schema = object();
        ArrayNode cases = schema.putArray("oneOf");
        names.forEach(name -> cases.addObject().set("required", strings(List.of(name))));
        if (!required) {
            ObjectNode none = cases.addObject().putObject("properties");
            names.forEach(name -> none.put(name, false));
        }
        return schema;
    }

    private static ObjectNode schema(PayloadShape.Variants variants) {
        ObjectNode schema = object();
        ArrayNode cases = schema.putArray("oneOf");
        variants.variants()
                .forEach((name, variant) -> cases.add(
                        variant instanceof PayloadShape.Fields object
                                ? schema(object)
                                : readByCode(variants.discriminator(), name)));
        schema.putObject("discriminator").put("propertyName", variants.discriminator());
        return schema;
    }

    private static ObjectNode readByCode(String discriminator, String name) {
        ObjectNode schema = typed("object");
        schema.putObject("properties").set(discriminator, schema(new PayloadShape.Enumeration(List.of(name))));
        return schema.set("required", strings(List.of(discriminator)));
    }

    private static ObjectNode typed(String type) {
        return object().put("type", type);
    }

    /** The one type of a schema, or its several, as an array to be added to. */
    private static ArrayNode types(JsonNode schema) {
        JsonNode type = schema.get("type");
        return type instanceof ArrayNode several
                ? several
                : Json.mapper().createArrayNode().add(type);
    }

    private static ArrayNode strings(Iterable<String> texts) {
        ArrayNode strings = Json.mapper().createArrayNode();
        texts.forEach(strings::add);
        return strings;
    }

    private static ObjectNode object() {
        return Json.mapper().createObjectNode();
    }

    // ---- a schema's shape

    static PayloadShape read(Json schema) {
        JsonNode root = schema.tree();
        PayloadShape payload = shape(root);
        Map<String, PayloadShape> types = new LinkedHashMap<>();
        root.path("$defs").forEachEntry((name, type) -> types.put(name, shape(type)));
        return types.isEmpty() ? payload : new PayloadShape.Types(types, payload);
    }

    private static PayloadShape shape(JsonNode schema) {
        if (schema.has("$ref")) {
            return new PayloadShape.Reference(schema.get("$ref").asString().substring(TYPES.length()));
        }
        if (schema.has("anyOf")) {
            return new PayloadShape.OrNull(shape(schema.get("anyOf").get(0)));
        }
        if (schema.has("oneOf")) {
            return variants(schema);
        }
        if (schema.has("not")) {
            return PayloadShapes.READ_BY_CODE;
        }
        if (!schema.has("type")) {
            return PayloadShapes.ANY_VALUE;
        }
        List<String> types = texts(types(schema));
        PayloadShape value = shape(schema, types.getFirst());
        return types.contains("null") ? new PayloadShape.OrNull(value) : value;
    }

    private static PayloadShape shape(JsonNode schema, String type) {
        return switch (type) {
            case "string" -> string(schema);
            case "integer" -> whole(schema);
            case "number" -> new PayloadShape.Decimal(schema.get("maximum").asDouble());
            case "boolean" -> new PayloadShape.Truth();
            case "array" -> new PayloadShape.Array(shape(schema.get("items")));
            case "object" -> schema.has("properties") ? fields(schema) : dictionary(schema);
            default ->
                throw new IllegalArgumentException("The schema of a payload has the unknown type '" + type + "'");
        };
    }

    private static PayloadShape.Key string(JsonNode schema) {
        if (schema.has("enum")) {
            return new PayloadShape.Enumeration(texts(schema.get("enum")));
        }
        return new PayloadShape.Text(
                schema.has(FORMAT) ? PayloadFormat.valueOf(schema.get(FORMAT).asString()) : null);
    }

    private static PayloadShape.Whole whole(JsonNode schema) {
        return new PayloadShape.Whole(number(schema.get("minimum")), number(schema.get("maximum")));
    }

    private static @Nullable Long number(@Nullable JsonNode number) {
        return number == null ? null : number.asLong();
    }

    private static PayloadShape dictionary(JsonNode schema) {
        JsonNode names = schema.path("propertyNames");
        return new PayloadShape.Dictionary(
                names.has("pattern") ? whole(names) : string(names), shape(schema.get("additionalProperties")));
    }

    private static PayloadShape fields(JsonNode schema) {
        Set<String> required = new LinkedHashSet<>(texts(schema.path("required")));
        Map<String, String> aliases = new LinkedHashMap<>();
        for (JsonNode several : schema.path("allOf")) {
            List<String> names = several.get("oneOf")
                    .valueStream()
                    .flatMap(one -> texts(one.path("required")).stream())
                    .toList();
            names.stream().skip(1).forEach(alias -> aliases.put(alias, names.getFirst()));
            if (names.size() == several.get("oneOf").size()) {
                required.add(names.getFirst());
            }
        }
        Map<String, PayloadShape> fields = new LinkedHashMap<>();
        Map<String, Json> defaults = new LinkedHashMap<>();
        schema.get("properties").forEachEntry((name, property) -> {
            if (!aliases.containsKey(name)) {
                fields.put(name, shape(property));
                if (property.has("default")) {
                    defaults.put(name, Json.of(property.get("default")));
                }
            }
        });
        return new PayloadShape.Fields(fields, required, defaults, aliases);
    }

    private static PayloadShape variants(JsonNode schema) {
        String discriminator = schema.get("discriminator").get("propertyName").asString();
        Map<String, PayloadShape> variants = new LinkedHashMap<>();
        for (JsonNode variant : schema.get("oneOf")) {
            String name = variant.get("properties")
                    .get(discriminator)
                    .get("enum")
                    .get(0)
                    .asString();
            variants.put(name, variant.has("additionalProperties") ? fields(variant) : PayloadShapes.READ_BY_CODE);
        }
        return new PayloadShape.Variants(discriminator, variants);
    }

    private static List<String> texts(JsonNode strings) {
        return strings.valueStream()
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .toList();
    }
}
