package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.longshore.job.DayShards;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private HttpServer dynamoDb;
    private DynamoDbClient client;
    private int status = 200;
    private String answer = "{}";

    @BeforeEach
    void start() throws IOException {
        dynamoDb = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        dynamoDb.createContext("/", exchange -> {
            connectionHeaders.add(exchange.getRequestHeaders().getFirst("Connection"));
            ports.add(exchange.getRemoteAddress().getPort());
            byte[] bytes = (status == 200 ? answer : "{\"__type\":\"AccessDeniedException\",\"message\":\"not yet\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
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
        assertThat(new WriteTokens(one).next())
                .as("copies, as the snapshot has them")
                .isEqualTo(new WriteTokens(other).next());

        hooks(one).afterRestore(Core.getGlobalContext());
        hooks(other).afterRestore(Core.getGlobalContext());

        assertThat(new WriteTokens(one).next()).isNotEqualTo(new WriteTokens(other).next());
        assertThat(one.nextLong()).isNotEqualTo(other.nextLong());
    }

    private SnapStartHooks hooks(FreshRandom random) {
        return new SnapStartHooks(random, client, "jobs", new ShardsCheck(client, "jobs", DayShards.SIXTEEN));
    }

    /** The same state in each copy, and what differs between copies that run: here a count, in Lambda the system's entropy. */
    private FreshRandom inTheSnapshot() {
        AtomicLong entropy = new AtomicLong();
        return new FreshRandom(() -> new Random(entropy.getAndIncrement() == 0 ? 0 : restores.incrementAndGet()));
    }

    @Test
    void readsBeforeTheSnapshotLeaveNoConnectionInIt() {
        hooks(FreshRandom.secure()).beforeCheckpoint(Core.getGlobalContext());

        assertThat(connectionHeaders).hasSize(2).last().isEqualTo("close");
        assertThat(ports).hasSize(1);
    }

    @Test
    void aRoleThatMayNotReadYetStopsNoDeployment() {
        status = 400;

        assertThatCode(() -> hooks(FreshRandom.secure()).beforeCheckpoint(Core.getGlobalContext()))
                .doesNotThrowAnyException();

        assertThat(connectionHeaders).isNotEmpty();
    }

    /** What fails in this hook fails the version that CloudFormation publishes, and with it the deployment. */
    @Test
    void anotherNumberOfShardsStopsTheDeployment() {
        answer = "{\"Item\":{\"n\":{\"N\":\"256\"}}}";

        assertThatIllegalStateException()
                .isThrownBy(() -> hooks(FreshRandom.secure()).beforeCheckpoint(Core.getGlobalContext()))
                .withMessageContaining("Table jobs has 256 shards a day, and this deployment is set to 16");
    }

    @Test
    void theNumberOfShardsIsComparedAfterARestoreOnlyWhereThereWasNoAnswerBefore() {
        SnapStartHooks unanswered = hooks(FreshRandom.secure());
        status = 400;
        unanswered.beforeCheckpoint(Core.getGlobalContext());
        assertThatThrownBy(() -> unanswered.afterRestore(Core.getGlobalContext()))
                .isInstanceOf(StoreUnavailableException.class);
        status = 200;
        unanswered.afterRestore(Core.getGlobalContext());

        int calls = connectionHeaders.size();
        unanswered.afterRestore(Core.getGlobalContext());
        assertThat(connectionHeaders).hasSize(calls);
    }

    @Test
    void theEnginesOfAFunctionDrawFromWhatARestoreRenews() {
        System.setProperty("aws.region", "eu-central-1");

        Engines engines = AwsEngines.fromEnvironment(Map.of(
                "LONGSHORE_TABLE",
                "jobs",
                "LONGSHORE_QUEUES",
                "default=a,b",
                "LONGSHORE_BUCKET",
                "files",
                "AWS_LAMBDA_INITIALIZATION_TYPE",
                "snap-start"));

        assertThat(SnapStartHooks.areRegisteredFor(engines.random())).isTrue();
    }
}
