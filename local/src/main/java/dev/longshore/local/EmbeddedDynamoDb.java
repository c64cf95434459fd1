package dev.longshore.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local in this JVM: over HTTP on a free loopback port, its tables in an SQLite file.
 *
 * <p>Its handler runs on a Jetty server of ours: its own {@code ServerRunner} prints to standard output, listens on every
 * interface, does not return the port it got, and reports usage to AWS.
 */
final class EmbeddedDynamoDb implements AutoCloseable {
    private static final String NATIVE_FOLDER = "org.sqlite.tmpdir";

    private final Server server;
    private final LocalDynamoDBServerHandler handler;
    private final URI endpoint;

    private EmbeddedDynamoDb(Server server, LocalDynamoDBServerHandler handler, URI endpoint) {
        this.server = server;
        this.handler = handler;
        this.endpoint = endpoint;
    }

    static EmbeddedDynamoDb start(Path data) {
        try {
            Path tables = Files.createDirectories(data.resolve("dynamodb")).toAbsolutePath();
            sweepNativeLibraries(Files.createDirectories(data.resolve("native")).toAbsolutePath());
            boolean inMemory = false;
            boolean oneFileForAllRegionsAndKeys = true;
            boolean delayTransientStatuses = false;
            var handler = new LocalDynamoDBServerHandler(
                    new LocalDynamoDBRequestHandler(
                            0, inMemory, tables.toString(), oneFileForAllRegionsAndKeys, delayTransientStatuses),
                    null);
            return serve(handler);
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local did not start with its data in " + data, e);
        }
    }

    private static EmbeddedDynamoDb serve(LocalDynamoDBServerHandler handler) throws Exception {
        var threads = new QueuedThreadPool(32, 2);
        threads.setName("dynamodb");
        threads.setDaemon(true);
        var server = new Server(threads);
        var connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        server.addConnector(connector);
        server.setHandler(new ContextHandler(handler, "/"));
        server.start();
        return new EmbeddedDynamoDb(server, handler, URI.create("http://127.0.0.1:" + connector.getLocalPort()));
    }

    /** SQLite's library is unpacked at each start and deleted at a clean end only: what a kill left is removed here. */
    private static void sweepNativeLibraries(Path folder) throws IOException {
        if (System.getProperty(NATIVE_FOLDER) != null) {
            return; // chosen by the user, or already loaded by this process
        }
        try (var stale = Files.newDirectoryStream(folder, "sqlite-*")) {
            for (Path library : stale) {
                Files.deleteIfExists(library);
            }
        }
        System.setProperty(NATIVE_FOLDER, folder.toString());
    }

    URI endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local did not stop", e);
        } finally {
            handler.close();
        }
    }
}
