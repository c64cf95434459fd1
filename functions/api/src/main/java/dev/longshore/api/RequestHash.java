package dev.longshore.api;

import dev.longshore.job.Sha256;
import dev.longshore.task.CanonicalJson;
import dev.longshore.task.Json;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

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
        byte[] hash = Sha256.of(CanonicalJson.of(Json.of(meaning)));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
    }
}
