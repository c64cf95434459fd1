package dev.longshore.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Each fault does what the table says, seen by a client that repeats nothing. */
class FaultyFrontTest {
    @TempDir
    static Path data;

    private static FaultyRuntime faulty;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        faulty = FaultyRuntime.start(data);
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() {
        http.close();
        faulty.close();
    }

    @Test
    void withoutFaultsTheAnswerIsTheRuntimes() throws Exception {
        JsonNode run = run("[]");

        HttpResponse<String> answer = enqueue(run);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Location"))
                .hasValueSatisfying(at -> assertThat(at).startsWith("/v1/jobs/"));
        assertThat(jobs(run)).isEqualTo(1);
    }

    @Test
    void aClosedConnectionHasNoEffect() throws Exception {
        JsonNode run = run("[{\"fault\": \"closed\"}]");

        assertThatThrownBy(() -> enqueue(run)).isInstanceOf(IOException.class);

        assertThat(jobs(run)).isZero();
    }

    @Test
    void aLostAnswerHasAnEffect() throws Exception {
        JsonNode run = run("[{\"fault\": \"lost\"}]");

        assertThatThrownBy(() -> enqueue(run)).isInstanceOf(IOException.class);

        assertThat(jobs(run)).isEqualTo(1);
    }

    @Test
    void aTruncatedAnswerHasAnEffectAndEndsInTheMiddle() throws Exception {
        JsonNode run = run("[{\"fault\": \"truncated\"}]");

        assertThatThrownBy(() -> enqueue(run)).isInstanceOf(IOException.class);

        assertThat(jobs(run)).isEqualTo(1);
    }

    @Test
    void aSlowAnswerHasAnEffectAndComesLate() throws Exception {
        JsonNode run = run("[{\"fault\": \"slow\", \"millis\": 20000}]");
        HttpRequest hasty = request(run).timeout(Duration.ofSeconds(2)).build();

        assertThatThrownBy(() -> http.send(hasty, BodyHandlers.ofString())).isInstanceOf(HttpTimeoutException.class);

        assertThat(jobs(run)).isEqualTo(1);
    }

    @Test
    void aRequestIsDeliveredTwice() throws Exception {
        JsonNode run = run("[{\"fault\": \"twice\"}]");

        HttpResponse<String> answer = enqueue(run);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(jobs(run)).as("without an id or a key").isEqualTo(2);
    }

    @Test
    void anotherAnswerTakesThePlaceOfTheRuntimes() throws Exception {
        JsonNode run = run("""
                [{"fault": "answer", "status": 429, "headers": {"Retry-After": "7"}, "body": {"message": "no"}},
                 {"fault": "answer", "status": 502, "body": "<html>no</html>"},
                 {"fault": "answer", "status": 504, "after": true}]
                """);

        HttpResponse<String> throttled = enqueue(run);
        HttpResponse<String> page = enqueue(run);
        assertThat(jobs(run)).isZero();
        HttpResponse<String> late = enqueue(run);

        assertThat(throttled.statusCode()).isEqualTo(429);
        assertThat(throttled.headers().firstValue("Retry-After")).hasValue("7");
        assertThat(throttled.body()).isEqualTo("{\"message\":\"no\"}");
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html");
        assertThat(page.body()).isEqualTo("<html>no</html>");
        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(jobs(run)).isEqualTo(1);
    }

    @Test
    void aBatchLosesOneJob() throws Exception {
        JsonNode run = run("[{\"fault\": \"partial\", \"job\": 1}]");
        Map<String, Object> job =
                Map.of("task", "rehearse", "tags", List.of(run.get("tag").asString()));

        HttpResponse<String> answer = http.send(
                request(run, "/v1/jobs/batch", Json.of(Map.of("jobs", List.of(job, job, job))))
                        .build(),
                BodyHandlers.ofString());

        assertThat(StreamSupport.stream(
                                Json.parse(answer.body()).tree().get("results").spliterator(), false)
                        .map(result -> result.get("status").asInt()))
                .containsExactly(202, 503, 202);
        assertThat(jobs(run)).isEqualTo(2);
    }

    @Test
    void aFaultIsForTheRequestsThatItNames() throws Exception {
        JsonNode run = run("[{\"fault\": \"closed\", \"on\": \"POST /v1/jobs/*/cancel\"}]");

        assertThat(enqueue(run).statusCode()).isEqualTo(202);
        assertThatThrownBy(() -> http.send(
                        request(run, "/v1/jobs/any/cancel", Json.of(Map.of())).build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);

        assertThat(record(run).get("faultsLeft").asInt()).isZero();
    }

    @Test
    void theRecordHasNoSecret() throws Exception {
        JsonNode run = run("[]");

        enqueue(run);

        String record = record(run).toString();
        assertThat(record).contains("\"authorization\":\"present\"").doesNotContain(faulty.key());
    }

    @Test
    void aMistakeInAPlanIsRefused() throws Exception {
        for (String faults : List.of(
                "[{\"fault\": \"lsot\"}]",
                "[{\"fault\": \"slow\"}]",
                "[{\"fault\": \"lost\", \"status\": 503}]",
                "[{\"fault\": \"lost\", \"tiems\": 2}]")) {
            assertThat(control("POST", "", "{\"faults\": " + faults + "}").statusCode())
                    .as(faults)
                    .isEqualTo(400);
        }
    }

    private static JsonNode run(String faults) throws Exception {
        HttpResponse<String> started = control("POST", "", "{\"faults\": " + faults + "}");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
        return Json.parse(started.body()).tree();
    }

    private static JsonNode record(JsonNode run) throws Exception {
        return Json.parse(control("GET", "/" + run.get("id").asString(), "").body())
                .tree();
    }

    private static int jobs(JsonNode run) throws Exception {
        return record(run).get("jobs").asInt();
    }

    private static HttpResponse<String> control(String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(faulty.url() + "/_runs" + path))
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> enqueue(JsonNode run) throws Exception {
        return http.send(request(run).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(JsonNode run) {
        return request(
                run,
                "/v1/jobs",
                Json.of(Map.of(
                        "task", "rehearse", "tags", List.of(run.get("tag").asString()))));
    }

    private static HttpRequest.Builder request(JsonNode run, String path, Json body) {
        return HttpRequest.newBuilder(URI.create(run.get("url").asString() + path))
                .header("Authorization", "Bearer " + faulty.key())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.text()));
    }
}
