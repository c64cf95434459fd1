package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.HistoryEntry;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.JobContext;
import dev.longshore.task.Json;
import dev.longshore.task.PoolPlan;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The process that a container on Fargate runs, as a process, on real engines: stopped, killed, and beside another one. */
class WorkerProcessTest {
    private static final String POOL = "encode";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path data;

    private LocalEngines engines;
    private final List<WorkerContainer> containers = new ArrayList<>();

    /** Its first run of a job lasts until it is interrupted, a later one does not. */
    public static final class Encoder extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("quick", Json.class, (payload, job) -> job.fence()).pool(POOL);
            tasks.add("long", Json.class, (payload, job) -> firstForEver(job))
                    .pool(POOL)
                    .timeout(Duration.ofHours(12));
            tasks.add("crashing", Json.class, (payload, job) -> firstForEver(job))
                    .pool(POOL)
                    .timeout(Duration.ofSeconds(5));
            tasks.add("spinning", Json.class, (payload, job) -> spin())
                    .pool(POOL)
                    .timeout(Duration.ofSeconds(1))
                    .retry(RetryPolicy.never());
        }

        private static long firstForEver(JobContext job) throws InterruptedException {
            if (job.fence() == 1) {
                new CountDownLatch(1).await();
            }
            return job.fence();
        }

        @SuppressWarnings("InfiniteLoop") // what it is for
        private static Object spin() {
            while (true) {
                Thread.onSpinWait();
            }
        }
    }

    @BeforeEach
    void start() {
        PoolPlan pool = PoolPlan.of(POOL, new Encoder().catalog().descriptions());
        engines = LocalEngines.start(data, List.of(pool), new FolderFileStore(data.resolve("files")));
        // a killed process's messages come back after this time, and not after the hour and a half of a laptop
        engines.sqs()
                .setQueueAttributes(set -> set.queueUrl(engines.queues(POOL).queueUrl())
                        .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "5")));
    }

    @AfterEach
    void end() {
        containers.forEach(WorkerContainer::close);
        engines.close();
    }

    @Test
    void twoProcessesSideBySideRunEachJobOnce() throws Exception {
        List<JobId> jobs = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            jobs.add(enqueue("quick"));
        }

        container(4, Duration.ofSeconds(90));
        container(4, Duration.ofSeconds(90));

        for (JobId id : jobs) {
            Job job = await(id, JobState.SUCCEEDED);
            assertThat(job.attempt()).isEqualTo(1);
            assertThat(result(job)).as("claims of the job").isEqualTo("1");
            assertThat(job.history()).extracting(HistoryEntry::state).containsOnlyOnce(JobState.SUCCEEDED);
        }
        await("an empty queue", () -> {
            var depth = engines.engines().queue().depth(POOL);
            return depth.visible() + depth.inFlight() + depth.deadLetters() == 0;
        });
        assertThat(data.resolve("received-1")).exists();
        assertThat(data.resolve("received-2")).exists();
    }

    @Test
    void jobOfAProcessThatIsKilledIsRunByAnother() throws Exception {
        JobId id = enqueue("crashing");
        WorkerContainer first = container(1, Duration.ofSeconds(90));
        await(id, JobState.RUNNING);

        first.kill();
        container(1, Duration.ofSeconds(90));

        Job job = await(id, JobState.SUCCEEDED);
        assertThat(result(job)).as("the second claim's").isEqualTo("2");
        assertThat(job.history()).extracting(HistoryEntry::state).containsOnlyOnce(JobState.SUCCEEDED);
    }

    @Test
    void processThatIsStoppedGivesItsJobBackWithoutAnAttemptAndEndsWithStatusZero() throws Exception {
        JobId id = enqueue("long");
        WorkerContainer first = container(1, Duration.ofSeconds(1));
        await(id, JobState.RUNNING);

        assertThat(first.stop()).isZero();

        Job given = engines.engines().jobs().find(id).orElseThrow();
        assertThat(given.state()).isEqualTo(JobState.RETRYING);
        assertThat(given.attempt()).isZero();
        assertThat(engines.engines().queue().depth(POOL).visible())
                .as("messages that another process gets at once")
                .isEqualTo(1);

        container(1, Duration.ofSeconds(90));
        assertThat(await(id, JobState.SUCCEEDED).attempt()).isEqualTo(1);
    }

    @Test
    void processWithAHandlerThatCannotBeStoppedEndsWithStatusOneForAnotherToTakeItsPlace() throws Exception {
        JobId spinning = enqueue("spinning");
        WorkerContainer first = container(1, Duration.ofSeconds(1));
        await(spinning, JobState.DEAD);
        JobId next = enqueue("quick");

        assertThat(first.status()).isEqualTo(1);

        container(1, Duration.ofSeconds(90));
        await(next, JobState.SUCCEEDED);
    }

    private WorkerContainer container(int concurrency, Duration drain) throws IOException {
        Path received = data.resolve("received-" + (containers.size() + 1));
        WorkerContainer container = WorkerContainer.start(engines, Encoder.class, POOL, concurrency, drain, received);
        containers.add(container);
        return container;
    }

    private JobId enqueue(String task) {
        Instant now = Instant.now();
        var random = engines.engines().random();
        NewJob job = NewJob.of(
                JobId.next(now, random),
                task,
                POOL,
                task.equals("spinning") ? 1 : 3,
                Json.parse("{}"),
                now,
                new WriteTokens(random).next());
        new Enqueuer(engines.engines()).enqueue(job);
        return job.id();
    }

    private Job await(JobId id, JobState state) {
        Predicate<Job> reached = job -> job.state() == state;
        await(
                id + " to be " + state,
                () -> engines.engines().jobs().find(id).filter(reached).isPresent());
        return engines.engines().jobs().find(id).orElseThrow();
    }

    private static void await(String what, BooleanSupplier holds) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!holds.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private String result(Job job) {
        Json result = engines.engines().jobs().result(job);
        return result == null ? "none" : result.text();
    }
}
