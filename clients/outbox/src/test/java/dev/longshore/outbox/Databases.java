package dev.longshore.outbox;

import com.mysql.cj.jdbc.MysqlDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** Databases for tests, with the table made by the files that ship. */
final class Databases {
    private Databases() {}

    static DataSource h2() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        migrate(h2, "h2");
        return h2;
    }

    /** A real one, of this process; stopped when the JVM ends. */
    static DataSource postgresql() {
        return Started.POSTGRESQL;
    }

    /** That of the property {@code outbox.mysql}, whose table is made anew. */
    static DataSource mysql() {
        return Given.MYSQL;
    }

    private static final class Given {
        static final DataSource MYSQL = connect();

        private static DataSource connect() {
            MysqlDataSource database = new MysqlDataSource();
            database.setUrl(System.getProperty("outbox.mysql"));
            try {
                execute(database, "DROP TABLE IF EXISTS longshore_outbox");
            } catch (SQLException e) {
                throw new IllegalStateException("There is no database at the URL of outbox.mysql", e);
            }
            migrate(database, "mysql");
            return database;
        }
    }

    private static final class Started {
        static final DataSource POSTGRESQL = start();

        private static DataSource start() {
            try {
                DataSource database = EmbeddedPostgres.start().getPostgresDatabase();
                migrate(database, "postgresql");
                return database;
            } catch (IOException e) {
                throw new UncheckedIOException("PostgreSQL did not start", e);
            }
        }
    }

    static void migrate(DataSource database, String kind) {
        String file = "/db/longshore/" + kind + "/V2026112801__longshore_outbox.sql";
        try (var ddl = Databases.class.getResourceAsStream(file);
                Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : new String(ddl.readAllBytes(), StandardCharsets.UTF_8).split(";\\s*(\n|$)", -1)) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(file + " cannot be run", e);
        }
    }

    static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
