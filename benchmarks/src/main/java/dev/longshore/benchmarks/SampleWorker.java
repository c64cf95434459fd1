package dev.longshore.benchmarks;

import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskHandler;
import dev.longshore.worker.WorkerFunction;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One task for each course that a job can take. Their handlers do nothing: a user's work is not counted. */
public final class SampleWorker extends WorkerFunction {
    /** How many handlers have returned a result. */
    final AtomicInteger succeeded = new AtomicInteger();

    /** Whether the service that {@code fail-until-repaired} calls answers again. */
    volatile boolean repaired;

    @Override
    protected void tasks(TaskCatalog tasks) {
        TaskHandler<Json, Object> failTwice = (payload, job) -> job.attempt() < 3 ? fail() : succeed();
        tasks.add("succeed", Json.class, (payload, job) -> succeed());
        tasks.add("echo", Json.class, (payload, job) -> {
            succeed();
            return payload;
        });
        tasks.add("fail-twice", Json.class, failTwice)
                .retry(RetryPolicy.fixed(Duration.ofHours(1)).maxAttempts(3));
        tasks.add("fail-until-repaired", Json.class, (payload, job) -> repaired ? succeed() : fail())
                .retry(RetryPolicy.never());
    }

    private Object succeed() {
        succeeded.incrementAndGet();
        return Map.of("greeting", "Good morning, Ada Lovelace");
    }

    private static Object fail() {
        throw new IllegalStateException("The called service answered 503");
    }
}
