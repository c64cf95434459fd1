package dev.longshore.task;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * A text that is the same for all JSON values of one meaning: {@code 600}, {@code 600.0} and {@code 6e2} are one number, and the
 * order of an object's fields means nothing. It is to be hashed, and is no JSON.
 */
public final class CanonicalJson {
    private final StringBuilder out = new StringBuilder();
    private final boolean withNulls;

    private CanonicalJson(boolean withNulls) {
        this.withNulls = withNulls;
    }

    /** A field that is null and one that is absent are two things. */
    public static String of(Json value) {
        return new CanonicalJson(true).write(value.tree()).out.toString();
    }

    /** Fields that are null count as absent: Java's records write them, and most clients do not. */
    public static String withoutNulls(Json value) {
        return new CanonicalJson(false).write(value.tree()).out.toString();
    }

    private CanonicalJson write(JsonNode node) {
        if (node.isObject()) {
            out.append('{');
            Map<String, JsonNode> sorted = new TreeMap<>();
            node.properties().stream()
                    .filter(field -> withNulls || !field.getValue().isNull())
                    .forEach(field -> sorted.put(field.getKey(), field.getValue()));
            sorted.forEach((name, value) -> {
                out.append(Json.of(name).text()).append(':');
                write(value);
                out.append(',');
            });
            out.append('}');
        } else if (node.isArray()) {
            out.append('[');
            node.forEach(item -> {
                write(item);
                out.append(',');
            });
            out.append(']');
        } else if (node.isNumber()) {
            writeNumber(node.decimalValue());
        } else {
            out.append(node);
        }
        return this;
    }

    /**
     * By its value: its digits without the zeros at their end, and the power of ten that they are multiplied by. On its text,
     * since a number of a thousand zeros would take a thousand divisions otherwise.
     */
    private void writeNumber(BigDecimal number) {
        String digits = number.unscaledValue().toString();
        int end = digits.length();
        while (end > 1 && digits.charAt(end - 1) == '0') {
            end--;
        }
        long exponent = number.signum() == 0 ? 0 : (long) digits.length() - end - number.scale();
        out.append(digits, 0, end).append('e').append(exponent);
    }
}
