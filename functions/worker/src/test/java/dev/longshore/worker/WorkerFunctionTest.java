package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.Engines;
import dev.longshore.job.Enqueuer;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.task.FileStore;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.testkit.InMemoryEngines;
import dev.longshore.testkit.InMemoryJobQueue.Received;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A team's worker class, from its construction to its first jobs, on engines in memory. */
class WorkerFunctionTest {
    private final InMemoryEngines memory = InMemoryEngines.create();
    private final Engines engines = memory.engines();

    /** A worker with a service in a field, as a team writes one. */
    private static final class GreetWorker extends WorkerFunction {
        private final String greeting = "Hello ".concat("world");
        private final AtomicInteger catalogs = new AtomicInteger();

        @Override
        protected void tasks(TaskCatalog tasks) {
            catalogs.incrementAndGet();
            String now = greeting;
            tasks.add("greet", Json.class, (payload, job) -> now);
        }
    }

    @Test
    void fieldsOfAWorkerAreSetWhenItsTasksAreAdded() throws IOException {
        JobId id = enqueue("greet");

        run(new GreetWorker().on(engines));

        assertThat(result(id)).isEqualTo("\"Hello world\"");
    }

    @Test
    void constructionOutsideOfLambdaNeedsNothingAndAddsNoTask() {
        GreetWorker worker = new GreetWorker();

        assertThat(worker.catalogs).hasValue(0);
        assertThat(worker.isPreparedForSnapshots()).isFalse();
    }

    @Test
    void catalogIsMadeOnceAndIsTheSameOnEngines() throws IOException {
        GreetWorker worker = new GreetWorker();
        TaskCatalog catalog = worker.catalog();

        worker.on(engines);

        assertThat(worker.catalog()).isSameAs(catalog);
        assertThat(worker.catalogs).hasValue(1);
        assertThat(catalog.pools()).containsExactly("default");
    }

    @Test
    void catalogThatIsRefusedIsNotKeptHalfMade() {
        AtomicInteger calls = new AtomicInteger();
        WorkerFunction worker = new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                tasks.add("a", Json.class, (payload, job) -> null);
                tasks.add(calls.incrementAndGet() == 1 ? "a" : "b", Json.class, (payload, job) -> null);
            }
        };

        assertThatThrownBy(() -> worker.on(engines)).hasMessageContaining("There is a task a already");
        assertThat(worker.catalog().all()).hasSize(2);
        assertThat(worker.on(engines)).isNotNull();
    }

    @Test
    void workerRunsOnOneSetOfEngines() {
        WorkerFunction worker = new GreetWorker();
        worker.on(engines);

        assertThatIllegalStateException()
                .isThrownBy(() -> worker.on(engines))
                .withMessageContaining("GreetWorker runs on engines already")
                .withMessageContaining("make another instance");
    }

    @Test
    void workerWithoutEnginesSaysHowItGetsSome() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new GreetWorker()
                        .handleRequest(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), lambda()))
                .withMessageContaining("has no engines: outside of Lambda call on(engines)");
    }

    @Test
    void workerIsItselfTheHandlerOnceItHasEngines() throws IOException {
        JobId id = enqueue("greet");
        WorkerFunction worker = new GreetWorker();
        worker.on(engines);

        run(worker);

        assertThat(job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }

    /** Handlers that write and read files, and a supplier that fails at first. */
    private static final class FileWorker extends WorkerFunction {
        private final AtomicInteger supplied = new AtomicInteger();

        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("write", Json.class, () -> {
                FileStore files = files();
                return (payload, job) -> {
                    files.write("out/" + job.id(), payload.utf8());
                    return "written";
                };
            });
            tasks.add("connect", Json.class, () -> {
                        if (supplied.incrementAndGet() == 1) {
                            throw new IllegalStateException("DB_URL is not set");
                        }
                        return (payload, job) -> "connected";
                    })
                    .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).maxAttempts(3));
        }
    }

    @Test
    void suppliersGetTheFilesOfTheEngines() throws IOException {
        JobId id = enqueue("write");

        run(new FileWorker().on(engines));

        assertThat(job(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(memory.files().read("out/" + id)).hasContent("{}");
    }

    @Test
    void failingSupplierFailsTheAttemptsOfItsTaskAndNoOther() throws IOException {
        JobId write = enqueue("write");
        JobId connect = enqueue("connect");
        RequestStreamHandler batches = new FileWorker().on(engines);

        run(batches);

        assertThat(job(write).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(job(connect).state()).isEqualTo(JobState.RETRYING);
        assertThat(job(connect).error().type()).endsWith("HandlerUnavailableException");
        assertThat(job(connect).error().message())
                .isEqualTo("The supplier of the handler of task connect failed: java.lang.IllegalStateException:"
                        + " DB_URL is not set");

        memory.clock().advance(Duration.ofSeconds(6));
        run(batches);

        assertThat(job(connect).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(job(connect).attempt()).isEqualTo(2);
    }

    @Test
    void filesOutsideOfASupplierAreRefusedWithThePlaceWhereTheyAreHad() {
        WorkerFunction worker = new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                FileStore tooEarly = files();
                tasks.add("write", Json.class, (payload, job) -> tooEarly);
            }
        };

        assertThatIllegalStateException()
                .isThrownBy(worker::catalog)
                .withMessageContaining("call it in the handler's supplier");
    }

    @Test
    void testsSayHowAWorkerWaitsForItsHandlers() throws IOException {
        JobId id = enqueue("hang");
        CountDownLatch interrupted = new CountDownLatch(1);
        WorkerFunction worker = new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                tasks.add("hang", Json.class, WorkerStage.hangUntil(interrupted));
            }
        };

        run(worker.on(engines, (end, time) -> {
            memory.clock().advance(time);
            return false;
        }));

        assertThat(interrupted.getCount()).isZero();
        assertThat(job(id).error().type()).isEqualTo("TimedOut");
    }

    // ---- as Lambda does

    private JobId enqueue(String task) {
        Instant now = memory.clock().instant();
        NewJob job = NewJob.of(
                JobId.next(now, memory.random()),
                task,
                "default",
                3,
                Json.parse("{}"),
                now,
                new WriteTokens(memory.random()).next());
        new Enqueuer(memory.engines()).enqueue(job);
        return job.id();
    }

    private void run(RequestStreamHandler batches) throws IOException {
        List<Received> messages = memory.queue().receive("default", 10);
        byte[] event = Json.of(Map.of(
                        "Records",
                        messages.stream()
                                .map(message -> Map.of(
                                        "messageId", message.messageId(),
                                        "receiptHandle", message.receipt(),
                                        "body", message.body(),
                                        "attributes", Map.of("ApproximateReceiveCount", "1"),
                                        "eventSourceARN", "arn:aws:sqs:local:0:default"))
                                .toList()))
                .utf8();
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        batches.handleRequest(new ByteArrayInputStream(event), response, lambda());
        String failed = response.toString(StandardCharsets.UTF_8);
        for (Received message : messages) {
            if (!failed.contains(message.messageId())) {
                memory.queue().delete("default", message.receipt());
            }
        }
    }

    /** An invocation with a quarter of an hour left. */
    private static Context lambda() {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("getRemainingTimeInMillis");
                    return 900_000;
                });
    }

    private Job job(JobId id) {
        return memory.jobs().find(id).orElseThrow();
    }

    private String result(JobId id) {
        return memory.jobs().result(job(id)).text();
    }
}
