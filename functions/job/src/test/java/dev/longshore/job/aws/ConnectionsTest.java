package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.longshore.job.Parallel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Counts the connections of nine batches of 64 calls each, made by a JVM that has just started. */
class ConnectionsTest {
    private static final int BATCH = 64;
    private static final int BATCHES = 9;

    private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
    private final CyclicBarrier wholeBatch = new CyclicBarrier(BATCH);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;

    /** The process: keeps connections by code if its arguments say so, and calls the server. */
    static final class Caller {
        public static void main(String[] arguments) {
            if (arguments.length > 1) {
                CallTimeouts.keepConnections();
            }
            List<Integer> callers = IntStream.range(0, BATCH).boxed().toList();
            CallTimeouts patient = new CallTimeouts(Duration.ofMinutes(1), Duration.ofMinutes(2));
            try (DynamoDbClient client = patient.applyTo(DynamoDbClient.builder())
                    .endpointOverride(URI.create(arguments[0]))
                    .region(Region.EU_CENTRAL_1)
                    .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                    .build()) {
                for (int batch = 0; batch < BATCHES; batch++) {
                    Parallel.each(callers, caller -> client.listTables());
                }
            }
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BATCH);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            clients.add(exchange.getRemoteAddress());
            exchange.getRequestBody().readAllBytes();
            awaitWholeBatch();
            byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    /** So that all 64 calls of a batch are in flight at once. */
    private void awaitWholeBatch() throws IOException {
        try {
            wholeBatch.await();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void functionOpensNoMoreConnectionsThanItMakesCallsAtOnce() throws Exception {
        call(List.of(CallTimeouts.CONNECTIONS_FLAG), List.of());

        assertThat(clients).hasSize(BATCH);
    }

    @Test
    void processWithoutTheFlagDoesSoByCode() throws Exception {
        call(List.of(), List.of("keepConnections"));

        assertThat(clients).hasSize(BATCH);
    }

    @Test
    void javasDefaultOpensAConnectionForNearlyEveryCall() throws Exception {
        call(List.of(), List.of());

        assertThat(clients).hasSizeGreaterThan(BATCH * BATCHES / 2);
    }

    private void call(List<String> flags, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), Caller.class.getName()));
        command.add("http://127.0.0.1:" + server.getAddress().getPort());
        command.addAll(arguments);
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
