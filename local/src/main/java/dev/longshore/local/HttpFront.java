package dev.longshore.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longshore.task.Json;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays API Gateway's HTTP API: makes each request an event of payload format 2.0, and each answer a response.
 * Listens on loopback only.
 */
final class HttpFront implements AutoCloseable {
    /** The largest body that API Gateway takes ("Quotas for configuring and running an HTTP API"). */
    private static final int LARGEST_BODY = 10 * 1024 * 1024;

    private static final Set<String> TEXT = Set.of("application/json", "application/javascript", "application/xml");

    private static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private volatile CompletableFuture<RequestStreamHandler> function = new CompletableFuture<>();

    private HttpFront(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /**
     * Takes the port. Requests wait until {@link #serve} says which function answers them.
     *
     * @throws IllegalStateException when something listens on the port already, or this user may not
     */
    static HttpFront listen(int port) {
        // Without this the server holds back small answers for 40 ms, waiting for more to send with them.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            HttpFront front =
                    new HttpFront(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
            front.server.start(); // one that was never started would keep its port when it is closed
            return front;
        } catch (BindException e) {
            String why = String.valueOf(e.getMessage()).contains("Permission denied")
                    ? " is not for this user"
                    : " is taken";
            throw new IllegalStateException(
                    "Port " + port + why + "; set LONGSHORE_PORT to another one, or to 0 for any", e);
        } catch (IOException e) {
            throw new IllegalStateException("The HTTP front did not start on port " + port + ": " + e.getMessage(), e);
        }
    }

    /** Hands requests to the function from now on, in the place of the one before. */
    void serve(RequestStreamHandler answering) {
        if (!function.complete(answering)) {
            function = CompletableFuture.completedFuture(answering);
        }
    }

    /** Takes uploads besides, in the place of S3. */
    void takeUploads(LocalUploads uploads) {
        uploads.servedAt(URI.create("http://127.0.0.1:" + port()));
        server.createContext(LocalUploads.PATH, uploads::take);
    }

    int port() {
        return server.getAddress().getPort();
    }

    private record Response(
            int statusCode,
            @Nullable Map<String, String> headers,
            @Nullable String body,
            boolean isBase64Encoded) {}

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
            if (body.length > LARGEST_BODY) {
                refuseBody(exchange);
                return;
            }
            byte[] answer =
                    LocalInvocation.invoke(function.join(), "longshore-api", FUNCTION_TIMEOUT, event(exchange, body));
            send(exchange, Json.mapper().readValue(answer, Response.class));
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("A request could not be answered");
            throw e;
        }
    }

    private static byte[] event(HttpExchange exchange, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        String path = Objects.requireNonNullElse(exchange.getRequestURI().getRawPath(), "/");
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("version", "2.0");
        event.put("routeKey", "$default");
        event.put("rawPath", path);
        event.put(
                "rawQueryString",
                Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), ""));
        event.put("headers", headers);
        event.put(
                "requestContext",
                Map.of(
                        "requestId", UUID.randomUUID().toString(),
                        "stage", "$default",
                        "http",
                                Map.of(
                                        "method", exchange.getRequestMethod(),
                                        "path", path,
                                        "protocol", exchange.getProtocol(),
                                        "sourceIp",
                                                exchange.getRemoteAddress()
                                                        .getAddress()
                                                        .getHostAddress(),
                                        "userAgent", headers.getOrDefault("user-agent", ""))));
        String text = isText(headers.getOrDefault("content-type", "")) ? utf8(body) : null;
        if (body.length > 0) {
            event.put("body", text == null ? Base64.getEncoder().encodeToString(body) : text);
        }
        event.put("isBase64Encoded", body.length > 0 && text == null);
        return Json.of(event).utf8();
    }

    /**
     * Content types whose bodies are text in an event of format 2.0; those of others are in Base64 ("Work with AWS Lambda proxy
     * integrations for HTTP APIs", API Gateway Developer Guide). No content type counts as text.
     */
    private static boolean isText(String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
        return type.isEmpty() || type.startsWith("text/") || TEXT.contains(type);
    }

    /** The body as text; null when it is none, which goes into the event in Base64. */
    private static @Nullable String utf8(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static void send(HttpExchange exchange, Response response) throws IOException {
        byte[] body = new byte[0];
        if (response.body() != null) {
            body = response.isBase64Encoded()
                    ? Base64.getDecoder().decode(response.body())
                    : response.body().getBytes(StandardCharsets.UTF_8);
        }
        if (response.headers() != null) {
            response.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        }
        boolean bodyless = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
        exchange.sendResponseHeaders(response.statusCode(), bodyless ? -1 : body.length);
        if (!bodyless) {
            exchange.getResponseBody().write(body);
        }
    }

    /** As API Gateway does, before any function is called. */
    private static void refuseBody(HttpExchange exchange) throws IOException {
        byte[] answer = Json.of(Map.of(
                        "type",
                        "about:blank",
                        "title",
                        "Content Too Large",
                        "status",
                        413,
                        "detail",
                        "the body has more than " + LARGEST_BODY + " bytes",
                        "retryable",
                        false,
                        "requestId",
                        UUID.randomUUID().toString()))
                .utf8();
        exchange.getRequestBody().skip(Long.MAX_VALUE);
        exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
        exchange.sendResponseHeaders(413, answer.length);
        exchange.getResponseBody().write(answer);
    }

    @Override
    public void close() {
        function.cancel(false); // requests that still wait for it are not answered
        server.stop(1);
        threads.close();
    }
}
