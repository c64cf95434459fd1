package dev.longshore.testkit;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobState;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each assertion of a job holds and fails where it must, and says what is there. */
class JobAssertTest {
    private static final Json NOTHING = Json.parse("{}");

    record Named(String name) {}

    @Test
    void eachAssertionFailsWithWhatIsThere() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> {
            tasks.add("work", Json.class, (nothing, job) -> job.enqueue("part", new Named("one")));
            tasks.add("part", Named.class, (named, job) -> null);
        });
        TestJob job = jobs.enqueue("work", NOTHING);
        assertThat(job).withoutResult();
        assertFails(() -> assertThat(job).isCancelled(), "to be CANCELLED, but it is QUEUED");
        assertFails(() -> assertThat(job).isRetrying(), "to be RETRYING, but it is QUEUED");
        assertFails(() -> assertThat(job).succeeded(), "to be SUCCEEDED, but it is QUEUED");
        assertFails(() -> assertThat(job).isScheduledIn(Duration.ofHours(1)), "until 2026-03-10T12:00:00Z");
        assertFails(() -> assertThat(job).withProgress(10), "to have a progress of 10 %, but there is none");

        jobs.drain();

        assertFails(() -> assertThat(job).hasState(JobState.QUEUED), "to be QUEUED, but it is SUCCEEDED");
        assertFails(() -> assertThat(job).withoutResult(), "to have no result, but it is");
        assertFails(() -> assertThat(job).enqueued(2, "part"), "to have enqueued 2 jobs of part");
        assertFails(() -> assertThat(job).enqueuedNothing(), "it enqueued part {\"name\":\"one\"}");
        assertFails(() -> assertThat(job).enqueued("part", new Named("two")), "it enqueued part {\"name\":\"one\"}");
        assertFails(() -> assertThat(job).enqueued("work", new Named("one")), "to have enqueued work");
        assertThat(jobs.jobs("part").getFirst()).withoutResult();
        assertFails(() -> assertThat((TestJob) null).succeeded(), "Expecting actual not to be null");
    }

    @Test
    void eachAssertionThatFailsShowsWhatIsThere() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> {
            tasks.add("fail", Json.class, (nothing, job) -> {
                        throw new IllegalStateException("no route");
                    })
                    .retry(RetryPolicy.fixed(Duration.ofMinutes(5)).maxAttempts(2));
            tasks.add("work", Json.class, (nothing, job) -> {
                job.progress(40);
                return List.of(1, 2);
            });
        });
        TestJob failed = jobs.enqueue("fail", NOTHING);
        TestJob worked = jobs.runToEnd(jobs.enqueue("work", NOTHING));

        assertFails(
                () -> assertThat(failed).isScheduledIn(Duration.ofMinutes(6)),
                "to wait until 2026-03-10T12:06:00Z, but it waits until 2026-03-10T12:05:00Z");
        assertFails(() -> assertThat(worked).withProgress(50), "to have a progress of 50 %, but it is 40 %");
        assertFails(
                () -> assertThat(failed).withErrorContaining("timeout"),
                "to have an error with 'timeout', but it is 'java.lang.IllegalStateException: no route'");
        assertFails(() -> assertThat(failed).withResult(1), "to have the result 1, but there is none");
        assertFails(() -> assertThat(worked).withoutResult(), "to have no result, but it is [1,2]");
        assertFails(() -> assertThat(worked).withResult(List.of(2)), "to have the result [2], but it is [1,2]");
        assertFails(
                () -> assertThat(worked).enqueued("part", new Named("one")),
                "to have enqueued part {\"name\":\"one\"}, but it enqueued none");

        jobs.runToEnd(failed);

        assertFails(
                () -> assertThat(failed).becauseOf("discarded"),
                "to be dead because of discarded, but it is exhausted");
    }

    @Test
    void anAssertionOfEnqueuedJobsCountsThoseOfItsTask() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> {
            tasks.add("work", Json.class, (nothing, job) -> {
                job.enqueue("part", new Named("one"));
                job.enqueue("rest", new Named("two"));
                return null;
            });
            tasks.add("part", Named.class, (named, job) -> null);
            tasks.add("rest", Named.class, (named, job) -> null);
        });

        TestJob job = jobs.runToEnd(jobs.enqueue("work", NOTHING));

        assertThat(job).enqueued(1, "part").enqueued(1, "rest").enqueued(0, "work");
        assertFails(
                () -> assertThat(job).enqueued(2, "part"),
                "to have enqueued 2 jobs of part, but it enqueued part {\"name\":\"one\"}, rest {\"name\":\"two\"}");
    }

    @Test
    void oneAssertionFollowsAnother() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("work", Json.class, (nothing, job) -> {
            job.progress(10);
            return null;
        }));

        TestJob job = jobs.runToEnd(jobs.enqueue("work", NOTHING));

        assertThat(job)
                .succeeded()
                .withoutResult()
                .withProgress(10)
                .enqueuedNothing()
                .afterAttempts(1);
    }

    private static void assertFails(Runnable assertion, String message) {
        assertThatThrownBy(assertion::run).isInstanceOf(AssertionError.class).hasMessageContaining(message);
    }
}
