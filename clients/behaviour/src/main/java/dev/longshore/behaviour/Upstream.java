package dev.longshore.behaviour;

import dev.longshore.task.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** The local runtime behind the front, by HTTP. */
final class Upstream implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI url;
    private final String key;

    Upstream(URI url, String key) {
        this.url = url;
        this.key = key;
    }

    URI url() {
        return url;
    }

    /** What the runtime answered. */
    static final class Answer {
        private final int status;
        private final HttpHeaders headers;
        private final byte[] body;

        private Answer(int status, HttpHeaders headers, byte[] body) {
            this.status = status;
            this.headers = headers;
            this.body = body;
        }

        int status() {
            return status;
        }

        HttpHeaders headers() {
            return headers;
        }

        byte[] body() {
            return body;
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        Answer with(byte[] otherBody) {
            return new Answer(status, headers, otherBody);
        }
    }

    /** @param path with its query */
    Answer send(String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(LONGEST_WAIT)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(answer.statusCode(), answer.headers(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while the runtime answered", e);
        }
    }

    /** Enqueues a job, waits until it is in the state, and answers its id. */
    String jobIn(String state, JsonNode job) throws IOException {
        String id = json("POST", "/v1/jobs", Json.of(job).utf8()).get("id").asString();
        Instant giveUp = Instant.now().plus(LONGEST_WAIT);
        while (!json("GET", "/v1/jobs/" + id, new byte[0])
                .get("state")
                .asString()
                .equals(state)) {
            if (Instant.now().isAfter(giveUp)) {
                throw new IOException("Job " + id + " is not " + state + " after " + LONGEST_WAIT.toSeconds() + " s");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos()); // the runtime has the system's clock
        }
        return id;
    }

    /** How many jobs have the tag. */
    int count(String tag) throws IOException {
        int count = 0;
        String cursor = "";
        do {
            JsonNode page = json("GET", "/v1/jobs?limit=100&tag=" + tag + cursor, new byte[0]);
            count += page.get("jobs").size();
            cursor = page.has("cursor") ? "&cursor=" + page.get("cursor").asString() : "";
        } while (!cursor.isEmpty());
        return count;
    }

    private JsonNode json(String method, String path, byte[] body) throws IOException {
        Answer answer =
                send(method, path, Map.of("Authorization", "Bearer " + key, "Content-Type", "application/json"), body);
        if (answer.status() >= 300) {
            throw new IOException(
                    "The runtime answers " + method + " " + path + " with " + answer.status() + ": " + answer.text());
        }
        return Json.parse(answer.text()).tree();
    }

    @Override
    public void close() {
        http.close();
    }
}
