package dev.longshore.api;

import dev.longshore.job.Sha256;
import dev.longshore.task.Json;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Distinguishes a repeated request from another one: 16 bytes over what was understood of it, and not over its text. So {@code 600},
 * {@code 600.0} and {@code 6e2} are the same, as are an instant in two offsets, a field that is null or empty and one that is
 * not there, and objects whose fields are in another order. In a payload, null and absent are two things.
 */
final class RequestHash {
    private static final int BYTES = 16;

    private RequestHash() {}

    /** Of all fields that were read, but for the two that name the request. */
    static String of(Fields fields) {
        Map<String, Object> meaning = new TreeMap<>(fields.understood());
        meaning.remove("id");
        meaning.remove("idempotencyKey");
        StringBuilder canonical = new StringBuilder();
        write(Json.of(meaning).tree(), canonical);
        byte[] hash = Sha256.of(canonical.toString());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
    }

    private static void write(JsonNode node, StringBuilder out) {
        if (node.isObject()) {
            out.append('{');
            Map<String, JsonNode> sorted = new TreeMap<>();
            node.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
            sorted.forEach((name, value) -> {
                out.append(Json.of(name).text()).append(':');
                write(value, out);
                out.append(',');
            });
            out.append('}');
        } else if (node.isArray()) {
            out.append('[');
            node.forEach(item -> {
                write(item, out);
                out.append(',');
            });
            out.append(']');
        } else if (node.isNumber()) {
            writeNumber(node.decimalValue(), out);
        } else {
            out.append(node);
        }
    }

    /**
     * By its value: its digits without the zeros at their end, and the power of ten that they are multiplied by. On its text,
     * since a number of a thousand zeros would take a thousand divisions otherwise.
     */
    private static void writeNumber(BigDecimal number, StringBuilder out) {
        String digits = number.unscaledValue().toString();
        int end = digits.length();
        while (end > 1 && digits.charAt(end - 1) == '0') {
            end--;
        }
        long exponent = number.signum() == 0 ? 0 : (long) digits.length() - end - number.scale();
        out.append(digits, 0, end).append('e').append(exponent);
    }
}
