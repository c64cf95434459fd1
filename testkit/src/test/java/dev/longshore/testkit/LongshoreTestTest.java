package dev.longshore.testkit;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobState;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.SAME_THREAD)
class LongshoreTestTest {
    record Greeting(String name) {}

    record Count(int left) {}

    static final class DemoWorker extends WorkerFunction {
        final List<String> dead = new ArrayList<>();
        final List<Instant> ticks = new ArrayList<>();

        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("greet", Greeting.class, (greeting, job) -> "Hello, " + greeting.name());
            tasks.add("flaky", Count.class, (count, job) -> {
                        job.progress(10 * job.attempt(), "attempt " + job.attempt());
                        if (job.attempt() <= count.left()) {
                            throw new IOException("no route at attempt " + job.attempt());
                        }
                        return job.attempt();
                    })
                    .retry(RetryPolicy.fixed(Duration.ofMinutes(2)).maxAttempts(3))
                    .onDead(job -> dead.add(job.reason()));
            tasks.add("count-down", Count.class, (count, job) -> {
                if (count.left() > 0) {
                    job.enqueue("count-down", new Count(count.left() - 1));
                }
                return null;
            });
            tasks.add("for-ever", Json.class, (nothing, job) -> {
                        job.enqueue("for-ever", nothing);
                        return null;
                    })
                    .longestChain(1_000_000);
            tasks.add("slow-retry", Json.class, (nothing, job) -> {
                if (job.attempt() == 1) {
                    throw job.retryIn(Duration.ofHours(3), "busy");
                }
                return "done";
            });
            tasks.add("nightly", Json.class, (nothing, job) -> {
                        ticks.add(Instant.parse(job.meta().getOrDefault("never", "2026-03-11T03:00:00Z")));
                        return null;
                    })
                    .every(ScheduleSpec.cron("0 3 * * *", ZoneOffset.UTC));
            tasks.add("store", Greeting.class, () -> (greeting, job) -> {
                files().write("greeting.txt", greeting.name().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                return null;
            });
        }
    }

    private static final DemoWorker WORKER = new DemoWorker();

    @RegisterExtension
    static final LongshoreTest jobs = LongshoreTest.of(WORKER);

    @BeforeEach
    void clear() {
        WORKER.dead.clear();
        WORKER.ticks.clear();
    }

    @Test
    void aJobRunsWhenItIsDrained() {
        TestJob job = jobs.enqueue("greet", new Greeting("Ada"));
        assertThat(job).hasState(JobState.QUEUED);

        jobs.drain();

        assertThat(job).succeeded().withResult("Hello, Ada").afterAttempts(1).enqueuedNothing();
        assertThat(job.result(String.class)).contains("Hello, Ada");
        assertThat(job.payload(Greeting.class)).isEqualTo(new Greeting("Ada"));
    }

    @Test
    void eachTestStartsWithoutJobsAtNoon() {
        assertThat(jobs.jobs()).isEmpty();
        assertThat(jobs.now()).isEqualTo("2026-03-10T12:00:00Z");
        jobs.enqueue("greet", new Greeting("Ada"));
        jobs.advance(Duration.ofDays(1));

        jobs.end();
        jobs.begin("another test");

        assertThat(jobs.jobs()).isEmpty();
        assertThat(jobs.now()).isEqualTo("2026-03-10T12:00:00Z");
    }

    @Test
    void twoTestsAtOnceAreRefused() {
        LongshoreTest shared = LongshoreTest.ofTasks(tasks -> tasks.add("t", Json.class, (payload, job) -> null));
        shared.begin("first");

        assertThatThrownBy(() -> shared.begin("second"))
                .hasMessage("The tests first and second use one LongshoreTest at the same time;"
                        + " make its field non-static, so that each test has its own");
    }

    @Test
    void aTestIsReportedByItsDisplayName() {
        assertThatThrownBy(() -> jobs.begin("second"))
                .hasMessageStartingWith("The tests aTestIsReportedByItsDisplayName() and second use");
    }

    @Test
    void anUnknownTaskAndAPayloadThatDoesNotFitAreRefusedAsByTheApi() {
        assertThatThrownBy(() -> jobs.enqueue("gret", new Greeting("Ada")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("There is no task 'gret'")
                .hasMessageContaining("greet");
        assertThatThrownBy(() -> jobs.enqueue("greet", new Count(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/payload/name")
                .hasMessageContaining("/payload/left");
        assertThatThrownBy(() -> jobs.enqueue("greet", new Greeting("Ada"), options -> options.maxAttempts(0)))
                .hasMessageContaining("/maxAttempts");
        assertThat(jobs.jobs()).isEmpty();
    }

    @Test
    void optionsReachTheJob() {
        TestJob job = jobs.enqueue(
                "greet",
                new Greeting("Ada"),
                options -> options.delay(Duration.ofMinutes(90))
                        .tags("eu")
                        .meta("tenant", "7")
                        .maxAttempts(2));

        assertThat(job).isScheduledIn(Duration.ofMinutes(90)).isScheduledFor(Instant.parse("2026-03-10T13:30:00Z"));
        assertThat(job.tags()).containsExactly("eu");
        assertThat(job.meta()).containsEntry("tenant", "7");
        jobs.advance(Duration.ofMinutes(89));
        assertThat(job).hasState(JobState.SCHEDULED).afterAttempts(0);
        jobs.advance(Duration.ofMinutes(1));
        assertThat(job).succeeded();
    }

    @Test
    void anIdempotencyKeyMakesOneJob() {
        TestJob first = jobs.enqueue("greet", new Greeting("Ada"), options -> options.idempotencyKey("k"));

        assertThat(jobs.enqueue("greet", new Greeting("Ada"), options -> options.idempotencyKey("k")))
                .isEqualTo(first);
        assertThat(jobs.jobs()).hasSize(1);
    }

    @Test
    void aRetryComesAfterItsBackoff() {
        TestJob job = jobs.enqueue("flaky", new Count(1));
        jobs.drain();
        assertThat(job).isRetrying().isScheduledIn(Duration.ofMinutes(2)).withErrorContaining("no route at attempt 1");

        jobs.advance(Duration.ofSeconds(119));
        assertThat(job).isRetrying();
        jobs.advance(Duration.ofSeconds(2));

        assertThat(job).succeeded().withResult(2).afterAttempts(2).withProgress(20);
        assertThat(job.progressText()).contains("attempt 2");
    }

    @Test
    void aJobThatFailsAlwaysIsDeadAndItsHookRuns() {
        TestJob job = jobs.runToEnd(jobs.enqueue("flaky", new Count(9)));

        assertThat(job)
                .isDead()
                .becauseOf("exhausted")
                .withErrorContaining("attempt 3")
                .afterAttempts(3);
        jobs.drain();
        assertThat(WORKER.dead).containsExactly("exhausted");
        assertThat(jobs.dead()).containsExactly(job);
    }

    @Test
    void anOperatorsRetryStartsADeadJobAgain() {
        TestJob job = jobs.runToEnd(jobs.enqueue("flaky", new Count(9)));

        jobs.retry(job);
        assertThat(job).hasState(JobState.QUEUED).afterAttempts(0);
        assertThat(jobs.runToEnd(job)).isDead();
        assertThatThrownBy(() -> jobs.retry(jobs.runToEnd(jobs.enqueue("greet", new Greeting("Ada")))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aWaitingJobIsCancelled() {
        TestJob job = jobs.enqueue("greet", new Greeting("Ada"), options -> options.delay(Duration.ofHours(1)));

        jobs.cancel(job);
        jobs.advance(Duration.ofHours(2));

        assertThat(job).isCancelled().afterAttempts(0);
    }

    @Test
    void aDrainRunsWhatHandlersEnqueueUntilNothingIsLeft() {
        TestJob job = jobs.enqueue("count-down", new Count(30));

        jobs.drain();

        assertThat(jobs.jobs("count-down"))
                .hasSize(31)
                .allSatisfy(each -> assertThat(each).succeeded());
        assertThat(job).enqueued("count-down", new Count(29)).enqueued(1, "count-down");
    }

    @Test
    void aDrainThatDoesNotEndNamesTheTaskThatLoops() {
        jobs.enqueue("for-ever", Json.parse("{}"));

        assertThatThrownBy(jobs::drain)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("After 2001 messages")
                .hasMessageContaining("the task for-ever started 2001 times");
    }

    @Test
    void aWaitBeyondAMessagesDelayComesWithTheDispatchersTick() {
        TestJob job = jobs.enqueue("slow-retry", Json.parse("{}"));
        jobs.drain();
        assertThat(job).isScheduledIn(Duration.ofHours(3));

        jobs.advance(Duration.ofHours(3).plusMinutes(1));

        assertThat(job).succeeded().withResult("done").afterAttempts(2);
    }

    @Test
    void schedulesFireOnThePathOfTheClock() {
        jobs.advance(Duration.ofHours(15).minusSeconds(1));
        assertThat(WORKER.ticks).isEmpty();

        jobs.advance(Duration.ofDays(2));

        assertThat(WORKER.ticks).hasSize(2);
    }

    @Test
    void aFailedAssertionShowsTheHistory() {
        TestJob job = jobs.runToEnd(jobs.enqueue("flaky", new Count(1)));

        assertThatThrownBy(() -> assertThat(job).isDead())
                .hasMessageContaining("Expected the job to be DEAD, but it is SUCCEEDED")
                .hasMessageContaining("RUNNING, attempt 1")
                .hasMessageContaining("RETRYING, attempt 1: java.io.IOException: no route at attempt 1");
        assertThatThrownBy(() -> assertThat(job).withResult(3)).hasMessageContaining("but it is 2");
        assertThatThrownBy(() -> assertThat(job).afterAttempts(1)).hasMessageContaining("but it used 2");
        assertThatThrownBy(() -> assertThat(job).becauseOf("exhausted")).hasMessageContaining("it is not DEAD");
        assertThatThrownBy(() -> assertThat(job).withErrorContaining("route"))
                .hasMessageContaining("to have an error with 'route', but there is none");
        assertThatThrownBy(() -> assertThat(job).enqueued("greet", new Greeting("Ada")))
                .hasMessageContaining("it enqueued none");
        assertThatThrownBy(() -> assertThat(job).isScheduledFor(jobs.now())).hasMessageContaining("it is SUCCEEDED");
        assertThatThrownBy(() -> assertThat(job).withProgress(30)).hasMessageContaining("it is 20 %");
    }

    @Test
    void handlersGetTheFilesOfTheirOwnTest() throws Exception {
        jobs.runToEnd(jobs.enqueue("store", new Greeting("Ada")));
        assertThat(jobs.files().read("greeting.txt")).hasContent("Ada");

        jobs.end();
        jobs.begin("another test");
        jobs.runToEnd(jobs.enqueue("store", new Greeting("Bob")));

        assertThat(jobs.files().read("greeting.txt")).hasContent("Bob");
    }

    @Test
    void workersMayReadTheKitsClock() {
        LongshoreTest clocked = LongshoreTest.withClock(clock -> new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                tasks.add("now", Json.class, (nothing, job) -> clock.instant().toString());
            }
        });
        clocked.advance(Duration.ofDays(1));

        assertThat(clocked.runToEnd(clocked.enqueue("now", Json.parse("{}")))).withResult("2026-03-11T12:00:00Z");
    }

    @Test
    void aJobThatNeverEndsIsReportedWithItsHistory() {
        LongshoreTest lazy = LongshoreTest.ofTasks(tasks -> tasks.add("lazy", Json.class, (nothing, job) -> {
            throw job.snooze(Duration.ofMinutes(1));
        }));
        TestJob job = lazy.enqueue("lazy", Json.parse("{}"));

        assertThatThrownBy(() -> lazy.runToEnd(job))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("after 1000 moves of the clock: job ")
                .hasMessageContaining("RETRYING, attempt 0, not counted");
    }
}
