package dev.longshore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a test reads of a job. */
class TestJobTest {
    private static final Json NOTHING = Json.parse("{}");

    record Place(int page) {}

    @Test
    void theHistoryIsWrittenLineByLine() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("work", Json.class, (nothing, job) -> {
                    if (job.fence() == 1) {
                        throw job.snooze(Duration.ofMinutes(1));
                    }
                    throw new IllegalStateException("no route");
                })
                .retry(RetryPolicy.fixed(Duration.ofMinutes(2)).maxAttempts(1)));
        TestJob job = jobs.enqueue("work", NOTHING);

        jobs.runToEnd(job);
        String lines = """

              2026-03-10T12:00:00Z QUEUED
              2026-03-10T12:00:00Z RUNNING, attempt 1
              2026-03-10T12:00:00Z RETRYING, attempt 0, not counted
              2026-03-10T12:01:00Z RUNNING, attempt 1
              2026-03-10T12:01:00Z DEAD, attempt 1: java.lang.IllegalStateException: no route
            """;
        assertThat(job.history())
                .isEqualTo("job " + job.id() + " of task work, now DEAD, clock 2026-03-10T12:01:00Z" + lines
                        + "  dead because: exhausted");

        jobs.retry(job);
        assertThat(job.history())
                .isEqualTo("job " + job.id() + " of task work, now QUEUED, clock 2026-03-10T12:01:00Z" + lines
                        + "  2026-03-10T12:01:00Z QUEUED, attempt 0, by an operator");
    }

    @Test
    void aCheckpointIsThereUntilTheJobSucceeds() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("work", Json.class, (nothing, job) -> {
            if (job.checkpoint(Place.class).isEmpty()) {
                job.checkpoint(new Place(7));
                throw job.snooze(Duration.ofMinutes(1));
            }
            return null;
        }));
        TestJob job = jobs.enqueue("work", NOTHING);
        assertThat(job.checkpoint(Place.class)).isEmpty();

        jobs.drain();
        assertThat(job.checkpoint(Place.class)).contains(new Place(7));
        jobs.runToEnd(job);

        assertThat(job.checkpoint(Place.class)).isEmpty();
    }

    @Test
    void aJobIsItsId() {
        LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add("work", Json.class, (nothing, job) -> null));
        TestJob one = jobs.enqueue("work", NOTHING);
        TestJob other = jobs.enqueue("work", NOTHING);

        assertThat(one)
                .isEqualTo(jobs.job(one.id()))
                .isNotEqualTo(other)
                .isNotEqualTo(one.id())
                .hasToString("job " + one.id())
                .doesNotHaveSameHashCodeAs(other);
        assertThat(Set.of(one, other)).contains(jobs.job(one.id()), jobs.job(other.id()));
    }
}
