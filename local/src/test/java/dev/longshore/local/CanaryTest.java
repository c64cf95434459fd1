package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobQueue;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.suites.e2e.Api;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A canary goes down every path that a payload, a result, a key or a header can take, and must sing nowhere but where it
 * belongs: in the job's own payload, result and checkpoint, and in what its handler chose to say of its failure.
 */
class CanaryTest {
    private static final String CANARY = "canary-7f3a";
    private static final String SECRET = "secretcanary0123456789abcdef";
    private static final String KEY = "ls_bird_" + SECRET;

    private final PrintStream terminal = System.out;
    private final PrintStream complaints = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @TempDir
    Path data;

    private LocalRuntime runtime;
    private Api api;

    /** What an older version of the code enqueued. */
    record Older(String text) {}

    record Newer(int number) {}

    /** Handlers whose errors, results and hooks quote their payload. */
    private static final class QuotingWorker extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("answer", Json.class, (payload, job) -> {
                        job.checkpoint(payload);
                        job.progress(50);
                        return payload;
                    })
                    .retry(RetryPolicy.never());
            tasks.add("fail-silently", Json.class, (payload, job) -> {
                        throw new IllegalStateException("no word of it");
                    })
                    .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(2));
            tasks.add("quote", Json.class, (payload, job) -> {
                        throw new IllegalStateException("cannot work on " + payload.text());
                    })
                    .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(2))
                    .onDead(dead -> {
                        throw new IllegalStateException(
                                "cannot notify of " + dead.payload().text() + dead.errorMessage());
                    });
            tasks.add("panic", Json.class, (payload, job) -> {
                        throw new AssertionError(payload.text(), new IllegalArgumentException(payload.text()));
                    })
                    .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(1));
            tasks.add("discard", Json.class, (payload, job) -> {
                throw job.discard("of no use: " + payload.text());
            });
            tasks.add("overflow", Json.class, (payload, job) -> payload.text().repeat(20_000));
            tasks.add("convert", Newer.class, (number, job) -> number.number()).alsoReads(Older.class, older -> {
                throw new IllegalStateException("cannot convert " + older.text());
            });
            tasks.add("speechless", Json.class, (payload, job) -> {
                throw new Speechless();
            });
        }
    }

    @BeforeEach
    void listen() {
        PrintStream ear = new PrintStream(said, true, StandardCharsets.UTF_8);
        System.setOut(ear);
        System.setErr(ear);
        runtime = LocalRuntime.start(new LocalSettings(0, data, Optional.of(KEY)), new QuotingWorker());
        api = new Api(runtime.url(), KEY, Duration.ofSeconds(60));
    }

    @AfterEach
    void stop() {
        runtime.close();
        System.setOut(terminal);
        System.setErr(complaints);
    }

    /** Its message cannot be read. */
    private static final class Speechless extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException(CANARY);
        }
    }

    // ---- what runs

    @Test
    void payloadsAndResultsAreInTheirJobAlone() {
        String large = api.enqueue(Map.of("task", "answer", "payload", CANARY + "x".repeat(400_000)));
        JsonNode answered = api.await(enqueue("answer"), "SUCCEEDED");
        List<JsonNode> dead = List.of(
                api.await(enqueue("fail-silently"), "DEAD"),
                api.await(enqueue("overflow"), "DEAD"),
                api.await(ofUnknownTask(), "DEAD"),
                api.await(whoseWorkerDied(), "DEAD"),
                api.await(fromAnOlderVersion(), "DEAD"),
                api.await(large, "DEAD")); // its checkpoint is too large

        assertThat(answered.get("payload").toString()).contains(CANARY);
        assertThat(answered.get("result").toString()).contains(CANARY);
        assertThat(api.get("/v1/jobs/" + large + "/payload").raw().body()).contains(CANARY);
        assertThat(dead)
                .extracting(job -> job.get("deadReason").asString())
                .containsExactly(
                        "exhausted", "result_too_large", "unknown_task", "crashed", "undecodable", "exhausted");
        assertThat(dead).allSatisfy(job -> {
            assertThat(job.get("error").toString()).doesNotContain(CANARY);
            assertThat(job.get("history").toString()).doesNotContain(CANARY);
        });
        nothingIsSaid();
    }

    @Test
    void whatAHandlerSaysOfItsFailureIsInItsJobAndInNoLog() {
        for (String task : List.of("quote", "panic", "discard")) {
            JsonNode job = api.await(enqueue(task), "DEAD");
            assertThat(job.get("error").get("message").asString()).contains(CANARY);
        }
        awaitSaid("The onDead hook of task quote failed");

        nothingIsSaid();
    }

    @Test
    void anUnexpectedExceptionIsLoggedByItsTypeAndPlaceAlone() {
        enqueue("speechless");
        awaitSaid("its processing failed");
        assertThat(said()).contains("java.lang.IllegalStateException", "Speechless.getMessage");

        runtime.engines().queue().sendToDeadLetters("default", CANARY);
        awaitSaid("it is in quarantine");

        nothingIsSaid();
    }

    // ---- what is refused

    @Test
    void noRefusalRepeatsAValueAKeyOrAHeader() {
        String taken = "{\"task\":\"answer\",\"idempotencyKey\":\"k\",\"payload\":\"" + CANARY + "\"}";
        api.post("/v1/jobs", Json.parse(taken));
        for (String body : List.of(
                "{\"task\":\"answer\",\"payload\":" + CANARY,
                "{\"task\":\"answer\",\"payload\":\"" + CANARY,
                "{\"task\":\"answer\",\"payload\":{\"a\":\"" + CANARY + "\",\"a\":1}}",
                "{\"task\":\"answer\",\"payload\":\"" + CANARY + "\\ud800\"}",
                "{\"task\":\"answer\",\"payload\":\"" + CANARY + "\"} " + CANARY,
                "{\"task\":\"answer\",\"payload\":\"" + CANARY + "x".repeat(5 * 1024 * 1024) + "\"}",
                "\"" + CANARY + "\"",
                CANARY + "x".repeat(7 * 1024 * 1024),
                "{\"task\":\"convert\",\"payload\":{\"number\":\"" + CANARY + "\"}}",
                "{\"task\":\"convert\",\"payload\":\"" + CANARY + "\"}",
                "{\"task\":\"answer\",\"delaySeconds\":\"" + CANARY + "\"}",
                "{\"task\":\"answer\",\"runAt\":\"" + CANARY + "\"}",
                "{\"task\":\"answer\",\"expiresAt\":\"" + CANARY + "\"}",
                "{\"task\":\"answer\",\"maxAttempts\":\"" + CANARY + "\"}",
                "{\"task\":\"answer\",\"id\":\"" + CANARY + "\"}",
                "{\"task\":\"answer\",\"fairKey\":\"" + CANARY + " \"}",
                "{\"task\":\"answer\",\"tags\":\"" + CANARY + "\"}",
                "{\"task\":\"answer\",\"tags\":[\"" + CANARY + "\\n\"]}",
                "{\"task\":\"answer\",\"meta\":{\"a\":[\"" + CANARY + "\"]}}",
                "{\"task\":\"answer\",\"colour\":\"" + CANARY + "\"}",
                "{\"task\":[\"" + CANARY + "\"]}",
                taken.replace(CANARY, "2" + CANARY))) {
            refused(send("POST", "/v1/jobs", body));
            refused(send("POST", "/v1/jobs/batch", body));
            Api.Answer asOneOfMany = send("POST", "/v1/jobs/batch", "{\"jobs\":[" + body + "]}");
            assertThat(asOneOfMany.raw().body()).doesNotContain(CANARY);
        }
        for (String header : List.of("Content-Type", "Content-Encoding", "Idempotency-Key", "Authorization", "X-Any")) {
            for (String value : List.of(CANARY.repeat(30), "Bearer " + CANARY, "Bearer ls_bird_" + CANARY, "")) {
                Api.Answer answer = send("POST", "/v1/jobs", "{", header, value);
                refused(answer);
            }
        }
        for (String path : List.of(
                "/" + CANARY,
                "/v1/jobs/" + CANARY,
                "/v1/jobs?cursor=" + CANARY,
                "/v1/jobs?limit=" + CANARY,
                "/v1/jobs?state=" + CANARY,
                "/v1/jobs?from=" + CANARY,
                "/v1/jobs?tag=" + CANARY.repeat(30),
                "/v1/jobs?task=" + CANARY + "&task=" + CANARY)) {
            refused(send("GET", path, ""));
        }
        nothingIsSaid();
    }

    private Api.Answer send(String method, String path, String body, String... header) {
        HttpRequest.Builder request = api.request(path).method(method, BodyPublishers.ofString(body));
        request.header("Content-Type", "application/json");
        if (header.length > 0) {
            request.setHeader(header[0], header[1]);
        }
        return api.send(request);
    }

    private static void refused(Api.Answer answer) {
        assertThat(answer.status()).as(answer.raw().body()).isBetween(400, 422);
        assertThat(answer.raw().body() + answer.raw().headers().map())
                .doesNotContain(CANARY)
                .doesNotContain(SECRET);
    }

    // ---- jobs that the API would not accept today

    private String enqueue(String task) {
        return api.enqueue(Map.of("task", task, "payload", Map.of("word", CANARY)));
    }

    private String fromAnOlderVersion() {
        NewJob job = job("convert", Json.of(new Older(CANARY)), Instant.now());
        new Enqueuer(runtime.engines()).enqueue(job);
        return job.id().text();
    }

    private String ofUnknownTask() {
        NewJob job = job("removed-task", Json.of(CANARY), Instant.now().minus(Duration.ofHours(1)));
        new Enqueuer(runtime.engines()).enqueue(job);
        return job.id().text();
    }

    private String whoseWorkerDied() {
        Engines engines = runtime.engines();
        Instant then = Instant.now().minus(Duration.ofHours(1));
        NewJob job = job("answer", Json.of(CANARY), then);
        engines.jobs().create(job, then);
        engines.jobs().apply(job.id(), new Lifecycle(then, "claim").claim(job.id(), then.plusSeconds(1)));
        engines.queue()
                .send(
                        "default",
                        new JobQueue.Outgoing(
                                new JobMessage(JobMessage.FORMAT, job.id().text(), "answer"), Duration.ZERO, null));
        return job.id().text();
    }

    private NewJob job(String task, Json payload, Instant created) {
        JobId id = JobId.next(created, runtime.engines().random());
        return NewJob.of(id, task, "default", 1, payload, created, "creation");
    }

    // ---- what is said

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private void awaitSaid(String text) {
        Instant giveUp = Instant.now().plusSeconds(60);
        while (!said().contains(text)) {
            assertThat(Instant.now()).as("no line says: " + text).isBefore(giveUp);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos()); // what the runtime says, it says when it does
        }
    }

    private void nothingIsSaid() {
        assertThat(said()).isNotEmpty().doesNotContain(CANARY).doesNotContain(SECRET);
    }
}
