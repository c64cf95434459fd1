package dev.longshore.local;

import dev.longshore.task.DeathHook.DeadJob;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The tasks of the jobs in {@link EarlierData}: as they were when those jobs were made, or repaired since. */
final class EarlierTasks {
    record Count(int number) {}

    /** Handlers of {@code hang} that have begun. */
    final Semaphore begun = new Semaphore(0);

    /** Lets the handlers of {@code hang} end. */
    final CountDownLatch end = new CountDownLatch(1);

    /** The ids of the jobs whose {@code onDead} hook was called. */
    final List<String> reported = new CopyOnWriteArrayList<>();

    private final boolean repaired;

    private EarlierTasks(boolean repaired) {
        this.repaired = repaired;
    }

    /** Their handlers fail, hang, wait and hand over. */
    static EarlierTasks asTheyWere() {
        return new EarlierTasks(false);
    }

    /** Their handlers succeed. */
    static EarlierTasks repaired() {
        return new EarlierTasks(true);
    }

    void addTo(TaskCatalog tasks) {
        addAllButCount(tasks);
        tasks.add("count", Count.class, (count, job) -> count.number() + 1);
    }

    /** The tasks of the API: it takes any payload for {@code count}, and knows a task that the worker has no more. */
    TaskCatalog ofApi() {
        TaskCatalog tasks = new TaskCatalog();
        addAllButCount(tasks);
        tasks.add("count", Json.class, (count, job) -> null);
        tasks.add("retired", Json.class, (payload, job) -> null);
        return tasks;
    }

    private void addAllButCount(TaskCatalog tasks) {
        tasks.add("echo", Json.class, (payload, job) -> payload).onDead(this::report);
        tasks.add("echo-briefly", Json.class, (payload, job) -> payload).retention(Duration.ofDays(1));
        tasks.add("wait", Json.class, (payload, job) -> "waited");
        tasks.add("render", Json.class, (payload, job) -> "rendered").pool("heavy");
        tasks.add("fail", Json.class, (payload, job) -> {
                    if (!repaired) {
                        throw new IOException("no route to host");
                    }
                    return "arrived at attempt " + job.attempt();
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(90)).maxAttempts(3))
                .onDead(this::report);
        tasks.add("fail-long", Json.class, (payload, job) -> {
                    if (!repaired) {
                        throw new IOException("no route to host");
                    }
                    return "arrived at attempt " + job.attempt();
                })
                .retry(RetryPolicy.fixed(Duration.ofHours(1)).maxAttempts(3));
        tasks.add("discard", Json.class, (payload, job) -> {
                    throw job.discard("not wanted any more");
                })
                .onDead(this::report);
        tasks.add("snooze", Json.class, (payload, job) -> {
            if (!repaired) {
                throw job.snooze(Duration.ofHours(2));
            }
            return "awake at attempt " + job.attempt();
        });
        tasks.add("walk", Json.class, (payload, job) -> {
            @Nullable Integer page = job.checkpoint(Integer.class).orElse(null);
            if (page == null) {
                job.progress(30, "page 3");
                throw job.continueWith(3);
            }
            return "walked on from page " + page;
        });
        tasks.add("lead", Json.class, (payload, job) -> job.enqueue("echo", Map.of("from", job.id())));
        tasks.add("hang", Json.class, (payload, job) -> {
                    if (!repaired) {
                        job.progress(50, "half of it");
                        job.checkpoint(7);
                        begun.release();
                        end.await();
                    }
                    if (job.cancelRequested()) {
                        throw job.cancelled();
                    }
                    return "continued from " + job.checkpoint(Integer.class).orElse(0);
                })
                .timeout(Duration.ofMinutes(2));
    }

    private void report(DeadJob job) {
        reported.add(job.id());
    }
}
