package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.task.FileStore;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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
    void fieldsOfAWorkerAreSetWhenItsTasksAreAdded() {
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
    void catalogIsMadeOnceAndIsTheSameOnEngines() {
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
        worker.on(engines); // begins anew

        assertThatIllegalStateException()
                .isThrownBy(() -> worker.on(InMemoryEngines.create().engines()))
                .withMessageContaining("GreetWorker runs on other engines already")
                .withMessageContaining("make another instance");
    }

    @Test
    void workerWithoutEnginesSaysHowItGetsSome() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new LambdaRunner(new GreetWorker(), memory.clock(), Duration.ofMinutes(15))
                        .invoke(new Json("{}")))
                .withMessageContaining("has no engines: outside of Lambda call on(engines)");
    }

    @Test
    void workerIsItselfTheHandlerOnceItHasEngines() {
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
    void failingSupplierFailsTheAttemptsOfItsTaskAndNoOther() {
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
    void testsSayHowAWorkerWaitsForItsHandlers() {
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

    private void run(RequestStreamHandler batches) {
        new LambdaRunner(batches, memory.clock(), Duration.ofMinutes(15)).workAll(memory.queue(), "default");
    }

    private Job job(JobId id) {
        return memory.jobs().find(id).orElseThrow();
    }

    private String result(JobId id) {
        return memory.jobs().result(job(id)).text();
    }
}
