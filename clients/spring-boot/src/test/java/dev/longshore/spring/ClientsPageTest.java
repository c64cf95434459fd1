package dev.longshore.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java snippets of docs/clients.md and docs/migrating.md compile as they are, against the three artifacts. */
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

    /** A function of Lambda; what it uses of aws-lambda-java-events, which this build does not have, is declared with it. */
    private static final String PRODUCER = """
            interface Context {}
            record SQSBatchResponse(List<?> failures) {}
            record SQSEvent(List<SQSMessage> getRecords) {
                record SQSMessage(String getMessageId, String getBody) {}
            }
            interface RequestHandler {
                SQSBatchResponse handleRequest(SQSEvent event, Context context);
            }
            public final class Producer implements RequestHandler, Callable<List<String>> {
                private final FakeLongshore fake = new FakeLongshore();
                private final Longshore longshore = fake.client();

                Video payloadOf(SQSEvent.SQSMessage message) {
                    return new Video(message.getBody());
                }

                @Override
                public List<String> call() {
                    SQSEvent delivered = new SQSEvent(List.of(
                            new SQSEvent.SQSMessage("1", "a.mp4"), new SQSEvent.SQSMessage("2", "b.mp4")));
                    handleRequest(delivered, null);
                    handleRequest(delivered, null); // as after a failure of the batch
                    return fake.enqueued("resize").stream()
                            .map(job -> job.payload(Video.class).source() + " under "
                                    + job.field("idempotencyKey").orElseThrow().asString())
                            .toList();
                }

            """;

    @TempDir
    Path folder;

    @Test
    void javaSnippetsCompile() throws IOException {
        List<String> blocks = blocks("clients.md");
        assertThat(blocks).hasSizeGreaterThan(10);

        for (String block : blocks) {
            compile("Application", APPLICATION + inContext(block) + "}\n");
        }
    }

    @Test
    void producerThatOnlyEnqueuesDoes() throws Exception {
        List<String> blocks = blocks("migrating.md");
        assertThat(blocks).hasSize(1);

        compile("Producer", "record Video(String source) {}\n" + PRODUCER + blocks.get(0) + "}\n");

        URL[] classes = {folder.toUri().toURL()};
        try (URLClassLoader compiled = new URLClassLoader(classes, getClass().getClassLoader())) {
            Callable<?> producer = (Callable<?>)
                    compiled.loadClass("Producer").getConstructor().newInstance();
            assertThat(producer.call()).isEqualTo(List.of("a.mp4 under 1", "b.mp4 under 2"));
        }
    }

    private static List<String> blocks(String page) throws IOException {
        return FENCE.matcher(Files.readString(Path.of("../../docs", page)))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private void compile(String name, String code) throws IOException {
        Path source = folder.resolve(name + ".java");
        Files.writeString(source, IMPORTS + code);
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
        assertThat(status).as(code + errors.toString(StandardCharsets.UTF_8)).isZero();
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
