package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.HistoryEntry;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobState;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.delivery.Delivery;
import dev.longshore.job.delivery.DeliveryBatch;
import dev.longshore.job.delivery.Source;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.suites.faults.Faults;
import dev.longshore.task.Json;
import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A worker on engines in memory, and the steps of its tests. */
final class WorkerStage {
    static final String POOL = "default";
    private static final String ARN = "arn:aws:sqs:local:0:" + POOL;

    final InMemoryEngines memory = InMemoryEngines.create();
    final Faults faults = new Faults();
    final TaskCatalog tasks = new TaskCatalog();
    final ClockedWaiter waiter = new ClockedWaiter();
    final Drain drain = new Drain();
    private final Engines engines = faults.engines(memory.engines());
    private final WriteTokens tokens = new WriteTokens(memory.random());

    /** Lets a handler run for as long as it likes in no time, or lets all its time pass at once. */
    final class ClockedWaiter implements Waiter {
        volatile boolean handlersHang;
        volatile Runnable whileWaiting = () -> {};

        @Override
        public boolean endsWithin(CountDownLatch end, Duration time) throws InterruptedException {
            if (!handlersHang) {
                end.await();
                return true;
            }
            memory.clock().advance(time);
            whileWaiting.run();
            return end.getCount() == 0;
        }
    }

    <I> Task<I, Object> task(String name, Class<I> payload, TaskHandler<I, Object> handler) {
        return tasks.add(name, payload, handler);
    }

    Task<Json, Object> task(String name, TaskHandler<Json, Object> handler) {
        return task(name, Json.class, handler);
    }

    /** A handler that comes back only when it is interrupted, and says so. */
    static TaskHandler<Json, Object> hangUntil(CountDownLatch interrupted) {
        return (payload, job) -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            throw new AssertionError("Nothing counts this latch down");
        };
    }

    JobId enqueue(String task) {
        return enqueue(task, "{}");
    }

    JobId enqueue(String task, String payload) {
        Instant now = memory.clock().instant();
        int attempts =
                tasks.find(task).map(declared -> declared.retry().maxAttempts()).orElse(3);
        NewJob job = NewJob.of(
                JobId.next(now, memory.random()), task, POOL, attempts, Json.parse(payload), now, tokens.next());
        new Enqueuer(memory.engines()).enqueue(job);
        return job.id();
    }

    JobId enqueueExpiring(String task, Instant expiresAt) {
        Instant now = memory.clock().instant();
        NewJob job = new NewJob(
                JobId.next(now, memory.random()),
                task,
                POOL,
                3,
                Json.parse("{}"),
                now,
                null,
                expiresAt,
                List.of(),
                null,
                null,
                null,
                Map.of(),
                null,
                tokens.next());
        new Enqueuer(memory.engines()).enqueue(job);
        return job.id();
    }

    JobWorker worker() {
        return worker(waiter, null);
    }

    /** @param endSandbox as in {@link JobWorker} */
    JobWorker worker(Waiter waits, @Nullable Runnable endSandbox) {
        return new JobWorker(engines, tasks, waits, drain, endSandbox);
    }

    /** Receives all visible messages and has a worker work on them as one batch; answers its response to Lambda. */
    String workOnBatch(JobWorker worker) throws IOException {
        Json event = LambdaRunner.sqsEvent(ARN, memory.queue().receive(POOL, 100));
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        worker.work(
                DeliveryBatch.read(new ByteArrayInputStream(event.utf8()), arn -> Source.ofJobs(engines.queue(), arn)),
                memory.clock().instant().plus(Duration.ofMinutes(15)),
                response);
        return response.toString(StandardCharsets.UTF_8);
    }

    /** Receives one message and has a worker work on it. */
    Delivery.Verdict workOnce() {
        return work(receive());
    }

    /** As Lambda does: a message that is done is deleted. */
    Delivery.Verdict work(Received message) {
        Delivery.Verdict verdict =
                worker().work(delivery(message), memory.clock().instant().plus(Duration.ofMinutes(15)));
        if (verdict == Delivery.Verdict.DELETE) {
            memory.queue().delete(POOL, message.receipt());
        }
        return verdict;
    }

    Received receive() {
        List<Received> messages = memory.queue().receive(POOL, 1);
        assertThat(messages).as("a visible message").hasSize(1);
        return messages.getFirst();
    }

    Delivery delivery(Received message) {
        return delivery(message, engines.queue());
    }

    static Delivery delivery(Received message, JobQueue queue) {
        return new Delivery(
                new Source(queue, POOL, false),
                message.messageId(),
                message.receipt(),
                message.body(),
                message.receiveCount());
    }

    /** Moves the clock to the next message and works on it, until none is left. */
    void workUntilQuiet() {
        for (int i = 0; i < 200; i++) {
            Instant next = memory.queue().nextVisibleAt(POOL);
            if (next == null) {
                return;
            }
            if (next.isAfter(memory.clock().instant())) {
                memory.clock().set(next);
            }
            for (Received message : memory.queue().receive(POOL, 10)) {
                work(message);
            }
        }
        throw new AssertionError("still not quiet after 200 rounds");
    }

    Job job(JobId id) {
        return memory.jobs().find(id).orElseThrow();
    }

    List<JobState> states(JobId id) {
        return job(id).history().stream().map(HistoryEntry::state).toList();
    }

    String result(JobId id) {
        Json result = memory.jobs().result(job(id));
        return result == null ? "none" : result.text();
    }

    int deadLetters() {
        return Math.toIntExact(memory.queue().depth(POOL).deadLetters());
    }
}
