package dev.longshore.suites.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** A client of a deployed Longshore for the end-to-end suite. It uses HTTP only. */
public final class Api {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private static final Duration LONGEST_AUDIT = Duration.ofSeconds(150);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI url;
    private final String key;
    private final Duration patience;

    /** @param patience how long a job may take to get where a test awaits it */
    public Api(URI url, String key, Duration patience) {
        this.url = url;
        this.key = key;
        this.patience = patience;
    }

    /** The same Longshore with another key. */
    public Api with(String otherKey) {
        return new Api(url, otherKey, patience);
    }

    /** An answer: its status, its headers, and its body if that is JSON. */
    public record Answer(int status, HttpResponse<String> raw) {
        public JsonNode json() {
            return Json.parse(raw.body()).tree();
        }

        public String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }
    }

    public Answer get(String path) {
        return send(request(path).GET());
    }

    public Answer post(String path, Object body, String... headers) {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.of(body).text()));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    http.send(request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A request with the key. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + key);
    }

    /** A request without a key. */
    public HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(URI.create(url + path));
    }

    /** Enqueues a job of {@code rehearse}; answers its id. */
    public String rehearse(Map<String, ?> payload) {
        return enqueue(Map.of("task", "rehearse", "payload", payload));
    }

    /** Enqueues a job; answers its id. */
    public String enqueue(Map<String, ?> request) {
        Answer answer = post("/v1/jobs", request);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
        return answer.json().get("id").asString();
    }

    public JsonNode job(String id) {
        Answer answer = get("/v1/jobs/" + id);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return answer.json();
    }

    /** Looks until an answer is as wanted. */
    public JsonNode awaitAnswer(String path, String wanted, Predicate<JsonNode> asWanted) {
        Instant giveUp = Instant.now().plus(patience);
        JsonNode answer = get(path).json();
        while (!asWanted.test(answer)) {
            if (Instant.now().isAfter(giveUp)) {
                throw new AssertionError("After " + patience + " there is still not " + wanted + ": " + answer);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos()); // another process's clock cannot be set
            answer = get(path).json();
        }
        return answer;
    }

    /** Looks until the job is in this state. */
    public JsonNode await(String id, String state) {
        return await(id, state, job -> job.get("state").asString().equals(state));
    }

    /** Looks until the job is as wanted. */
    public JsonNode await(String id, String wanted, Predicate<JsonNode> asWanted) {
        return awaitAnswer("/v1/jobs/" + id, "a job that is " + wanted, asWanted);
    }

    /** Looks until there is something, for as long as it may take at most. */
    public <T> T await(String wanted, Duration atMost, Supplier<Optional<T>> look) {
        Instant giveUp = Instant.now().plus(atMost);
        Optional<T> found = look.get();
        while (found.isEmpty()) {
            if (Instant.now().isAfter(giveUp)) {
                throw new AssertionError("After " + atMost + " there is still no " + wanted);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos()); // another process's clock cannot be set
            found = look.get();
        }
        return found.get();
    }

    /** Looks until the API answers that it is well. */
    public void awaitUp() {
        Instant giveUp = Instant.now().plus(patience);
        while (Instant.now().isBefore(giveUp)) {
            try {
                if (send(anonymous("/v1/health").GET()).status() == 200) {
                    return;
                }
            } catch (UncheckedIOException notYet) {
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos()); // a process that is starting has no clock to set
            }
        }
        throw new AssertionError("After " + patience + " nothing answers at " + url);
    }

    /**
     * Requests an audit, polls until it is done, and requires that every job is accounted for. For the end of a suite; takes
     * until the dispatcher's next tick.
     */
    public JsonNode awaitBalancedLedger() {
        Answer asked = post("/v1/ledger/audit", Map.of());
        assertThat(asked.status()).as(asked.raw().body()).isEqualTo(202);
        Instant giveUp = Instant.now().plus(LONGEST_AUDIT);
        JsonNode ledger = get("/v1/ledger").json();
        while (ledger.has("auditRequestedAt")) {
            if (Instant.now().isAfter(giveUp)) {
                throw new AssertionError("After " + LONGEST_AUDIT + " the audit is not done: " + ledger);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos()); // the dispatcher of another process has its own minute
            ledger = get("/v1/ledger").json();
        }
        assertThat(ledger.get("balanced").asBoolean()).as(ledger.toString()).isTrue();
        return ledger;
    }

    /** Fails when the ledger misses a job, or counts none at all: what a suite ends with, whatever its tests did. */
    public void assertNoJobIsLost() {
        JsonNode totals = awaitBalancedLedger().get("totals");
        assertThat(totals.get("accepted").asLong()).isPositive();
        assertThat(totals.get("missing").asLong()).isZero();
    }

    /** How long a job's last attempt ran until the job ended. */
    public static Duration runTime(JsonNode job) {
        return Duration.between(
                Instant.parse(job.get("startedAt").asString()),
                Instant.parse(job.get("finishedAt").asString()));
    }

    /** The states of a job's history, in order. */
    public static List<String> states(JsonNode job) {
        return StreamSupport.stream(job.get("history").spliterator(), false)
                .map(step -> step.get("state").asString())
                .toList();
    }
}
