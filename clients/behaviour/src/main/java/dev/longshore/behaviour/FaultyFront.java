package dev.longshore.behaviour;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longshore.task.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A proxy in front of a runtime that injects the faults of a plan, and keeps what each request had. Listens on loopback only.
 *
 * <p>{@code POST /_runs} takes a plan and answers the URL under which it applies, so that runs do not disturb each other; {@code
 * GET /_runs/{id}} says what was received under that URL and how many jobs there are now. {@code clients/behaviour.json} describes
 * both.
 */
final class FaultyFront implements AutoCloseable {
    private static final String RUNS = "/_runs";
    private static final String UPLOADS = "/uploads";
    private static final Logger LOG = LoggerFactory.getLogger(FaultyFront.class);

    /** A field that the front does not have is a mistake in the table. */
    private static final JsonMapper STRICT = Json.mapper()
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Headers of one connection, which each side makes itself (RFC 9110, section 7.6.1). */
    private static final Set<String> OF_A_CONNECTION = Set.of(
            "connection",
            "content-length",
            "date",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "transfer-encoding",
            "upgrade");

    private static final Set<String> SECRET = Set.of("authorization", "x-longshore-key");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Upstream runtime;
    private final Map<String, Run> runs = new ConcurrentHashMap<>();
    private final AtomicInteger lastRun = new AtomicInteger();

    /**
     * What to do in a run.
     *
     * @param given a job that there is before the call, as in {@code POST /v1/jobs}; none when null
     * @param until the state of the job in which the run starts
     */
    record Plan(
            @Nullable List<Fault> faults,
            @Nullable JsonNode given,
            @Nullable String until) {}

    private FaultyFront(HttpServer server, Upstream runtime) {
        this.server = server;
        this.runtime = runtime;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    static FaultyFront before(URI runtime, String key) throws IOException {
        FaultyFront front = new FaultyFront(
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
                new Upstream(runtime, key));
        front.server.start();
        return front;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getRawPath().split("/", 4);
            if (exchange.getRequestURI().getRawPath().startsWith(RUNS)) {
                control(exchange, path.length > 2 ? path[2] : "");
                return;
            }
            Run run = path.length == 4 && path[1].equals("r") ? runs.get(path[2]) : null;
            if (run == null) {
                answer(exchange, 404, Json.of(Map.of("error", "No run has this URL; POST /_runs makes one")));
            } else {
                relay(exchange, run, "/" + path[3]);
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("A request could not be handled");
            throw e;
        }
    }

    private void control(HttpExchange exchange, String id) throws IOException {
        try {
            if (exchange.getRequestMethod().equals("POST") && id.isEmpty()) {
                answer(exchange, 201, Json.of(start(exchange.getRequestBody().readAllBytes())));
                return;
            }
            Run run = runs.get(id);
            if (run == null || !exchange.getRequestMethod().equals("GET")) {
                answer(
                        exchange,
                        404,
                        Json.of(Map.of("error", "There is POST /_runs, and GET /_runs/{id} of each run")));
                return;
            }
            answer(
                    exchange,
                    200,
                    Json.of(Map.of(
                            "requests", run.requests(), "faultsLeft", run.left(), "jobs", runtime.count(run.tag()))));
        } catch (JacksonException | IllegalArgumentException | IOException e) {
            answer(exchange, 400, Json.of(Map.of("error", String.valueOf(e.getMessage()))));
        }
    }

    private Map<String, String> start(byte[] body) throws IOException {
        Plan plan = STRICT.readValue(body, Plan.class);
        String id = Integer.toString(lastRun.incrementAndGet());
        Run run = new Run(id, Objects.requireNonNullElse(plan.faults(), List.of()));
        Map<String, String> started = new LinkedHashMap<>();
        started.put("id", id);
        started.put("tag", run.tag());
        started.put("url", urlOf(run));
        started.put("unreachable", "http://127.0.0.1:" + portWithoutListener());
        if (plan.given() != null) {
            JsonNode given = Json.parse(plan.given().toString().replace("{tag}", run.tag()))
                    .tree();
            started.put("job", runtime.jobIn(Objects.requireNonNull(plan.until(), "until"), given));
        }
        runs.put(id, run);
        return started;
    }

    private String urlOf(Run run) {
        return url() + "/r/" + run.id();
    }

    private static int portWithoutListener() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void relay(HttpExchange exchange, Run run, String path) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String shown = path.startsWith(UPLOADS + "/") ? UPLOADS : path;
        Fault fault = run.next(exchange.getRequestMethod(), shown);
        Fault.Kind kind = fault == null ? Fault.Kind.pass : fault.fault();
        JobsOfARequest jobs = JobsOfARequest.of(shown, body);
        Map<String, String> headers = headers(exchange);
        run.add(new Run.Received(
                exchange.getRequestMethod(),
                shown,
                withoutSecrets(headers),
                headers.getOrDefault("idempotency-key", jobs.idempotency()),
                jobs.count(),
                kind));
        exchange.getResponseHeaders().set("Connection", "close"); // JDK's client repeats by itself on a reused one
        switch (kind) {
            case pass -> send(exchange, run, forward(exchange, path, body));
            case closed -> LOG.debug("Closed before {}", shown);
            case lost -> forward(exchange, path, body);
            case truncated -> sendHalf(exchange, forward(exchange, path, body));
            case slow -> {
                Upstream.Answer late = forward(exchange, path, body);
                LockSupport.parkNanos(Duration.ofMillis(millis(fault)).toNanos()); // the client has a clock of its own
                send(exchange, run, late);
            }
            case twice -> {
                forward(exchange, path, body);
                send(exchange, run, forward(exchange, path, body));
            }
            case answer -> {
                if (Boolean.TRUE.equals(Objects.requireNonNull(fault).after())) {
                    forward(exchange, path, body);
                }
                sendOther(exchange, fault);
            }
            case partial -> {
                int left = Objects.requireNonNull(Objects.requireNonNull(fault).job());
                Upstream.Answer rest = forward(exchange, path, PartialBatch.without(left, body));
                send(exchange, run, rest.with(PartialBatch.withRefusal(left, rest.body())));
            }
        }
    }

    private static int millis(@Nullable Fault fault) {
        return Objects.requireNonNull(Objects.requireNonNull(fault).millis());
    }

    private Upstream.Answer forward(HttpExchange exchange, String path, byte[] body) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        return runtime.send(
                exchange.getRequestMethod(), path + (query == null ? "" : "?" + query), headers(exchange), body);
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values));
            }
        });
        return headers;
    }

    private static Map<String, String> withoutSecrets(Map<String, String> headers) {
        Map<String, String> shown = new LinkedHashMap<>(headers);
        shown.replaceAll((name, value) -> SECRET.contains(name) ? "present" : value);
        return shown;
    }

    /** The URL of an upload leads through the front, too. */
    private void send(HttpExchange exchange, Run run, Upstream.Answer answer) throws IOException {
        byte[] body = exchange.getRequestURI().getPath().endsWith("/v1/uploads")
                ? answer.text().replace(runtime.url().toString(), urlOf(run)).getBytes(StandardCharsets.UTF_8)
                : answer.body();
        copyHeaders(exchange, answer);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static void copyHeaders(HttpExchange exchange, Upstream.Answer answer) {
        answer.headers().map().forEach((name, values) -> {
            if (!OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
    }

    /** Says how long the body is, sends half of it, and leaves the rest to the end of the connection. */
    private static void sendHalf(HttpExchange exchange, Upstream.Answer answer) throws IOException {
        copyHeaders(exchange, answer);
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        exchange.getResponseBody().write(Arrays.copyOf(answer.body(), answer.body().length / 2));
        exchange.getResponseBody().flush();
    }

    private static void sendOther(HttpExchange exchange, Fault fault) throws IOException {
        JsonNode body = fault.body();
        byte[] bytes = new byte[0];
        if (body != null) {
            boolean page = body.isString();
            exchange.getResponseHeaders().set("Content-Type", page ? "text/html" : "application/problem+json");
            bytes = (page ? body.asString() : body.toString()).getBytes(StandardCharsets.UTF_8);
        }
        if (fault.headers() != null) {
            fault.headers().forEach(exchange.getResponseHeaders()::set);
        }
        exchange.sendResponseHeaders(Objects.requireNonNull(fault.status()), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void answer(HttpExchange exchange, int status, Json body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.utf8().length);
        exchange.getResponseBody().write(body.utf8());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        threads.close();
        runtime.close();
    }
}
