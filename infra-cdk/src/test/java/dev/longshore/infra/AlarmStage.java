package dev.longshore.infra;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.api.ApiFunction;
import dev.longshore.api.ApiKeys;
import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.keeper.DeadLetterFunction;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.suites.faults.Faults;
import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** The functions of a deployment on engines in memory that fail as a test has it. */
final class AlarmStage {
    static final String POOL = "default";
    private static final String KEY = "ls_all_" + "k".repeat(40);

    final InMemoryEngines memory = InMemoryEngines.create();
    final Faults faults = new Faults();
    final TaskCatalog tasks = new Worker().catalog();
    private final Engines engines = faults.engines(memory.engines());
    private final WriteTokens tokens = new WriteTokens(memory.random());
    private final LambdaRunner api = runner(new ApiFunction(engines, tasks.descriptions()), Duration.ofSeconds(28));
    private final LambdaRunner worker = runner(new Worker().on(engines), Duration.ofMinutes(15));
    private final LambdaRunner deadLetters = runner(new DeadLetterFunction(engines, tasks), Duration.ofMinutes(1));

    /** A task that succeeds, and one whose handler fails. */
    private static final class Worker extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("echo", Json.class, (payload, job) -> null);
            tasks.add("fail", Json.class, (payload, job) -> {
                job.logger().error("An error of the handler");
                throw new IllegalStateException("as the test wants it");
            });
        }
    }

    AlarmStage() {
        memory.keys().putApiKey(ApiKeys.withAllScopes(KEY, now()));
    }

    Instant now() {
        return memory.clock().instant();
    }

    /** The status of the API's answer. */
    int request(String method, String path, String body) {
        return request(method, path, body, KEY);
    }

    int request(String method, String path, String body, String key) {
        Json event = Json.of(Map.of(
                "version",
                "2.0",
                "rawPath",
                path,
                "rawQueryString",
                "",
                "headers",
                Map.of("authorization", "Bearer " + key, "content-type", "application/json"),
                "requestContext",
                Map.of("http", Map.of("method", method), "requestId", "r-1"),
                "isBase64Encoded",
                false,
                "body",
                body));
        return api.invoke(event).tree().get("statusCode").asInt();
    }

    JobId enqueue(String task, String payload, Duration delay) {
        NewJob job = NewJob.of(
                        JobId.next(now(), memory.random()), task, POOL, 3, Json.parse(payload), now(), tokens.next())
                .at(delay.isZero() ? null : now().plus(delay));
        new Enqueuer(memory.engines()).enqueue(job);
        return job.id();
    }

    JobId enqueue(String task) {
        return enqueue(task, "{}", Duration.ZERO);
    }

    Job changed(JobId id, Change change) {
        return ((Change.Outcome.Done) memory.jobs().apply(id, change)).job();
    }

    Job job(JobId id) {
        return memory.jobs().find(id).orElseThrow();
    }

    Job claimed(JobId id) {
        return changed(id, new Lifecycle(now(), tokens.next()).claim(id, now().plusSeconds(30)));
    }

    void succeeded(JobId id) {
        memory.queue().loseAll(POOL);
        changed(id, new Lifecycle(now(), "done " + id).succeed(claimed(id), null, null, Duration.ofDays(7)));
    }

    /** A batch of all visible messages for the worker. */
    void work() {
        worker.work(memory.queue(), POOL, 10);
    }

    /** A batch of all visible dead letters. */
    void handleDeadLetters() {
        deadLetters.drainDeadLetters(memory.queue(), POOL);
    }

    void tick() {
        tick(Duration.ofMinutes(1));
    }

    /** A tick of the dispatcher that Lambda gives so much time. */
    void tick(Duration remaining) {
        runner(new DispatcherFunction(engines, tasks.descriptions()), remaining).invoke(new Json("{}"));
    }

    private LambdaRunner runner(RequestStreamHandler function, Duration timeout) {
        return new LambdaRunner(function, memory.clock(), timeout);
    }
}
