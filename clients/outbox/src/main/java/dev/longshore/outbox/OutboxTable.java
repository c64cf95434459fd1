package dev.longshore.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** The statements of a relay, each method a transaction of its own. */
final class OutboxTable {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int LONGEST_REASON = 1000;
    private static final Set<String> SKIP_LOCKED = Set.of("PostgreSQL", "MySQL", "MariaDB", "H2");

    private final DataSource database;

    OutboxTable(DataSource database) {
        this.database = database;
    }

    @FunctionalInterface
    private interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /**
     * Takes rows that are due, the longest due first. No other relay gets them until the lease ends; each counts a try from now on,
     * whatever becomes of it.
     */
    List<OutboxRow> claim(Instant now, Duration lease, int limit) throws SQLException {
        return transaction(connection -> {
            // where rows cannot be skipped, relays wait for each other
            boolean skips = SKIP_LOCKED.contains(connection.getMetaData().getDatabaseProductName());
            List<OutboxRow> rows = new ArrayList<>();
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT id, task, request, traceparent, tries FROM longshore_outbox"
                            + " WHERE due_at <= ? ORDER BY due_at, id LIMIT ? FOR UPDATE"
                            + (skips ? " SKIP LOCKED" : ""))) {
                select.setLong(1, now.toEpochMilli());
                select.setInt(2, limit);
                try (ResultSet found = select.executeQuery()) {
                    while (found.next()) {
                        rows.add(new OutboxRow(
                                found.getString(1),
                                found.getString(2),
                                found.getString(3),
                                found.getString(4),
                                found.getInt(5)));
                    }
                }
            }
            try (PreparedStatement claim = connection.prepareStatement(
                    "UPDATE longshore_outbox SET due_at = ?, tries = tries + 1 WHERE id = ?")) {
                for (OutboxRow row : rows) {
                    claim.setLong(1, now.plus(lease).toEpochMilli());
                    claim.setString(2, row.id());
                    claim.addBatch();
                }
                claim.executeBatch();
            }
            return rows;
        });
    }

    /** Gives a row another id. */
    void rename(OutboxRow row, OutboxRow renamed) throws SQLException {
        run("UPDATE longshore_outbox SET id = ?, request = ? WHERE id = ?", renamed.id(), renamed.json(), row.id());
    }

    void delete(List<OutboxRow> rows) throws SQLException {
        transaction(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM longshore_outbox WHERE id = ?")) {
                for (OutboxRow row : rows) {
                    delete.setString(1, row.id());
                    delete.addBatch();
                }
                return delete.executeBatch().length;
            }
        });
    }

    void retryAt(OutboxRow row, Instant due, String reason) throws SQLException {
        run(
                "UPDATE longshore_outbox SET due_at = ?, reason = ? WHERE id = ?",
                due.toEpochMilli(),
                shortened(reason),
                row.id());
    }

    void refuse(OutboxRow row, Instant now, String reason) throws SQLException {
        run(
                "UPDATE longshore_outbox SET due_at = ?, refused_at = ?, reason = ? WHERE id = ?",
                NEVER,
                now.toEpochMilli(),
                shortened(reason),
                row.id());
    }

    /** Makes a refused row due again; false when there is no such one. */
    boolean release(String id, Instant now) throws SQLException {
        return run(
                        "UPDATE longshore_outbox SET due_at = ?, refused_at = NULL WHERE id = ? AND refused_at IS NOT NULL",
                        now.toEpochMilli(),
                        id)
                == 1;
    }

    /** Deletes a refused row; false when there is no such one. */
    boolean discard(String id) throws SQLException {
        return run("DELETE FROM longshore_outbox WHERE id = ? AND refused_at IS NOT NULL", id) == 1;
    }

    Backlog backlog(Instant now) throws SQLException {
        return transaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT COUNT(*), COUNT(refused_at),"
                            + " MIN(CASE WHEN refused_at IS NULL THEN created_at END) FROM longshore_outbox");
                    ResultSet found = select.executeQuery()) {
                found.next();
                long oldest = found.getLong(3);
                Duration age =
                        found.wasNull() ? Duration.ZERO : Duration.ofMillis(Math.max(0, now.toEpochMilli() - oldest));
                return new Backlog(found.getLong(1) - found.getLong(2), age, found.getLong(2));
            }
        });
    }

    List<RefusedRow> refused(int limit) throws SQLException {
        return transaction(connection -> {
            List<RefusedRow> rows = new ArrayList<>();
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT id, task, created_at, refused_at, reason"
                            + " FROM longshore_outbox WHERE refused_at IS NOT NULL ORDER BY refused_at, id LIMIT ?")) {
                select.setInt(1, limit);
                try (ResultSet found = select.executeQuery()) {
                    while (found.next()) {
                        rows.add(new RefusedRow(
                                found.getString(1),
                                found.getString(2),
                                Instant.ofEpochMilli(found.getLong(3)),
                                Instant.ofEpochMilli(found.getLong(4)),
                                found.getString(5)));
                    }
                }
            }
            return rows;
        });
    }

    private int run(String sql, Object... values) throws SQLException {
        return transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                return statement.executeUpdate();
            }
        });
    }

    private <T> T transaction(Work<T> work) throws SQLException {
        try (Connection connection = database.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                T result = work.in(connection);
                connection.commit();
                return result;
            } catch (Throwable e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    private static String shortened(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    }
}
