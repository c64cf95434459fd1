package dev.longshore.job.aws;

import dev.longshore.job.UploadUrls;
import dev.longshore.task.FileNames;
import dev.longshore.task.FileStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * A {@link FileStore} in an S3 bucket: three calls of its REST API ("GetObject", "PutObject", "DeleteObject", Amazon S3 API
 * Reference), signed by the SDK's signer. The SDK's own S3 client would be a third of each function's jar (ADR 7).
 *
 * <p>A call is tried three times: when there is no answer, and when that is 429 or 5xx; and no more once another try could not
 * end within the call's time. Bytes of a file that flow have no limit of time.
 */
public final class S3FileStore implements FileStore, UploadUrls {
    private static final int TRIES = 3;
    private static final String CHECKSUM = "x-amz-checksum-sha256";
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);

    /** So many bytes of an error are read; S3's own have some 300. */
    private static final int LONGEST_ERROR = 4 * 1024;

    private final URI bucket;
    private final String region;
    private final IdentityProvider<? extends AwsCredentialsIdentity> credentials;
    private final SdkHttpClient http;
    private final CallTimeouts timeouts;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    /** @param bucket the URL of the bucket, without a slash at its end */
    S3FileStore(
            URI bucket,
            String region,
            IdentityProvider<? extends AwsCredentialsIdentity> credentials,
            CallTimeouts timeouts) {
        this.bucket = bucket;
        this.region = region;
        this.credentials = credentials;
        this.http = timeouts.http().build();
        this.timeouts = timeouts;
    }

    /**
     * The bucket as Lambda's environment names it: its region is {@code AWS_REGION}; {@code AWS_ENDPOINT_URL_S3} or {@code
     * AWS_ENDPOINT_URL}, where set, replace S3's own endpoint ("Service-specific endpoints", AWS SDKs and Tools Reference Guide).
     */
    static S3FileStore of(
            String bucket,
            Map<String, String> environment,
            IdentityProvider<? extends AwsCredentialsIdentity> credentials,
            CallTimeouts timeouts) {
        String region = Objects.requireNonNullElse(environment.get("AWS_REGION"), "us-east-1");
        String endpoint = Objects.requireNonNullElse(
                environment.get("AWS_ENDPOINT_URL_S3"), environment.getOrDefault("AWS_ENDPOINT_URL", ""));
        String url = endpoint.isEmpty() ? bucketUrl(bucket, region) : endpoint.replaceAll("/+$", "") + "/" + bucket;
        return new S3FileStore(URI.create(url), region, credentials, timeouts);
    }

    /** The suffix depends on the partition: {@code amazonaws.com}, or {@code amazonaws.com.cn} in China. */
    static String bucketUrl(String bucket, String region) {
        String suffix = PartitionMetadata.of(Region.of(region)).dnsSuffix();
        return "https://" + bucket + ".s3." + region + "." + suffix;
    }

    @Override
    public InputStream read(String name) throws IOException {
        HttpExecuteResponse response = call(SdkHttpMethod.GET, name, null, 0);
        if (response.httpResponse().statusCode() == 404) {
            requireBucket("Reading", name, response);
            throw new NoSuchFileException(name);
        }
        requireSuccess("Reading", name, response);
        return response.responseBody().map(InputStream.class::cast).orElseGet(InputStream::nullInputStream);
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
        put(name, () -> new ByteArrayInputStream(content), content.length);
    }

    @Override
    public void write(String name, Path content) throws IOException {
        put(
                name,
                () -> {
                    try {
                        return Files.newInputStream(content);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Files.size(content));
    }

    private void put(String name, ContentStreamProvider content, long length) throws IOException {
        HttpExecuteResponse response = call(SdkHttpMethod.PUT, name, content, length);
        requireSuccess("Writing", name, response);
        discard(response);
    }

    @Override
    public void delete(String name) throws IOException {
        HttpExecuteResponse response = call(SdkHttpMethod.DELETE, name, null, 0);
        if (response.httpResponse().statusCode() == 404) {
            requireBucket("Deleting", name, response);
            return;
        }
        requireSuccess("Deleting", name, response);
        discard(response);
    }

    /**
     * A presigned PUT: S3 refuses another length or checksum, since both are among the signed headers ("Authenticating requests:
     * using query parameters", Amazon S3 API Reference). It is the function's role that writes, and the URL ends with the
     * credentials of its environment if that is earlier.
     */
    @Override
    public Target put(String file, int bytes, @Nullable String sha256, Duration lasts) {
        Map<String, String> headers = sha256 == null ? Map.of() : Map.of(CHECKSUM, sha256);
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.PUT)
                .uri(URI.create(bucket + "/" + FileNames.require(file)))
                .putHeader("Content-Length", Integer.toString(bytes));
        headers.forEach(request::putHeader);
        AwsCredentialsIdentity identity = credentials.resolveIdentity().join();
        SignedRequest signed = signer.sign(sign -> sign.identity(identity)
                .request(request.build())
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AwsV4HttpSigner.AuthLocation.QUERY_STRING)
                .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, lasts));
        return new Target(signed.request().getUri(), headers);
    }

    /**
     * A missing bucket is answered 404 as a missing file is; only the error code distinguishes them ("List of error codes", Amazon S3 API
     * Reference). Files of a bucket that is missing, or misnamed in a deployment, are not lost.
     */
    private static void requireBucket(String what, String name, HttpExecuteResponse notFound) throws IOException {
        String error = "";
        if (notFound.responseBody().isPresent()) {
            try (InputStream body = notFound.responseBody().get()) {
                error = new String(body.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
                body.skip(Long.MAX_VALUE);
            }
        }
        if (error.contains("<Code>NoSuchBucket</Code>")) {
            throw new IOException(
                    what + " the file " + name + " was answered 404 (NoSuchBucket) by S3: the bucket does not exist");
        }
    }

    private HttpExecuteResponse call(
            SdkHttpMethod method, String name, @Nullable ContentStreamProvider content, long length)
            throws IOException {
        FileNames.require(name);
        long start = System.nanoTime();
        for (int tries = 1; ; tries++) {
            try {
                HttpExecuteResponse response = callOnce(method, name, content, length);
                int status = response.httpResponse().statusCode();
                if (isLast(tries, start) || (status != 429 && status < 500)) {
                    return response;
                }
                discard(response);
            } catch (IOException e) {
                if (isLast(tries, start)) {
                    throw new IOException(
                            "The S3 call for the file " + name + " got no answer in " + tries + " tries", e);
                }
            }
            pause(longestPause(tries));
        }
    }

    private boolean isLast(int tries, long start) {
        Duration spent = Duration.ofNanos(System.nanoTime() - start);
        Duration endOfAnother = spent.plus(longestPause(tries)).plus(timeouts.attempt());
        return tries == TRIES || endOfAnother.compareTo(timeouts.call()) > 0;
    }

    private static Duration longestPause(int tries) {
        return FIRST_WAIT.multipliedBy(1L << tries);
    }

    private HttpExecuteResponse callOnce(
            SdkHttpMethod method, String name, @Nullable ContentStreamProvider content, long length)
            throws IOException {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(method).uri(URI.create(bucket + "/" + name));
        if (content != null) {
            request.putHeader("Content-Length", Long.toString(length));
        }
        AwsCredentialsIdentity identity = credentials.resolveIdentity().join();
        SignedRequest signed = signer.sign(sign -> sign.identity(identity)
                .request(request.build())
                .payload(content)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false));
        HttpExecuteRequest.Builder execute = HttpExecuteRequest.builder().request(signed.request());
        signed.payload().ifPresent(execute::contentStreamProvider);
        return http.prepareRequest(execute.build()).call();
    }

    private static void requireSuccess(String what, String name, HttpExecuteResponse response) throws IOException {
        int status = response.httpResponse().statusCode();
        if (status >= 300) {
            discard(response);
            throw new IOException(what + " the file " + name + " was answered " + status + " by S3"
                    + (status == 403 ? "; the function's role may not do that" : ""));
        }
    }

    /** A connection is used again only when its answer was read. */
    private static void discard(HttpExecuteResponse response) throws IOException {
        if (response.responseBody().isPresent()) {
            try (InputStream body = response.responseBody().get()) {
                body.skip(Long.MAX_VALUE);
            }
        }
    }

    private static void pause(Duration longest) throws IOException {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(longest.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted between two tries", e);
        }
    }
}
