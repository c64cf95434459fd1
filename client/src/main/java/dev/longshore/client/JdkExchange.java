package dev.longshore.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The JDK's HTTP client. */
final class JdkExchange implements Exchange {
    /** What HttpRequest sets by itself and refuses to be given. */
    private static final Set<String> SET_BY_THE_JDK =
            Set.of("host", "content-length", "connection", "expect", "upgrade");

    private final ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.named("longshore-http"));
    private volatile @Nullable HttpClient http;

    JdkExchange(Duration connectTimeout) {
        http = HttpClient.newBuilder()
                .connectTimeout(connectTimeout)
                // a redirect would make a GET of a POST
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(threads)
                .build();
    }

    @Override
    public Answer send(Request request) throws IOException, InterruptedException {
        HttpClient client = http;
        if (client == null) {
            throw new IOException("The client is closed");
        }
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(jdk(request), BodyHandlers.ofByteArray());
        try {
            return answer(answer.get(request.timeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            // HttpRequest's own time-out ends with the headers of the answer
            answer.cancel(true);
            throw new HttpTimeoutException(request + " has no whole answer");
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof IOException failed
                    ? failed
                    : new IOException("The request could not be sent", cause);
        }
    }

    private static HttpRequest jdk(Request request) {
        byte[] body = request.body();
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri())
                // without TLS there is nothing that settles on HTTP/2 but an upgrade that proxies stumble over
                .version(
                        "https".equals(request.uri().getScheme())
                                ? HttpClient.Version.HTTP_2
                                : HttpClient.Version.HTTP_1_1)
                .method(request.method(), body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        request.headers().forEach((name, value) -> {
            if (!SET_BY_THE_JDK.contains(name.toLowerCase(Locale.ROOT))) {
                builder.header(name, value);
            }
        });
        return builder.build();
    }

    private static Answer answer(HttpResponse<byte[]> response) throws IOException {
        Map<String, String> headers = new HashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        byte[] body = response.body();
        if ("gzip".equalsIgnoreCase(headers.get("content-encoding"))) {
            try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(body))) {
                body = unpacked.readAllBytes();
            }
        }
        return new Answer(response.statusCode(), headers, body);
    }

    /** Ends the threads. On a JDK before 21 the HTTP client's selector ends when the garbage collector finds it unused. */
    @Override
    public void close() {
        HttpClient client = http;
        http = null;
        threads.shutdown();
        if (client instanceof AutoCloseable closeable) {
            Closing.close(closeable);
        }
    }
}
