package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.Fingerprint;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.Row;
import dev.longshore.job.Sha256;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.suites.faults.Faults;
import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.Unique;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API on engines in memory for tests: events in, responses out, as in Lambda. */
final class ApiStage {
    static final String KEY = "ls_all_" + "k".repeat(40);
    static final String POOL = "default";

    record Picture(String file, int width, @Nullable String watermark) {
        Picture {
            if (width < 0) {
                throw new IllegalArgumentException("width is negative");
            }
        }
    }

    final InMemoryEngines memory;
    final Faults faults = new Faults();
    final Engines engines;
    final ApiFunction function;

    /** An answer, as API Gateway would pass it on. */
    record Answer(int status, Map<String, String> headers, String body) {
        JsonNode json() {
            return Json.parse(body).tree();
        }

        String text(String field) {
            return json().path(field).asString("");
        }

        String header(String name) {
            return Optional.ofNullable(headers.get(name)).orElse("");
        }
    }

    ApiStage() {
        this(InMemoryEngines.create(), null, tasks -> {});
    }

    /** With settings of its tasks that most tests do without. */
    static ApiStage with(Consumer<TaskCatalog> settings) {
        return new ApiStage(InMemoryEngines.create(), null, settings);
    }

    private ApiStage(InMemoryEngines memory, @Nullable Engines other, Consumer<TaskCatalog> settings) {
        this.memory = memory;
        this.engines = other == null ? faults.engines(memory.engines()) : other;
        TaskCatalog tasks = new TaskCatalog();
        tasks.add("echo", Json.class, (payload, job) -> payload);
        tasks.add("process-image", Picture.class, (picture, job) -> null)
                .pool("heavy")
                .alias("resize-image");
        tasks.add("report", Json.class, (payload, job) -> null).unique(Unique.by("customer"));
        settings.accept(tasks);
        function = new ApiFunction(engines, tasks.descriptions());
        memory.keys().putApiKey(ApiKeys.withAllScopes(KEY, memory.clock().instant()));
    }

    /** The same API on engines of which a test has changed one. */
    ApiStage on(Engines other) {
        return new ApiStage(memory, other, tasks -> {});
    }

    /** A key that may do just this. */
    String key(String id, Set<Scope> scopes) {
        return key(id, scopes, Set.of());
    }

    /** A key that may do just this, with these tasks. */
    String key(String id, Set<Scope> scopes, Set<String> tasks) {
        String secret = "secret-of-" + id;
        memory.keys()
                .putApiKey(new ApiKey(
                        id,
                        id,
                        Sha256.hex(secret),
                        List.of(),
                        scopes,
                        tasks,
                        memory.clock().instant(),
                        null,
                        null,
                        null,
                        null,
                        null));
        return "ls_" + id + "_" + secret;
    }

    Answer get(String path) {
        return send("GET", path, Map.of("authorization", "Bearer " + KEY), new byte[0]);
    }

    Answer delete(String path) {
        return send("DELETE", path, Map.of("authorization", "Bearer " + KEY), new byte[0]);
    }

    Answer post(String path, String body) {
        return post(path, body, Map.of());
    }

    Answer post(String path, String body, Map<String, String> more) {
        return post(path, body.getBytes(StandardCharsets.UTF_8), more);
    }

    Answer put(String path, String body) {
        return send("PUT", path, withKey(Map.of()), body.getBytes(StandardCharsets.UTF_8));
    }

    Answer post(String path, byte[] body, Map<String, String> more) {
        return send("POST", path, withKey(more), body);
    }

    private static Map<String, String> withKey(Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("authorization", "Bearer " + KEY);
        headers.put("content-type", "application/json");
        headers.putAll(more);
        return headers;
    }

    Answer enqueue(String payload) {
        return post("/v1/jobs", "{\"task\":\"echo\",\"payload\":" + payload + "}");
    }

    JobId enqueued(String body) {
        Answer answer = post("/v1/jobs", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return new JobId(answer.text("id"));
    }

    /** A job that was claimed and died. */
    JobId dead(String task, String error) {
        JobId id = enqueued("{\"task\":\"" + task + "\",\"payload\":{\"file\":\"a.png\",\"width\":1}}");
        kill(claimed(id), error);
        return id;
    }

    /** A job that kept a checkpoint and died. */
    JobId deadWithCheckpoint(String task, String cursor) {
        JobId id = enqueued("{\"task\":\"" + task + "\",\"payload\":{\"file\":\"a.png\",\"width\":1}}");
        Job held = claimed(id);
        changed(id, Lifecycle.checkpoint(held, Json.parse(cursor)));
        kill(held, "no route");
        return id;
    }

    /** A dead job whose row names a task and a pool of an earlier deployment. */
    JobId deadIn(String pool, String task) {
        JobId id = dead("echo", "no route");
        memory.rows().plant(id, memory.rows().row(id).put(Field.POOL, pool).put(Field.TASK, task));
        return id;
    }

    /** A waiting job that a worker claims and that dies. */
    void killed(JobId id, String error) {
        kill(claimed(id), error);
    }

    /** The job as a worker holds it. */
    Job claimed(JobId id) {
        memory.queue().loseAll(job(id).pool());
        Instant now = memory.clock().instant();
        return changed(id, new Lifecycle(now, "claim of " + id).claim(id, now.plusSeconds(60)));
    }

    private void kill(Job held, String error) {
        Instant now = memory.clock().instant();
        changed(
                held.id(),
                new Lifecycle(now, "death of " + held.id())
                        .kill(held, DeadReason.EXHAUSTED, new JobError("java.io.IOException", error)));
    }

    /** The row of a dead job, and nothing else of it. */
    void plantDead(String error, Instant diedAt) {
        JobId id = JobId.next(diedAt, memory.random());
        memory.rows()
                .plant(
                        id,
                        new Row()
                                .put(Field.STATE, JobState.DEAD.name())
                                .put(Field.TASK, "echo")
                                .put(Field.FINGERPRINT, Fingerprint.of("echo", new JobError("T", error)))
                                .put(Field.INDEX, Lifecycle.deadIndex(id.shard()))
                                .put(Field.INDEX_AT, diedAt));
    }

    Job changed(JobId id, Change change) {
        return ((Change.Outcome.Done) memory.jobs().apply(id, change)).job();
    }

    Job job(JobId id) {
        return memory.jobs().find(id).orElseThrow();
    }

    /** A time as responses have it. */
    static String time(@Nullable Instant time) {
        return String.valueOf(time).replaceFirst("(:\\d\\d)Z$", "$1.000Z");
    }

    /** A request with JSON by a client that has this key. */
    Answer as(String key, String method, String path, String body) {
        return send(
                method,
                path,
                Map.of("authorization", "Bearer " + key, "content-type", "application/json"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    /** As the HTTP API of API Gateway sends it: payload format 2.0, JSON as text. What is no UTF-8 comes in Base64. */
    Answer send(String method, String pathAndQuery, Map<String, String> headers, byte[] body) {
        String[] sides = pathAndQuery.split("\\?", 2);
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("version", "2.0");
        event.put("rawPath", sides[0]);
        event.put("rawQueryString", sides.length == 2 ? sides[1] : "");
        event.put("headers", headers);
        event.put("requestContext", Map.of("http", Map.of("method", method), "requestId", "r-1"));
        String text = new String(body, StandardCharsets.UTF_8);
        boolean isText = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), body);
        event.put("isBase64Encoded", !isText);
        event.put("body", isText ? text : Base64.getEncoder().encodeToString(body));
        return invoke(JsonMapper.shared().writeValueAsBytes(event));
    }

    /** The function's answer to an event. */
    Answer invoke(byte[] event) {
        byte[] answer = answer(event);
        JsonNode json = JsonMapper.shared().readTree(answer);
        Map<String, String> headers = new LinkedHashMap<>();
        json.get("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asString()));
        return new Answer(
                json.get("statusCode").asInt(), headers, json.get("body").asString());
    }

    byte[] answer(byte[] event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            function.handleRequest(new ByteArrayInputStream(event), out, UNUSED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static final Context UNUSED = (Context) Proxy.newProxyInstance(
            ApiStage.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                throw new UnsupportedOperationException("ApiFunction asks its context nothing");
            });

    /** Asserts that an answer is a problem that says all a problem has to say. */
    static Answer problem(Answer answer, int status, String... detail) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.text("type")).startsWith("https://longshore.dev/problems/");
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        assertThat(answer.text("title")).isNotBlank();
        assertThat(answer.text("requestId")).isEqualTo("r-1").isEqualTo(answer.header("X-Request-Id"));
        assertThat(answer.json().get("retryable").asBoolean()).isEqualTo(status >= 500);
        assertThat(answer.json().path("field").asString("/"))
                .as("a JSON pointer, or not there")
                .startsWith("/");
        assertThat(List.of(detail))
                .allSatisfy(part -> assertThat(answer.text("detail")).contains(part));
        return answer;
    }
}
