package dev.longshore.testkit;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A worker in the kit is the worker of a deployment, and an operator's calls are the API's. */
class WorkersAndOperatorsTest {
    private static final Json NOTHING = Json.parse("{}");

    record Named(String name) {}

    @Test
    void aHandlerThatCannotBeMadeFailsTheAttemptAndTheNextOneMakesIt() {
        AtomicInteger made = new AtomicInteger();
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("work", Json.class, () -> {
                    if (made.incrementAndGet() == 1) {
                        throw new IllegalStateException("no database");
                    }
                    return (nothing, job) -> "done";
                })
                .retry(RetryPolicy.fixed(Duration.ofMinutes(1)).maxAttempts(2)));
        TestJob job = jobs.enqueue("work", NOTHING);

        jobs.drain();
        assertThat(job).isRetrying().withErrorContaining("no database");
        jobs.advance(Duration.ofMinutes(1));

        assertThat(job).succeeded().withResult("done").afterAttempts(2);
    }

    @Test
    void aHandlersUnknownTaskFailsTheAttemptByName() {
        LongshoreTest jobs = LongshoreTest.ofTasks(
                tasks -> tasks.add("work", Json.class, (nothing, job) -> job.enqueue("wrok", nothing))
                        .retry(RetryPolicy.fixed(Duration.ofMinutes(1)).maxAttempts(1)));

        assertThat(jobs.runToEnd(jobs.enqueue("work", NOTHING)))
                .isDead()
                .withErrorContaining("The catalogue has no task wrok")
                .enqueuedNothing();
    }

    @Test
    void aResultBeyondTheLimitIsADeath() {
        LongshoreTest jobs =
                LongshoreTest.ofTasks(tasks -> tasks.add("work", Json.class, (nothing, job) -> "x".repeat(256 * 1024)));

        assertThat(jobs.runToEnd(jobs.enqueue("work", NOTHING)))
                .isDead()
                .becauseOf("result_too_large")
                .withoutResult();
    }

    @Test
    void aPayloadOfAMegabyteIsReadAsItWasEnqueued() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks ->
                tasks.add("length", Named.class, (named, job) -> named.name().length()));
        Named large = new Named("x".repeat(1_000_000));

        TestJob job = jobs.runToEnd(jobs.enqueue("length", large));

        assertThat(job).withResult(1_000_000);
        assertThat(job.payload(Named.class)).isEqualTo(large);
        assertThatThrownBy(() -> jobs.enqueue("length", new Named("x".repeat(5 * 1024 * 1024))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5242880");
    }

    @Test
    void aRunningJobGetsTheRequestToCancel() {
        @Nullable LongshoreTest[] test = new LongshoreTest[1];
        test[0] = LongshoreTest.ofTasks(tasks -> tasks.add("work", Json.class, (nothing, job) -> {
            LongshoreTest jobs = test[0];
            jobs.cancel(jobs.job(job.id()));
            if (job.cancelRequested()) {
                throw job.cancelled();
            }
            return "worked on";
        }));

        assertThat(test[0].runToEnd(test[0].enqueue("work", NOTHING))).isCancelled();
    }

    @Test
    void whatAnOperatorCannotDoIsAnIllegalState() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("work", Json.class, (nothing, job) -> null));
        TestJob ended = jobs.runToEnd(jobs.enqueue("work", NOTHING));
        TestJob none = jobs.job("019cd79e-4600-7000-8000-000000000001");

        assertThatThrownBy(() -> jobs.cancel(ended))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SUCCEEDED")
                .hasMessageNotContaining("The API answered");
        assertThatThrownBy(() -> jobs.retry(ended))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SUCCEEDED");
        assertThatThrownBy(() -> jobs.cancel(none))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(none.id());
        assertThatThrownBy(none::state)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Job " + none.id() + " does not exist: it is of an earlier test, or its retention is over at"
                                + " 2026-03-10T12:00:00Z");
        assertThatThrownBy(() -> jobs.job("42"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A job's id is a UUID of version 7, and '42' is none; take it from TestJob.id() or"
                        + " JobContext.id()");
    }

    @Test
    void jobsAreListedByAgeAndDeadOnesByTheirDeath() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> {
            tasks.add("work", Json.class, (nothing, job) -> null);
            tasks.add("die", Json.class, (nothing, job) -> {
                throw job.discard("no");
            });
        });
        TestJob diesLater = jobs.enqueue("die", NOTHING, options -> options.delay(Duration.ofMinutes(2)));
        jobs.advance(Duration.ofSeconds(1));
        TestJob diesFirst = jobs.enqueue("die", NOTHING);
        TestJob works = jobs.enqueue("work", NOTHING);

        jobs.runToEnd();

        assertThat(jobs.jobs()).containsExactly(diesLater, diesFirst, works);
        assertThat(jobs.jobs("die")).containsExactly(diesLater, diesFirst);
        assertThat(jobs.dead()).containsExactly(diesFirst, diesLater);
        assertThat(diesFirst).isEqualTo(jobs.job(diesFirst.id())).hasSameHashCodeAs(jobs.job(diesFirst.id()));
    }

    @Test
    void theJobsOfAHandlerAreInTheOrderOfItsCalls() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> {
            tasks.add("work", Json.class, (nothing, job) -> {
                for (int i = 0; i < 8; i++) {
                    job.enqueue("part", new Named("part " + i));
                }
                return null;
            });
            tasks.add("part", Named.class, (named, job) -> null);
        });

        TestJob job = jobs.runToEnd(jobs.enqueue("work", NOTHING));
        assertThat(job.enqueued()).isEqualTo(jobs.jobs("part"));
        jobs.runToEnd(jobs.enqueue("work", NOTHING));

        assertThat(job.enqueued())
                .as("without those of another handler")
                .extracting(part -> part.payload(Named.class).name())
                .containsExactly("part 0", "part 1", "part 2", "part 3", "part 4", "part 5", "part 6", "part 7");
    }

    @Test
    void aRepeatedEnqueueOfALaterAttemptIsOneJob() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> {
            tasks.add("work", Json.class, (nothing, job) -> {
                job.enqueue("part", new Named("one"));
                if (job.attempt() == 1) {
                    throw new IllegalStateException("again");
                }
                return null;
            });
            tasks.add("part", Named.class, (named, job) -> null);
        });

        TestJob job = jobs.runToEnd(jobs.enqueue("work", NOTHING));

        assertThat(job).afterAttempts(2).enqueued(1, "part").enqueued("part", new Named("one"));
        assertThat(job.enqueued()).isEqualTo(jobs.jobs("part"));
    }

    @Test
    void aJobThatATestEnqueuesBetweenTwoDrainsIsNoHandlers() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("work", Json.class, (nothing, job) -> null));
        TestJob first = jobs.runToEnd(jobs.enqueue("work", NOTHING));

        jobs.enqueue("work", NOTHING);

        assertThat(first).enqueuedNothing();
    }

    @Test
    void handlersStayFromTestToTest() {
        List<String> made = new ArrayList<>();
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("work", Json.class, () -> {
            made.add("handler");
            return (nothing, job) -> null;
        }));
        jobs.runToEnd(jobs.enqueue("work", NOTHING));

        jobs.begin("another test");
        jobs.runToEnd(jobs.enqueue("work", NOTHING));

        assertThat(made).hasSize(1);
    }

    @Test
    void oneWorkerInTwoTestsAtOnceIsRefused() {
        WorkerFunction worker = new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                tasks.add("work", Json.class, (nothing, job) -> null);
            }
        };
        LongshoreTest.of(worker);

        assertThatThrownBy(() -> LongshoreTest.of(worker))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("runs on other engines already");
    }

    @Test
    void aTaskIsFoundByItsFormerName() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks ->
                tasks.add("work", Json.class, (nothing, job) -> job.task()).alias("labour"));

        TestJob job = jobs.runToEnd(jobs.enqueue("labour", NOTHING));

        assertThat(job).succeeded().withResult("work");
        assertThat(job.task()).isEqualTo("work");
        assertThat(jobs.toString()).isEqualTo("LongshoreTest with the tasks work");
    }
}
