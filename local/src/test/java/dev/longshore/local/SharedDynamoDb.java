package dev.longshore.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The DynamoDB Local of a JVM: the first class that uses it starts it, and JUnit closes it after the last class. */
final class SharedDynamoDb implements AutoCloseable {
    private final Path data;
    private final EmbeddedDynamoDb server;

    private SharedDynamoDb(Path data) {
        this.data = data;
        this.server = EmbeddedDynamoDb.start(data);
    }

    static SharedDynamoDb of(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(SharedDynamoDb.class, key -> start(), SharedDynamoDb.class);
    }

    private static SharedDynamoDb start() {
        try {
            return new SharedDynamoDb(Files.createTempDirectory("dynamodb"));
        } catch (IOException e) {
            throw new UncheckedIOException("There is no folder for DynamoDB Local's data", e);
        }
    }

    URI endpoint() {
        return server.endpoint();
    }

    Path data() {
        return data;
    }

    @Override
    public void close() throws IOException {
        server.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
