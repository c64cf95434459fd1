package dev.longshore.spring;

import dev.longshore.client.JobRequest;
import dev.longshore.outbox.Outbox;
import dev.longshore.outbox.OutboxRelay;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Enqueues jobs when the current transaction commits; a rollback leaves no job. */
public class TransactionalOutbox {
    private static final String TASK = "enqueue a job in longshore_outbox";

    private final DataSource database;
    private final OutboxRelay relay;
    private final TraceContext trace;

    TransactionalOutbox(DataSource database, OutboxRelay relay, TraceContext trace) {
        this.database = database;
        this.relay = relay;
        this.trace = trace;
    }

    /**
     * Enqueues a job with the current transaction.
     *
     * @return the job's id
     * @throws IllegalStateException when there is no transaction, or it is one of another DataSource
     * @throws DataAccessException when the row cannot be written
     */
    public String enqueue(String task, Object payload) {
        return enqueue(JobRequest.of(task, payload));
    }

    /**
     * Enqueues a job with the current transaction. It has the current trace's context when it has none of its own.
     *
     * @return the job's id
     * @throws IllegalStateException when there is no transaction, or it is one of another DataSource
     * @throws DataAccessException when the row cannot be written
     */
    public String enqueue(JobRequest request) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("There is no transaction that the job of task " + request.task()
                    + " could belong to. Call this within @Transactional, or enqueue by Longshore itself");
        }
        Connection connection = DataSourceUtils.getConnection(database);
        String id;
        try {
            id = Outbox.enqueue(connection, traced(request));
        } catch (SQLException e) {
            DataAccessException translated = new SQLExceptionSubclassTranslator().translate(TASK, null, e);
            throw translated == null ? new UncategorizedSQLException(TASK, null, e) : translated;
        } finally {
            DataSourceUtils.releaseConnection(connection, database);
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                relay.nudge();
            }
        });
        return id;
    }

    private JobRequest traced(JobRequest request) {
        String current = request.traceparent().isPresent() ? null : trace.get();
        return current == null ? request : request.traceparent(current);
    }
}
