package dev.longshore.client;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A client of Longshore. One is enough for an application; it may be used by many threads. Every call ends with its result or a
 * {@link LongshoreException}.
 *
 * <p>A request that failed is sent again after a connection error, a time-out, 429, 502, 503, 504 and a problem that says
 * {@code retryable}: up to 5 requests within 60 s when nothing else is set, after {@code Retry-After} or a random part of 200 ms,
 * 400 ms, 800 ms … 5 s. What enqueues a job has an id or key by which Longshore recognises the repeat, so that no job is made
 * twice. Calls that have none ({@link #retry}, {@link Schedules#run}, {@link Keys#create}, {@link Keys#rotate}) are repeated after
 * 429 alone.
 */
public final class Longshore implements AutoCloseable {
    private final Transport transport;
    private final Enqueuing enqueuing;
    private final Waiting waiting;
    private final ExecutorService threads;

    Longshore(Transport transport) {
        this(transport, Executors.newCachedThreadPool(DaemonThreads.named("longshore-async")));
    }

    private Longshore(Transport transport, ExecutorService threads) {
        this.transport = transport;
        this.enqueuing = new Enqueuing(transport);
        this.waiting = new Waiting(transport);
        this.threads = threads;
    }

    /**
     * With LONGSHORE_URL and LONGSHORE_KEY of the environment.
     *
     * @throws IllegalStateException when one of them is not set
     */
    public static Longshore fromEnvironment() {
        return builder()
                .url(environment("LONGSHORE_URL", "the URL of the API, such as http://127.0.0.1:8787"))
                .key(environment("LONGSHORE_KEY", "an API key with the scope enqueue, ls_<id>_<secret>"))
                .build();
    }

    /** For a client with settings of its own. */
    public static LongshoreBuilder builder() {
        return new LongshoreBuilder();
    }

    /** Enqueues a job. Once this returns, the job is kept. */
    public Job enqueue(String task, Object payload) {
        return enqueue(JobRequest.of(task, payload));
    }

    /** Enqueues a job. Once this returns, the job is kept. A payload that no request carries is uploaded first. */
    public Job enqueue(JobRequest request) {
        return enqueuing.enqueue(request);
    }

    /**
     * Enqueues many jobs, by as many requests as they take: 100 jobs, what a front door takes, and 20 MB of payloads in each. The
     * result has one element for each, in order; one that was refused does not keep the others from being enqueued.
     */
    public List<EnqueueResult> enqueueAll(List<JobRequest> requests) {
        return enqueuing.enqueueAll(requests);
    }

    /** Uploads a payload for a day; returns the reference for {@link JobRequest#payloadRef}. */
    public String upload(Object payload) {
        return enqueuing.upload(payload);
    }

    /** Reads a job. */
    public Job get(String id) {
        return transport.send(Call.of("GET", Call.path("jobs", id)), Job.class);
    }

    /** Reads a job's payload alone, up to 5 MB. */
    public JsonNode payload(String id) {
        return transport.send(Call.of("GET", Call.path("jobs", id, "payload")));
    }

    /** Reads a job's payload alone, up to 5 MB. */
    public <T> T payload(String id, Class<T> type) {
        return Json.read(payload(id), type, "The payload of job " + id);
    }

    /** Lists jobs, newest first; each page is read when its first job is needed. */
    public Stream<Job> list(JobFilter filter) {
        return Pages.stream(cursor -> listPage(filter, cursor));
    }

    /** Lists jobs of one page. */
    public Page<Job> listPage(JobFilter filter, @Nullable String cursor) {
        Answers.Jobs page = transport.send(filter.call(cursor), Answers.Jobs.class);
        return new Page<>(page.jobs(), page.cursor());
    }

    /**
     * Waits until the job has ended: SUCCEEDED, DEAD or CANCELLED. Reads it at once, after 250 ms, and then less and less often, down
     * to every 5 s. Reads that fail for a while do not end the wait.
     *
     * @throws CallTimeoutException when it has not ended in time; the message names its state
     */
    public Job await(String id, Duration timeout) {
        return waiting.await(id, timeout);
    }

    /** Cancels a waiting job at once, or requests that a running one stops. */
    public Job cancel(String id) {
        return transport.send(Call.of("POST", Call.path("jobs", id, "cancel")), Job.class);
    }

    /** Redrives a dead job as it is; its attempts start at zero. */
    public Job retry(String id) {
        return retry(id, Retry.unchanged());
    }

    /** Redrives a dead job. Not repeated when its answer is lost, since the job may have run and died again in between. */
    public Job retry(String id, Retry retry) {
        Call call = Call.of("POST", Call.path("jobs", id, "retry"))
                .body(retry.fields().values(), "The retry")
                .once();
        return transport.send(call, Job.class);
    }

    /** Makes a job due now that waits for its time or its backoff. */
    public Job runNow(String id) {
        return transport.send(Call.of("POST", Call.path("jobs", id, "run-now")), Job.class);
    }

    /** Enqueues a job like one that has ended. */
    public Job rerun(String id) {
        return rerun(id, new Fields(), UUID.randomUUID().toString());
    }

    /** Enqueues a job like one that has ended, with another payload. */
    public Job rerun(String id, Object payload) {
        Fields fields = new Fields().with("payload", Json.tree(payload, "The payload of the rerun"));
        return rerun(id, fields, UUID.randomUUID().toString());
    }

    private Job rerun(String id, Fields fields, String key) {
        Call call = Call.of("POST", Call.path("jobs", id, "rerun"))
                .body(fields.values(), "The rerun")
                .idempotencyKey(key);
        return transport.send(call, Job.class);
    }

    /** Counts by state, and how long jobs waited and ran; the last hour when not given, 31 days at most. */
    public Stats stats(Period period) {
        return transport.send(period.of(Call.of("GET", "/v1/stats")), Stats.class);
    }

    /** The same of one task. */
    public Stats stats(String task, Period period) {
        return transport.send(period.of(Call.of("GET", "/v1/stats")).query("task", task), Stats.class);
    }

    /** What operators did, newest first; of the last seven days when not given. */
    public Stream<OperatorLogEntry> operatorLog(Period period) {
        return Pages.stream(cursor -> {
            Call call = period.of(Call.of("GET", "/v1/operator-log"))
                    .query("limit", 100)
                    .query("cursor", cursor);
            Answers.Entries page = transport.send(call, Answers.Entries.class);
            return new Page<>(page.entries(), page.cursor());
        });
    }

    /** Returns when the API and its table answer. */
    public void health() {
        transport.send(Call.of("GET", "/v1/health"));
    }

    /** The API's contract, OpenAPI 3.1. */
    public JsonNode contract() {
        return transport.send(Call.of("GET", "/openapi.json"));
    }

    /** Schedules. */
    public Schedules schedules() {
        return new Schedules(transport);
    }

    /** Pools. */
    public Queues queues() {
        return new Queues(transport);
    }

    /** How many jobs run at once. */
    public Limits limits() {
        return new Limits(transport);
    }

    /** Tasks. */
    public Tasks tasks() {
        return new Tasks(transport);
    }

    /** Dead jobs. */
    public DeadJobs deadJobs() {
        return new DeadJobs(transport);
    }

    /** API keys. */
    public Keys keys() {
        return new Keys(transport);
    }

    /** Messages that no function could read. */
    public Quarantine quarantine() {
        return new Quarantine(transport);
    }

    /** The ledger. */
    public Ledgers ledger() {
        return new Ledgers(transport);
    }

    /** As {@link #enqueue(String, Object)}, on a thread of the client. */
    public CompletableFuture<Job> enqueueAsync(String task, Object payload) {
        return enqueueAsync(JobRequest.of(task, payload));
    }

    /** As {@link #enqueue(JobRequest)}, on a thread of the client. */
    public CompletableFuture<Job> enqueueAsync(JobRequest request) {
        return async(longshore -> longshore.enqueue(request));
    }

    /** As {@link #enqueueAll}, on a thread of the client. */
    public CompletableFuture<List<EnqueueResult>> enqueueAllAsync(List<JobRequest> requests) {
        return async(longshore -> longshore.enqueueAll(requests));
    }

    /** As {@link #await}, on a thread of the client. */
    public CompletableFuture<Job> awaitAsync(String id, Duration timeout) {
        return async(longshore -> longshore.await(id, timeout));
    }

    /**
     * Any call, on a thread of the client: {@code longshore.async(l -> l.get(id))}. Each call that runs has a thread of its own, a
     * daemon. The trace context is that of the calling thread.
     */
    public <T> CompletableFuture<T> async(Function<Longshore, T> call) {
        String current = transport.settings().traceparent().get();
        Longshore same = new Longshore(transport.withTraceparent(current), threads);
        return CompletableFuture.supplyAsync(() -> call.apply(same), threads);
    }

    /** Ends connections and threads. Calls that have not ended may fail. */
    @Override
    public void close() {
        threads.shutdownNow();
        transport.close();
    }

    private static String environment(String name, String what) {
        String value = System.getenv(name);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException(name + " is not set: " + what);
        }
        return value;
    }

    @Override
    public String toString() {
        return "Longshore[" + transport.settings().url() + "]";
    }
}
