package dev.longshore.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java snippets of docs/clients.md compile as they are, against the three artifacts. */
class ClientsPageTest {
    private static final Pattern FENCE = Pattern.compile("(?ms)^```java\\n(.*?)^```");

    private static final String IMPORTS = """
            import dev.longshore.client.*;
            import dev.longshore.client.testing.*;
            import dev.longshore.outbox.*;
            import dev.longshore.spring.*;
            import java.sql.*;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            import javax.sql.DataSource;
            import org.springframework.stereotype.Service;
            import org.springframework.transaction.annotation.Transactional;
            """;

    /** What an application has besides. */
    private static final String APPLICATION = """
            record Video(String source) {}
            record Receipt(int amount) {}
            record ShipOrder(String order) {}
            abstract class Application {
                abstract String currentTraceparent();
                abstract void saveOrder(Connection connection, String order) throws SQLException;
            """;

    @TempDir
    Path folder;

    @Test
    void javaSnippetsCompile() throws IOException {
        List<String> blocks = FENCE.matcher(Files.readString(Path.of("../../docs/clients.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).hasSizeGreaterThan(10);

        for (String block : blocks) {
            Path source = folder.resolve("Application.java");
            Files.writeString(source, IMPORTS + APPLICATION + inContext(block) + "}\n");
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            int status = ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            errors,
                            errors,
                            "-proc:none",
                            "--release",
                            "17",
                            "-d",
                            folder.toString(),
                            "-classpath",
                            System.getProperty("java.class.path"),
                            source.toString());
            assertThat(status)
                    .as(block + errors.toString(StandardCharsets.UTF_8))
                    .isZero();
        }
    }

    /** A class is one of the application's; statements are those of a method with what the page speaks of. */
    private static String inContext(String block) {
        return block.startsWith("@Service")
                ? block
                : "void snippet(" + (block.contains("Longshore longshore =") ? "" : "Longshore longshore, ")
                        + "Connection connection, DataSource dataSource, String key, String order, List<Video> videos)"
                        + " throws Exception {\n" + block + "}\n";
    }
}
