package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.net.httpserver.HttpServer;
import dev.longshore.job.Engines;
import dev.longshore.job.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.crac.Core;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The hooks, called as SnapStart calls them. Two functions from one snapshot are two with the same state. */
class SnapStartHooksTest {
    private final AtomicLong restores = new AtomicLong();
    private final List<String> connectionHeaders = new CopyOnWriteArrayList<>();
    private HttpServer dynamoDb;
    private DynamoDbClient client;
    private int status = 200;

    @BeforeEach
    void start() throws IOException {
        dynamoDb = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        dynamoDb.createContext("/", exchange -> {
            connectionHeaders.add(exchange.getRequestHeaders().getFirst("Connection"));
            byte[] answer = (status == 200 ? "{}" : "{\"__type\":\"AccessDeniedException\",\"message\":\"not yet\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        dynamoDb.start();
        client = DynamoDbClient.builder()
                .endpointOverride(
                        URI.create("http://127.0.0.1:" + dynamoDb.getAddress().getPort()))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        dynamoDb.stop(0);
    }

    @Test
    void copiesOfOneSnapshotDrawDifferentTokensAfterTheyAreRestored() {
        FreshRandom one = inTheSnapshot();
        FreshRandom other = inTheSnapshot();
        assertThat(new Tokens(one).next())
                .as("copies, as the snapshot has them")
                .isEqualTo(new Tokens(other).next());

        new SnapStartHooks(one, client, "jobs").afterRestore(Core.getGlobalContext());
        new SnapStartHooks(other, client, "jobs").afterRestore(Core.getGlobalContext());

        assertThat(new Tokens(one).next()).isNotEqualTo(new Tokens(other).next());
        assertThat(one.nextLong()).isNotEqualTo(other.nextLong());
    }

    /** The same state in each copy, and what no copy shares once it runs: here a count, in Lambda the system's entropy. */
    private FreshRandom inTheSnapshot() {
        AtomicLong entropy = new AtomicLong();
        return new FreshRandom(() -> new Random(entropy.getAndIncrement() == 0 ? 0 : restores.incrementAndGet()));
    }

    @Test
    void primingReadsOneRowAndLeavesNoConnectionInTheSnapshot() {
        new SnapStartHooks(FreshRandom.secure(), client, "jobs").beforeCheckpoint(Core.getGlobalContext());

        assertThat(connectionHeaders).containsExactly("close");
    }

    @Test
    void aRoleThatMayNotReadYetStopsNoDeployment() {
        status = 400;

        assertThatCode(() -> new SnapStartHooks(FreshRandom.secure(), client, "jobs")
                        .beforeCheckpoint(Core.getGlobalContext()))
                .doesNotThrowAnyException();

        assertThat(connectionHeaders).isNotEmpty();
    }

    @Test
    void theEnginesOfAFunctionDrawFromWhatARestoreRenews() {
        System.setProperty("aws.region", "eu-central-1");

        Engines engines = AwsEngines.fromEnvironment(
                Map.of("LONGSHORE_TABLE", "jobs", "LONGSHORE_QUEUES", "default=a,b", "LONGSHORE_BUCKET", "files"));

        assertThat(SnapStartHooks.areRegisteredFor(engines.random())).isTrue();
    }
}
