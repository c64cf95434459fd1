/**
 * A transactional outbox: jobs that are enqueued exactly when the application's own transaction commits. Plain JDBC, for PostgreSQL,
 * MySQL, MariaDB and H2.
 *
 * <pre>{@code
 * connection.setAutoCommit(false);
 * saveOrder(connection, order);
 * Outbox.enqueue(connection, "ship-order", new ShipOrder(order.id()));
 * connection.commit(); // a rollback leaves no job
 * }</pre>
 *
 * <p>{@link dev.longshore.outbox.Outbox} writes a row within the caller's transaction. {@link dev.longshore.outbox.OutboxRelay}
 * sends it after the commit, by the id that the row has, and deletes it when Longshore has the job. A crash between the two makes
 * the relay send it again, and Longshore recognises the id. The table is made by the files in {@code db/longshore/<database>}.
 */
@NullMarked
package dev.longshore.outbox;

import org.jspecify.annotations.NullMarked;
