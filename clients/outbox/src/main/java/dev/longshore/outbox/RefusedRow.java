package dev.longshore.outbox;

import java.time.Instant;

/**
 * A job that Longshore has refused.
 *
 * @param reason what Longshore said: title, detail and request id
 */
public record RefusedRow(String id, String task, Instant createdAt, Instant refusedAt, String reason) {}
