package dev.longshore.outbox;

import javax.sql.DataSource;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.SAME_THREAD)
class OutboxPostgreSqlTest extends OutboxContract {
    @Override
    DataSource database() {
        return Databases.postgresql();
    }
}
