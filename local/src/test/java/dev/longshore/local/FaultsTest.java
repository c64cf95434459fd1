package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.api.ApiFunction;
import dev.longshore.api.ApiKeys;
import dev.longshore.job.Condition;
import dev.longshore.job.Field;
import dev.longshore.job.HistoryEntry;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.Page;
import dev.longshore.job.aws.QueuePoller;
import dev.longshore.job.engines.Engines;
import dev.longshore.keeper.DeadLetterFunction;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.suites.e2e.Api;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.Json;
import dev.longshore.task.PoolPlan;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import tools.jackson.databind.JsonNode;

/**
 * The functions on the real engines while calls fail below the SDK, whose own retries are off, and while messages are
 * delivered twice. {@code -Dlongshore.jobs=100000} for the run of {@code docs/reliability.md}; a failure prints its seed.
 */
class FaultsTest {
    private static final int JOBS = Integer.getInteger("longshore.jobs", 1_000);
    private static final long SEED = Long.getLong("longshore.seed", System.nanoTime());
    private static final double FAULTY = 0.05;
    private static final double DOUBLED = 0.30;
    private static final int A_REQUEST = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(2).plusMillis(JOBS * 20L);

    /** Short times, so that what a lost outcome holds up continues within seconds. */
    private static final PoolPlan POOL = new PoolPlan(
            "default", Duration.ofSeconds(2), Duration.ofSeconds(17), Duration.ofSeconds(19), 1_000, 10, 64);

    record Counted(int number) {}

    @TempDir
    Path data;

    private final Random random = new Random(SEED);
    private final Effects effects = new Effects();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
    private final List<QueuePoller> pollers = new ArrayList<>();
    private LocalEngines engines;
    private FaultyHttpClient dynamoDb;
    private FaultyHttpClient sqs;
    private HttpFront front;
    private Api api;

    @BeforeEach
    void open() {
        engines = LocalEngines.start(data, List.of(POOL), new FolderFileStore(data.resolve("files")));
    }

    @AfterEach
    void close() {
        ticks.shutdownNow();
        front.close();
        pollers.forEach(QueuePoller::close);
        engines.close();
    }

    @Test
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void noJobIsLostAndNoneEndsTwiceWhenACallInTwentyFails() throws Exception {
        start(FAULTY, 0);
        Map<JobId, Integer> acknowledged = enqueue();
        awaitQuiet(acknowledged.size());
        check(acknowledged);
    }

    @Test
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void theEffectsOfAJobAreCountedOnceWhenAThirdOfTheMessagesComesTwice() throws Exception {
        start(FAULTY, DOUBLED);
        Map<JobId, Integer> acknowledged = enqueue();
        awaitQuiet(acknowledged.size());
        check(acknowledged);
        assertThat(effects.counted()).isEqualTo(acknowledged.size());
    }

    private void start(double faulty, double doubled) {
        dynamoDb = new FaultyHttpClient(UrlConnectionHttpClient.create(), faulty, SEED);
        sqs = new FaultyHttpClient(UrlConnectionHttpClient.create(), faulty, SEED + 1);
        Engines unreliable = engines.engines(
                engines.dynamoDb(client -> client.httpClient(dynamoDb)
                        .overrideConfiguration(settings -> settings.retryStrategy(retry -> retry.maxAttempts(1)))),
                engines.sqs(client -> client.httpClient(sqs)
                        .overrideConfiguration(settings -> settings.retryStrategy(retry -> retry.maxAttempts(1)))),
                new FolderFileStore(data.resolve("files")));
        String key = ApiKeys.draw(random);
        engines.engines().keys().putApiKey(ApiKeys.withAllScopes(key, Instant.now()));
        TaskCatalog catalog = new TaskCatalog();
        addTo(catalog);
        front = HttpFront.listen(0);
        front.serve(new ApiFunction(unreliable, catalog.descriptions()));
        api = new Api(URI.create("http://127.0.0.1:" + front.port()), key, PATIENCE);
        RequestStreamHandler worker = new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                addTo(tasks);
            }
        }.on(unreliable);
        String queue = engines.queues("default").queueUrl();
        String letters = engines.queues("default").deadLetterUrl();
        pollers.add(Poller.of(engines.sqs(), queue, doubling(worker, doubled), POOL.functionTimeout(), 10, 8));
        pollers.add(Poller.of(
                engines.sqs(),
                letters,
                new DeadLetterFunction(unreliable, new TaskCatalog()),
                Duration.ofMinutes(1),
                10,
                1));
        pollers.forEach(QueuePoller::start);
        LambdaRunner dispatcher = new LambdaRunner(
                new DispatcherFunction(unreliable, List.of()), unreliable.clock(), Duration.ofMinutes(1));
        var _ = ticks.scheduleWithFixedDelay(() -> dispatcher.invoke(new Json("{}")), 1, 1, TimeUnit.SECONDS);
    }

    private void addTo(TaskCatalog tasks) {
        tasks.add("count", Counted.class, (number, job) -> {
                    effects.happen(job.id(), job.fence());
                    return number.number();
                })
                .timeout(Duration.ofSeconds(2))
                .retry(RetryPolicy.exponential().first(Duration.ofSeconds(1)).maxAttempts(100));
    }

    /** Calls the function a second time with some of its batches, as SQS may deliver messages twice. */
    private RequestStreamHandler doubling(RequestStreamHandler function, double rate) {
        Random doubles = new Random(SEED + 2);
        return (event, response, context) -> {
            byte[] batch = event.readAllBytes();
            if (doubles.nextDouble() < rate) {
                Thread.ofVirtual().start(() -> {
                    try {
                        function.handleRequest(
                                new ByteArrayInputStream(batch), OutputStream.nullOutputStream(), context);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
            function.handleRequest(new ByteArrayInputStream(batch), response, context);
        };
    }

    /** Asks again for what was not acknowledged, under the same id, until it is. */
    private Map<JobId, Integer> enqueue() {
        Map<JobId, Integer> acknowledged = new HashMap<>();
        for (int first = 0; first < JOBS; first += A_REQUEST) {
            Map<JobId, Integer> open = new HashMap<>();
            for (int number = first; number < Math.min(JOBS, first + A_REQUEST); number++) {
                open.put(JobId.next(Instant.now(), random), number);
            }
            while (!open.isEmpty()) {
                for (JobId taken : enqueue(open)) {
                    acknowledged.put(taken, open.remove(taken));
                }
            }
        }
        return acknowledged;
    }

    private List<JobId> enqueue(Map<JobId, Integer> numbers) {
        List<Map<String, Object>> jobs = numbers.entrySet().stream()
                .map(job -> Map.<String, Object>of(
                        "task", "count", "id", job.getKey().text(), "payload", Map.of("number", job.getValue())))
                .toList();
        Api.Answer answer = api.post("/v1/jobs/batch", Map.of("jobs", jobs));
        if (answer.status() == 503) {
            return List.of();
        }
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(207);
        List<JobId> taken = new ArrayList<>();
        for (JsonNode result : answer.json().get("results")) {
            int status = result.get("status").asInt();
            assertThat(status).as(result.toString()).isIn(200, 202, 503);
            if (status != 503) {
                taken.add(new JobId(result.get("job").get("id").asString()));
            }
        }
        return taken;
    }

    private void awaitQuiet(int jobs) {
        Instant giveUp = Instant.now().plus(PATIENCE);
        while (effects.counted() < jobs || count(unfinished()) > 0) { // the second reads all rows
            assertThat(Instant.now())
                    .as("%d of %d jobs had their effect, seed %d", effects.counted(), jobs, SEED)
                    .isBefore(giveUp);
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos()); // ElasticMQ's clock cannot be set
        }
    }

    private static Condition unfinished() {
        return new Condition.Not(new Condition.In(
                Field.STATE, List.of(JobState.SUCCEEDED.name(), JobState.DEAD.name(), JobState.CANCELLED.name())));
    }

    private int count(Condition filter) {
        return jobs(filter).size();
    }

    private List<Job> jobs(Condition filter) {
        List<Job> jobs = new ArrayList<>();
        Instant now = Instant.now();
        @Nullable JobId before = null;
        do {
            Page<Job, JobId> page = engines.engines()
                    .jobs()
                    .list(new JobStore.Query(
                            now.minus(Duration.ofHours(6)), now.plus(Duration.ofHours(1)), filter, 1_000, before));
            jobs.addAll(page.items());
            before = page.next();
        } while (before != null);
        return jobs;
    }

    private void check(Map<JobId, Integer> acknowledged) {
        List<Job> jobs = jobs(new Condition.Present(Field.STATE));
        Map<JobId, Job> byId = new HashMap<>();
        jobs.forEach(job -> byId.put(job.id(), job));
        long lost = acknowledged.keySet().stream()
                .filter(id -> !byId.containsKey(id))
                .count();
        long invented = byId.keySet().stream()
                .filter(id -> !acknowledged.containsKey(id))
                .count();
        long endedTwice = jobs.stream().filter(job -> ends(job) != 1).count();
        long unexpected =
                jobs.stream().filter(job -> !isAsAsked(job, acknowledged)).count();
        System.out.printf(
                "%d jobs, seed %d: lost %d, invented %d, ended twice %d, unexpected %d; effects a job %.4f, without the"
                        + " fence %.4f; DynamoDB: %s; SQS: %s%n",
                acknowledged.size(),
                SEED,
                lost,
                invented,
                endedTwice,
                unexpected,
                (double) effects.counted() / acknowledged.size(),
                (double) effects.happened() / acknowledged.size(),
                dynamoDb,
                sqs);
        assertThat(List.of(lost, invented, endedTwice, unexpected))
                .as("lost, invented, ended twice, unexpected; seed %d", SEED)
                .containsOnly(0L);
    }

    private static long ends(Job job) {
        return job.history().stream()
                .map(HistoryEntry::state)
                .filter(JobState::isTerminal)
                .count();
    }

    private boolean isAsAsked(Job job, Map<JobId, Integer> acknowledged) {
        return job.state() == JobState.SUCCEEDED
                && Json.of(acknowledged.get(job.id()))
                        .equals(engines.engines().jobs().result(job));
    }
}
