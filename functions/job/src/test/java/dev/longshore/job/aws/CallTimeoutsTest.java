package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkServiceClientConfiguration;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Against servers that accept a connection and then answer late, slowly or never. */
class CallTimeoutsTest {
    private static final CallTimeouts SHORT = new CallTimeouts(Duration.ofMillis(100), Duration.ofMillis(300));
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret"));

    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        threads.close();
    }

    @Test
    void callThatIsNeverAnsweredEndsWithTheTimeOfAllItsTries() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            URI endpoint = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            try (DynamoDbClient client =
                    client(DynamoDbClient.builder(), SHORT, endpoint).build()) {
                assertTimesOut(() -> client.listTables());
            }
            try (SqsClient client = client(SqsClient.builder(), SHORT, endpoint).build()) {
                assertTimesOut(() -> client.listQueues());
            }
            try (SecretsManagerClient client =
                    client(SecretsManagerClient.builder(), SHORT, endpoint).build()) {
                assertTimesOut(() -> client.listSecrets());
            }
        }
    }

    @Test
    void answerThatTricklesEndsWithTheTimeOfTheCallOnEveryKindOfThread() throws Exception {
        server.createContext("/", this::trickle);
        try (DynamoDbClient client =
                client(DynamoDbClient.builder(), SHORT, endpoint()).build()) {
            for (ThreadFactory kind :
                    List.of(Thread.ofPlatform().factory(), Thread.ofVirtual().factory())) {
                try (ExecutorService caller = Executors.newThreadPerTaskExecutor(kind)) {
                    caller.submit(() -> assertTimesOut(client::listTables)).get();
                }
            }
        }
    }

    @Test
    void tryThatHangsIsFollowedByAnother() {
        server.createContext("/", exchange -> {
            if (requests.incrementAndGet() == 1) {
                awaitEnd();
            }
            answer(exchange);
        });
        CallTimeouts longCall = new CallTimeouts(Duration.ofSeconds(1), Duration.ofMinutes(1));
        try (DynamoDbClient client =
                client(DynamoDbClient.builder(), longCall, endpoint()).build()) {
            assertThat(client.listTables().tableNames()).isEmpty();
        }

        assertThat(requests).hasValueGreaterThan(1);
    }

    @Test
    void fileThatS3NeverAnswersAboutFailsWhenAnotherTryCouldNotEndInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            Map<String, String> environment = Map.of("AWS_ENDPOINT_URL", "http://127.0.0.1:" + silent.getLocalPort());

            assertThatIOException()
                    .isThrownBy(() -> S3FileStore.of("files", environment, CREDENTIALS, SHORT)
                            .read("a"))
                    .withMessage("The S3 call for the file a got no answer in 1 tries");
            assertThatIOException()
                    .isThrownBy(() -> S3FileStore.of(
                                    "files",
                                    environment,
                                    CREDENTIALS,
                                    new CallTimeouts(Duration.ofMillis(10), Duration.ofMinutes(1)))
                            .read("a"))
                    .withMessageContaining("in 3 tries");
        }
    }

    @Test
    void everyClientOfAFunctionHasTheUsualTimes() {
        System.setProperty("aws.region", "eu-central-1");
        try (DynamoDbClient dynamoDb = AwsEngines.dynamoDb();
                SqsClient sqs = AwsEngines.sqs();
                SecretsManagerClient secrets = AwsEngines.secretsManager();
                SqsClient longPolls = AwsEngines.sqsForLongPolls()) {
            assertThat(List.of(
                            dynamoDb.serviceClientConfiguration(),
                            sqs.serviceClientConfiguration(),
                            secrets.serviceClientConfiguration()))
                    .extracting(CallTimeoutsTest::timesOf)
                    .containsOnly(CallTimeouts.USUAL);
            assertThat(timesOf(longPolls.serviceClientConfiguration()).attempt())
                    .isGreaterThan(CallTimeouts.LONGEST_POLL);
        }
    }

    private static CallTimeouts timesOf(SdkServiceClientConfiguration client) {
        return new CallTimeouts(
                client.overrideConfiguration().apiCallAttemptTimeout().orElseThrow(),
                client.overrideConfiguration().apiCallTimeout().orElseThrow());
    }

    private static void assertTimesOut(Runnable call) {
        assertThatExceptionOfType(ApiCallTimeoutException.class).isThrownBy(call::run);
    }

    private static <B extends AwsClientBuilder<B, ?> & SdkSyncClientBuilder<B, ?>> B client(
            B builder, CallTimeouts timeouts, URI endpoint) {
        return timeouts.applyTo(builder)
                .endpointOverride(endpoint)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(CREDENTIALS);
    }

    private URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A byte every few milliseconds: no read of the socket waits for long. */
    private void trickle(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            do {
                body.write(' ');
                body.flush();
            } while (!isEnded(Duration.ofMillis(5)));
        }
    }

    private boolean isEnded(Duration wait) {
        try {
            return end.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void awaitEnd() {
        isEnded(Duration.ofMinutes(1));
    }

    private static void answer(HttpExchange exchange) throws IOException {
        byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}
