package dev.longshore.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the payloads of a task look like, as data: so that the API refuses what no worker could read, at the moment it is
 * sent and with the place of the mistake, without having the handler's classes. Derived from the payload's record by
 * {@link PayloadShapes}.
 *
 * @param kind what it is
 * @param fields of an object: each field's shape, in the record's order
 * @param required of an object: the fields that must be there and not be null
 * @param items of an array or a map: the shape of its values
 * @param values of an enumeration: its names
 * @param least of an integer: the least that fits
 * @param most of an integer: the greatest that fits
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PayloadShape(
        Kind kind,
        Map<String, PayloadShape> fields,
        Set<String> required,
        @Nullable PayloadShape items,
        List<String> values,
        @Nullable Long least,
        @Nullable Long most) {

    /** The kinds of JSON value a payload is made of. */
    public enum Kind {
        OBJECT("an object"),
        ARRAY("an array"),
        MAP("an object"),
        STRING("a string"),
        INTEGER("a whole number"),
        NUMBER("a number"),
        BOOLEAN("true or false"),
        ENUMERATION("one of its names"),
        ANY("any value");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    public PayloadShape {
        fields = fields == null ? Map.of() : fields;
        required = required == null ? Set.of() : required;
        values = values == null ? List.of() : values;
    }

    /** The shape of a type's JSON form. */
    public static PayloadShape of(Class<?> type) {
        return PayloadShapes.of(type);
    }

    static PayloadShape of(Kind kind) {
        return new PayloadShape(kind, Map.of(), Set.of(), null, List.of(), null, null);
    }

    /**
     * Checks a payload against this shape.
     *
     * @throws PayloadException for the first mistake: an unknown field (with the nearest known one), a wrong type, a
     *     missing field, a number that does not fit
     */
    public void check(Json payload) {
        checkTree(payload, true);
    }

    /**
     * As {@link #check}, but passes over unknown fields: an older worker may meet a newer payload in the middle of a
     * deployment.
     */
    public void checkKnownFields(Json payload) {
        checkTree(payload, false);
    }

    /** A tree of five megabytes of small values has hundreds: none is made where there is nothing to look at. */
    private void checkTree(Json payload, boolean noOthers) {
        if (kind != Kind.ANY) {
            check(payload.tree(), "", noOthers);
        }
    }

    private void check(JsonNode node, String pointer, boolean noOthers) {
        switch (kind) {
            case ANY -> {}
            case OBJECT -> checkObject(node, pointer, noOthers);
            case MAP -> {
                require(node.isObject(), node, pointer);
                node.properties()
                        .forEach(field ->
                                checkItem(field.getValue(), pointer + "/" + Json.escape(field.getKey()), noOthers));
            }
            case ARRAY -> {
                require(node.isArray(), node, pointer);
                for (int i = 0; i < node.size(); i++) {
                    checkItem(node.get(i), pointer + "/" + i, noOthers);
                }
            }
            case STRING -> require(node.isString(), node, pointer);
            case BOOLEAN -> require(node.isBoolean(), node, pointer);
            case NUMBER -> checkNumber(node, pointer);
            case INTEGER -> checkInteger(node, pointer);
            case ENUMERATION -> checkEnumeration(node, pointer);
        }
    }

    private void checkObject(JsonNode node, String pointer, boolean noOthers) {
        require(node.isObject(), node, pointer);
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String place = pointer + "/" + Json.escape(field.getKey());
            PayloadShape shape = fields.get(field.getKey());
            if (shape == null) {
                if (noOthers) {
                    throw new PayloadException(place, "is an unknown field" + whichAreKnown(field.getKey()));
                }
            } else if (!field.getValue().isNull() || required.contains(field.getKey())) {
                shape.check(field.getValue(), place, noOthers);
            }
        }
        for (String name : required) {
            if (!node.has(name)) {
                throw new PayloadException(pointer + "/" + Json.escape(name), "is missing");
            }
        }
    }

    private String whichAreKnown(String unknown) {
        return Spelling.end(unknown, fields.keySet()) + " Known: " + String.join(", ", fields.keySet());
    }

    private void checkItem(JsonNode node, String pointer, boolean noOthers) {
        if (items != null) {
            items.check(node, pointer, noOthers);
        }
    }

    private void checkInteger(JsonNode node, String pointer) {
        require(node.isIntegralNumber(), node, pointer);
        if (least == null || most == null) {
            return;
        }
        BigInteger value = node.bigIntegerValue();
        if (value.compareTo(BigInteger.valueOf(least)) < 0 || value.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new PayloadException(
                    pointer, "is out of range: it takes whole numbers from " + least + " to " + most);
        }
    }

    private void checkNumber(JsonNode node, String pointer) {
        require(node.isNumber(), node, pointer);
        BigDecimal value = node.decimalValue();
        if (Double.isInfinite(value.doubleValue())) {
            throw new PayloadException(pointer, "is out of range: it takes numbers up to 1.7976931348623157e308");
        }
    }

    private void checkEnumeration(JsonNode node, String pointer) {
        if (!node.isString() || !values.contains(node.asString())) {
            String end = node.isString() ? Spelling.end(node.asString(), values) : ".";
            throw new PayloadException(pointer, "takes one of " + String.join(", ", values) + end);
        }
    }

    private void require(boolean fits, JsonNode node, String pointer) {
        if (!fits) {
            throw new PayloadException(pointer, "takes " + kind.words + ", and got " + nameOf(node));
        }
    }

    private static String nameOf(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case NUMBER -> node.isIntegralNumber() ? "a whole number" : "a number with a fraction";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case BINARY, MISSING, POJO -> "nothing";
        };
    }
}
