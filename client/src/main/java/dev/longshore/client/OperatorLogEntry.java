package dev.longshore.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call that took the scope {@code operate}, or changed a key.
 *
 * @param key id of the key
 * @param action the call
 * @param target what it was done to, or what it made
 * @param outcome done, refused or unknown
 * @param status HTTP status of the answer
 */
public record OperatorLogEntry(
        Instant at,
        String key,
        String action,
        @Nullable String target,
        String outcome,
        @Nullable Integer status) {}
