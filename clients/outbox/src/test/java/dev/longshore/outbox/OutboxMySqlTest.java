package dev.longshore.outbox;

import javax.sql.DataSource;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** On a MySQL or MariaDB that runs already, as the workflow's does: {@code -Doutbox.mysql=jdbc:mysql://127.0.0.1:3306/outbox?user=…&password=…}. */
@Execution(ExecutionMode.SAME_THREAD)
@EnabledIfSystemProperty(named = "outbox.mysql", matches = "jdbc:mysql:.+")
class OutboxMySqlTest extends OutboxContract {
    @Override
    DataSource database() {
        return Databases.mysql();
    }
}
