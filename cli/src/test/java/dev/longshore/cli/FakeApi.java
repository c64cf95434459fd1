package dev.longshore.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An HTTP server with answers by call; the last answer of a call stays. It keeps the requests. */
final class FakeApi implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private final List<Received> requests = new ArrayList<>();

    record Answer(int status, String body) {}

    record Received(String call, String query, String body, String authorization) {}

    FakeApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** @param call method and path, as in {@code GET /v1/jobs} */
    FakeApi answers(String call, int status, String body) {
        synchronized (this) {
            answers.computeIfAbsent(call, none -> new ArrayDeque<>()).add(new Answer(status, body));
        }
        return this;
    }

    synchronized List<Received> requests() {
        return List.copyOf(requests);
    }

    List<String> calls() {
        return requests().stream().map(Received::call).toList();
    }

    private synchronized Answer answer(Received request) {
        requests.add(request);
        Deque<Answer> scripted = answers.getOrDefault(request.call(), new ArrayDeque<>());
        if (scripted.isEmpty()) {
            return new Answer(
                    404,
                    "{\"type\":\"https://longshore.dev/problems/not-found\",\"title\":\"Not found\",\"status\":404,"
                            + "\"detail\":\"Nothing is scripted for " + request.call() + "\",\"retryable\":false}");
        }
        return scripted.size() == 1 ? scripted.peek() : scripted.poll();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        Answer answer = answer(new Received(
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
                query == null ? "" : query,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                authorization == null ? "" : authorization));
        exchange.getResponseHeaders()
                .set("Content-Type", answer.status() >= 400 ? "application/problem+json" : "application/json");
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
