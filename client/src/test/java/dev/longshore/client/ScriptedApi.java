package dev.longshore.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that gives scripted answers, in order, and keeps the requests. */
final class ScriptedApi implements AutoCloseable {
    static final String KEY = "ls_test_a-secret-of-the-key";
    static final String JOB =
            "{\"id\":\"01a20daa-53cb-7379-8fde-b2d1272cc745\",\"task\":\"rehearse\",\"pool\":\"default\",\"state\":\"%s\",\"attempt\":1,"
                    + "\"maxAttempts\":3,\"createdAt\":\"2026-11-24T13:06:36.107Z\",\"newField\":{\"of\":\"later\"},\"history\":[]}";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<Received> requests = new ArrayList<>();

    record Answer(int status, String type, String body, Map<String, String> headers) {}

    record Received(String method, String path, Map<String, String> headers, String body) {
        String call() {
            return method + " " + path;
        }
    }

    ScriptedApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    LongshoreBuilder client(Pacing pacing) {
        return Longshore.builder().url(url()).key(KEY).pacing(pacing);
    }

    ScriptedApi then(int status, String json) {
        return then(status, status >= 400 ? "application/problem+json" : "application/json", json, Map.of());
    }

    synchronized ScriptedApi then(int status, String type, String body, Map<String, String> headers) {
        answers.add(new Answer(status, type, body, headers));
        return this;
    }

    synchronized List<Received> requests() {
        return List.copyOf(requests);
    }

    private synchronized Answer next(Received request) {
        requests.add(request);
        return Objects.requireNonNullElse(
                answers.poll(), new Answer(500, "text/plain", "no answer is scripted", Map.of()));
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Answer answer = next(new Received(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body));
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] bytes = answer.body().replace("{url}", url()).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
