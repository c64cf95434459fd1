package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longshore.job.Body;
import dev.longshore.job.BodyStore;
import dev.longshore.job.DayShards;
import dev.longshore.job.JobId;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.UploadUrls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Against a server that keeps what it is sent; the end-to-end suites use S3's own implementations. */
class S3FileStoreTest {
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Deque<Integer> failures = new ArrayDeque<>();
    private final List<String> authorizations = new ArrayList<>();
    private boolean bucketIsThere = true;
    private HttpServer server;
    private S3FileStore files;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        files = S3FileStore.of(
                "bucket",
                Map.of("AWS_REGION", "eu-central-1", "AWS_ENDPOINT_URL", endpoint),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret")),
                CallTimeouts.USUAL);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void whatIsWrittenIsReadUntilItIsDeleted(@TempDir Path folder) throws IOException {
        files.write("jobs/2026/a_b.bin", new byte[] {1, 2, 3});
        files.write("copy", Files.write(folder.resolve("x"), new byte[] {4, 5}));

        assertThat(objects).containsOnlyKeys("/bucket/jobs/2026/a_b.bin", "/bucket/copy");
        assertThat(read("jobs/2026/a_b.bin")).containsExactly(1, 2, 3);
        assertThat(read("copy")).containsExactly(4, 5);

        files.delete("copy");
        files.delete("copy");
        assertThatThrownBy(() -> read("copy")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void bucketThatIsNotThereIsNoMissingFile() throws IOException {
        files.write("a", new byte[] {7});
        bucketIsThere = false;

        assertThatThrownBy(() -> read("a"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("the bucket does not exist");
        assertThatThrownBy(() -> files.delete("a"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the bucket does not exist");

        JobId job = JobId.of(1_770_000_000_000L, 1, 2);
        BodyStore bodies = new DynamoDbBodyStore(new NoTable(), "jobs", DayShards.SIXTEEN, files);
        assertThatThrownBy(() -> bodies.read(job, new Body.Apart("file:a", 1)))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void bucketHasTheHostOfItsRegionsPartition() {
        assertThat(S3FileStore.bucketUrl("files", "eu-central-1"))
                .isEqualTo("https://files.s3.eu-central-1.amazonaws.com");
        assertThat(S3FileStore.bucketUrl("files", "us-gov-west-1"))
                .isEqualTo("https://files.s3.us-gov-west-1.amazonaws.com");
        assertThat(S3FileStore.bucketUrl("files", "cn-north-1"))
                .isEqualTo("https://files.s3.cn-north-1.amazonaws.com.cn");
        assertThat(S3FileStore.bucketUrl("files", "eusc-de-east-1"))
                .isEqualTo("https://files.s3.eusc-de-east-1.amazonaws.eu");
    }

    @Test
    void anUploadsUrlIsSignedForItsLengthAndChecksum() throws Exception {
        UploadUrls.Target target =
                files.put("jobs/2026-03-10/a/upload-b", 3, "c3VtIG9mIHRoZSBjb250ZW50", Duration.ofMinutes(15));

        assertThat(target.headers()).containsExactly(Map.entry("x-amz-checksum-sha256", "c3VtIG9mIHRoZSBjb250ZW50"));
        assertThat(target.url().getRawPath()).isEqualTo("/bucket/jobs/2026-03-10/a/upload-b");
        assertThat(target.url().getQuery().split("&"))
                .contains(
                        "X-Amz-Algorithm=AWS4-HMAC-SHA256",
                        "X-Amz-Expires=900",
                        "X-Amz-SignedHeaders=content-length;host;x-amz-checksum-sha256")
                .anySatisfy(part -> assertThat(part).startsWith("X-Amz-Signature="));
        HttpRequest put = HttpRequest.newBuilder(target.url())
                .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[] {1, 2, 3}))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(put, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
        }
        assertThat(read("jobs/2026-03-10/a/upload-b")).containsExactly(1, 2, 3);
        assertThat(target).asString().doesNotContain("Signature");
    }

    @Test
    void everyCallIsSignedForTheRegionAndTheService() throws IOException {
        files.write("a", new byte[0]);
        read("a");

        assertThat(authorizations)
                .hasSize(2)
                .allSatisfy(authorization -> assertThat(authorization)
                        .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                        .contains("/eu-central-1/s3/aws4_request"));
    }

    @Test
    void aCallIsTriedThreeTimesWhenTheServerFailsOrIsBusy() throws IOException {
        failures.addAll(List.of(503, 429));
        files.write("a", new byte[] {7});
        assertThat(read("a")).containsExactly(7);

        failures.addAll(List.of(500, 500, 500));
        assertThatThrownBy(() -> read("a")).isInstanceOf(IOException.class).hasMessageContaining("answered 500");
        assertThat(failures).isEmpty();
    }

    @Test
    void aRefusalIsNotTriedAgainAndSaysWhatToLookAt() {
        failures.add(403);

        assertThatThrownBy(() -> files.write("a", new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessage("Writing the file a was answered 403 by S3; the function's role may not do that");
        assertThat(authorizations).hasSize(1);
    }

    @Test
    void aNameThatCouldLeadElsewhereIsRefused() {
        for (String name : List.of(
                "",
                "../x",
                "a/../../other-bucket/x",
                "a/./x",
                "a//x",
                "a/",
                "..",
                "a?versionId=1",
                "/x",
                "a#b",
                "a\\..\\b",
                "%2e%2e/x",
                "a\r\nHost: elsewhere",
                "a\u0000",
                "x".repeat(513))) {
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> files.read(name));
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> files.write(name, new byte[0]));
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> files.delete(name));
        }
        assertThat(authorizations).isEmpty();
    }

    private byte[] read(String name) throws IOException {
        try (InputStream in = files.read(name)) {
            return in.readAllBytes();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] sent = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getRawPath();
            Integer failure = failures.poll();
            if (failure != null) {
                exchange.sendResponseHeaders(failure, -1);
                return;
            }
            if (!bucketIsThere) {
                refuse(exchange, "NoSuchBucket");
                return;
            }
            switch (exchange.getRequestMethod()) {
                case "PUT" -> {
                    objects.put(path, sent);
                    exchange.sendResponseHeaders(200, -1);
                }
                case "DELETE" -> {
                    objects.remove(path);
                    exchange.sendResponseHeaders(204, -1);
                }
                default -> {
                    byte[] object = objects.get(path);
                    if (object == null) {
                        refuse(exchange, "NoSuchKey");
                        return;
                    }
                    exchange.sendResponseHeaders(200, object.length);
                    exchange.getResponseBody().write(object);
                }
            }
        }
    }

    /** As in "Error responses", Amazon S3 API Reference. */
    private static void refuse(HttpExchange exchange, String code) throws IOException {
        byte[] error = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code
                        + "</Code><Message>It does not exist</Message><RequestId>1</RequestId></Error>")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(404, error.length);
        exchange.getResponseBody().write(error);
    }

    /** A body that is a file is read without the table. */
    private static final class NoTable implements DynamoDbClient {
        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
