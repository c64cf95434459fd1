package dev.longshore.testkit;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.LimitKey;
import dev.longshore.job.engines.Limiter;
import dev.longshore.task.Json;
import dev.longshore.task.Limit;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Jobs of tasks with limits, in a drain, over time and after crashes. */
class LimitedTasksTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    record Part(int number, boolean parent) {}

    private final List<Integer> ran = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    private void tasks(TaskCatalog tasks) {
        tasks.limit("crm-api", Limit.concurrent(1).perKey());
        tasks.add("sync", Part.class, (part, job) -> {
                    mostAtOnce.accumulateAndGet(running.incrementAndGet(), Math::max);
                    try {
                        if (part.parent()) {
                            job.enqueue("sync", new Part(part.number() + 100, false));
                        }
                        ran.add(part.number());
                        return null;
                    } finally {
                        running.decrementAndGet();
                    }
                })
                .limit(Limit.concurrent(1))
                .uses("crm-api");
    }

    @Test
    void aDrainRunsAllJobsOfALimitedTaskOneAfterTheOther() {
        LongshoreTest jobs = LongshoreTest.ofTasks(this::tasks);
        IntStream.range(0, 30)
                .forEach(i -> jobs.enqueue(
                        "sync", new Part(i, i % 2 == 0), options -> options.limitKey("customer-" + i % 3)));

        jobs.drain();

        assertThat(ran).startsWith(0, 1, 2, 3).hasSize(45);
        assertThat(mostAtOnce).hasValue(1);
        assertThat(jobs.jobs()).allSatisfy(job -> assertThat(job).succeeded().afterAttempts(1));
        assertThat(jobs.now()).isEqualTo(NOON);
    }

    @Test
    void aJobThatWaitsForItsRetryHasNoSlot() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("sync", Part.class, (part, job) -> {
                    if (part.number() == 1 && job.attempt() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    ran.add(part.number());
                    return null;
                })
                .limit(Limit.concurrent(1))
                .retry(RetryPolicy.fixed(Duration.ofMinutes(10)).maxAttempts(2)));
        TestJob first = jobs.enqueue("sync", new Part(1, false));
        jobs.enqueue("sync", new Part(2, false));

        jobs.drain();
        assertThat(ran).containsExactly(2);
        jobs.runToEnd();

        assertThat(first).succeeded().afterAttempts(2);
        assertThat(ran).containsExactly(2, 1);
    }

    @Test
    void aCrashOfALimitedJobLeavesNoJobWaitingForItsSlot() {
        Set<Integer> numbers = new TreeSet<>();
        List<Instant> ends = new ArrayList<>();
        LongshoreTest jobs = LongshoreTest.withClock(clock -> new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                tasks.add("sync", Part.class, (part, job) -> {
                            job.checkpoint(part.number());
                            if (part.parent()) {
                                job.enqueue("sync", new Part(2, false));
                            }
                            numbers.add(part.number());
                            ends.add(clock.instant());
                            return null;
                        })
                        .limit(Limit.concurrent(1));
            }
        });

        jobs.crashEverywhere("sync", new Part(1, true), () -> {
            List<Integer> all = List.copyOf(numbers);
            numbers.clear();
            return all;
        });

        assertThat(ends)
                .as("the lease of a crash and the jobs behind it take minutes")
                .allSatisfy(end -> assertThat(end).isBefore(NOON.plus(Duration.ofMinutes(10))));
        assertThat(ends).anySatisfy(end -> assertThat(end).isAfter(NOON));
    }

    @Test
    void theSlotOfAWorkerThatNeverReturnsGoesToTheNextJobWithinTwoMinutes() {
        Deployment deployment = new Deployment(clock -> new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                LimitedTasksTest.this.tasks(tasks);
            }
        });
        JobId crashed = enqueue(deployment, Map.of("delaySeconds", 86_400));
        JobId next = enqueue(deployment, Map.of());
        Instant lease = NOON.plusSeconds(40);
        LimitKey key = new LimitKey("sync", "");
        new Limiter(deployment.memory().engines()).take(row(deployment, crashed), key, 1, lease);
        assertThat(deployment.memory().limits().find(key).used(NOON)).isEqualTo(1);
        work(deployment);
        assertThat(row(deployment, next).heldByLimit()).isPresent();

        while (row(deployment, next).state() != JobState.SUCCEEDED) {
            Instant event = deployment.nextEvent();
            assertThat(event).isNotNull().isBeforeOrEqualTo(lease.plus(Duration.ofMinutes(2)));
            boolean ticks = event.equals(deployment.nextTick());
            deployment.moveClock(event);
            if (ticks) {
                deployment.tick();
            }
            work(deployment);
        }

        assertThat(ran).containsExactly(7);
    }

    private static JobId enqueue(Deployment deployment, Map<String, Object> options) {
        Map<String, Object> request = new HashMap<>(options);
        request.put("task", "sync");
        request.put("payload", Json.parse("{\"number\":7,\"parent\":false}"));
        return JobId.parse(deployment
                        .api()
                        .post("/v1/jobs", request, Map.of())
                        .path("id")
                        .asString())
                .orElseThrow();
    }

    private static Job row(Deployment deployment, JobId id) {
        return deployment.memory().jobs().find(id).orElseThrow();
    }

    private static void work(Deployment deployment) {
        while (deployment.workOnce()) {
            // one message at a time
        }
    }
}
