package dev.longshore.testkit;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real time moves the clock for a handler that hangs, and for none else. */
class HangingHandlersTest {
    private static final Json NOTHING = Json.parse("{}");

    private static LongshoreTest jobs(Consumer<TaskCatalog> tasks) {
        return LongshoreTest.ofTasks(tasks);
    }

    @Test
    void aHandlerThatHangsEndsAtItsTimeOut() {
        List<Throwable> ends = new ArrayList<>();
        LongshoreTest jobs = jobs(tasks -> tasks.add("hang", Json.class, (nothing, job) -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        ends.add(e);
                        throw e;
                    }
                    return null;
                })
                .timeout(Duration.ofMinutes(10))
                .retry(RetryPolicy.fixed(Duration.ofMinutes(1)).maxAttempts(2)));
        jobs.hangsAfter(Duration.ofMillis(20));
        TestJob job = jobs.enqueue("hang", NOTHING);

        jobs.drain();

        assertThat(job).isRetrying().withErrorContaining("TimedOut: interrupted after 600000 ms");
        assertThat(jobs.now()).isEqualTo("2026-03-10T12:10:00Z");
        assertThat(ends).hasSize(1);
    }

    @Test
    void aHandlerIsTimedByTheKitsClockAndNotByTheMachines() {
        LongshoreTest jobs = jobs(tasks -> tasks.add(
                        "time-left",
                        Json.class,
                        (nothing, job) -> List.of(job.timeLeft().toString()))
                .timeout(Duration.ofMinutes(3)));

        assertThat(jobs.runToEnd(jobs.enqueue("time-left", NOTHING))).withResult(List.of("PT3M"));
    }

    @Test
    @Timeout(15)
    void aTimeOutThatIsShorterThanAHangIsWaitedFor() {
        LongshoreTest jobs = jobs(tasks -> tasks.add("hang", Json.class, (nothing, job) -> {
                    new CountDownLatch(1).await();
                    return null;
                })
                .timeout(Duration.ofSeconds(1))
                .retry(RetryPolicy.fixed(Duration.ofMinutes(1)).maxAttempts(1)));

        TestJob job = jobs.runToEnd(jobs.enqueue("hang", NOTHING));

        assertThat(job).isDead().withErrorContaining("TimedOut: interrupted after 1000 ms");
        assertThat(jobs.now()).isEqualTo("2026-03-10T12:00:01Z");
    }

    @Test
    void aHandlerThatHangsBeyondTheEndOfAnAdvanceLeavesTheClockWhereItEnded() {
        LongshoreTest jobs = jobs(tasks -> tasks.add("hang", Json.class, (nothing, job) -> {
                    new CountDownLatch(1).await();
                    return null;
                })
                .timeout(Duration.ofMinutes(10))
                .retry(RetryPolicy.fixed(Duration.ofMinutes(1)).maxAttempts(1)));
        assertThat(jobs.hangsAfter(Duration.ofMillis(20))).isSameAs(jobs);
        jobs.enqueue("hang", NOTHING);

        jobs.advance(Duration.ofMinutes(1));

        assertThat(jobs.now()).isEqualTo("2026-03-10T12:10:00Z");
    }
}
