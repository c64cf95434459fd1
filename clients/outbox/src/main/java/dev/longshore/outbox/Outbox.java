package dev.longshore.outbox;

import dev.longshore.client.JobId;
import dev.longshore.client.JobRequest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;

/** Enqueues jobs within the caller's transaction. */
public final class Outbox {
    /** Of the request as JSON; Longshore takes payloads of 5 MB. */
    private static final int REQUEST_BYTES = 6 * 1024 * 1024;

    private Outbox() {}

    /**
     * Enqueues a job when the transaction of this connection commits.
     *
     * @param payload what Jackson writes as JSON, 5 MB of UTF-8 at most
     * @return the job's id
     * @throws IllegalStateException when the connection commits each statement by itself
     * @throws SQLException when the row cannot be written
     */
    public static String enqueue(Connection connection, String task, Object payload) throws SQLException {
        return enqueue(connection, JobRequest.of(task, payload));
    }

    /**
     * Enqueues a job when the transaction of this connection commits. A delay counts from now.
     *
     * @return the job's id: that of the request, or a new one
     * @throws IllegalArgumentException when the request is larger than 6 MB
     * @throws IllegalStateException when the connection commits each statement by itself
     * @throws SQLException when the row cannot be written
     */
    public static String enqueue(Connection connection, JobRequest request) throws SQLException {
        return enqueue(connection, request, InstantSource.system());
    }

    static String enqueue(Connection connection, JobRequest request, InstantSource clock) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException(
                    "The connection commits each statement by itself (auto-commit), so the job would belong to no"
                            + " transaction. Call setAutoCommit(false), or enqueue without an outbox");
        }
        Instant now = clock.instant();
        String id = request.id().orElseGet(() -> JobId.at(now.toEpochMilli()));
        String json = request.id(id).delayFrom(now).toJson();
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > REQUEST_BYTES) {
            throw new IllegalArgumentException(
                    "The request for task " + request.task() + " has " + bytes + " bytes, and " + REQUEST_BYTES
                            + " are the limit. Put what is large into a file store, and its name here");
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO longshore_outbox"
                + " (id, task, request, traceparent, created_at, due_at, tries) VALUES (?, ?, ?, ?, ?, ?, 0)")) {
            insert.setString(1, id);
            insert.setString(2, request.task());
            insert.setString(3, json);
            insert.setString(4, request.traceparent().orElse(null));
            insert.setLong(5, now.toEpochMilli());
            insert.setLong(6, now.toEpochMilli());
            insert.executeUpdate();
        }
        return id;
    }
}
