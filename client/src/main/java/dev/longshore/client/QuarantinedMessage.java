package dev.longshore.client;

import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A message that no function could read.
 *
 * @param size in bytes of UTF-8
 * @param body its bytes as Base64; null in lists
 */
public record QuarantinedMessage(
        String id,
        String pool,
        long size,
        Instant at,
        Instant expiresAt,
        @Nullable String body) {
    /**
     * Its bytes: those of a Unicode text in UTF-8.
     *
     * @throws IllegalStateException when it comes from a list
     */
    public byte[] bytes() {
        if (body == null) {
            throw new IllegalStateException("A list has no bytes of message " + id + "; get(id) reads them");
        }
        return Base64.getDecoder().decode(body);
    }

    @Override
    public String toString() {
        return "QuarantinedMessage[id=" + id + ", size=" + size + "]";
    }
}
