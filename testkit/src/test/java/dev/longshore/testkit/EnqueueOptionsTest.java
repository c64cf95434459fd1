package dev.longshore.testkit;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a request says of a job reaches the job, and has the API's limits. */
class EnqueueOptionsTest {
    record Greeting(String name) {}

    private static final Greeting ADA = new Greeting("Ada");

    private final LongshoreTest jobs = LongshoreTest.ofTasks(tasks -> tasks.add(
            "greet",
            Greeting.class,
            (greeting, job) -> List.of(
                    greeting.name(),
                    job.traceparent().orElse("none"),
                    job.meta().getOrDefault("tenant", "none"),
                    job.maxAttempts())));

    @Test
    void aJobStartsAtItsTime() {
        Instant time = Instant.parse("2026-03-10T14:30:00Z");
        TestJob job = jobs.enqueue("greet", ADA, options -> options.runAt(time));

        jobs.advance(Duration.ofMinutes(149));
        assertThat(job).hasState(JobState.SCHEDULED).isScheduledFor(time);
        jobs.advance(Duration.ofMinutes(1));

        assertThat(job).succeeded();
    }

    @Test
    void aJobStartsAfterItsDelayToTheMillisecond() {
        TestJob job = jobs.enqueue("greet", ADA, options -> options.delay(Duration.ofMillis(1_500)));

        assertThat(job).isScheduledIn(Duration.ofMillis(1_500));
    }

    @Test
    void aJobThatIsNotStartedInTimeIsDead() {
        TestJob job = jobs.enqueue("greet", ADA, options -> options.expiresAt(Instant.parse("2026-03-10T12:10:00Z")));
        jobs.outage(Duration.ofMinutes(10).plusSeconds(1));
        jobs.drain();

        assertThat(job).isDead().becauseOf("expired").afterAttempts(0);
    }

    @Test
    void whatTheHandlerGetsIsWhatTheRequestSays() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        TestJob job = jobs.runToEnd(jobs.enqueue(
                "greet",
                ADA,
                options -> options.traceparent(trace)
                        .meta("tenant", "7")
                        .fairKey("customer-7")
                        .limitKey("acme")
                        .maxAttempts(3)));

        assertThat(job).withResult(List.of("Ada", trace, "7", 3));
        assertThat(job.row().fairKey()).isEqualTo("customer-7");
        assertThat(job.row().limitKey()).isEqualTo("acme");
    }

    @Test
    void aJobMayHaveItsOwnId() {
        String id = "019cd79e-4600-7000-8000-000000000001";

        TestJob job = jobs.enqueue("greet", ADA, options -> options.id(id));

        assertThat(job.id()).isEqualTo(id);
        assertThat(jobs.job(id)).isEqualTo(job);
        assertThatThrownBy(() -> jobs.enqueue("greet", ADA, options -> options.id("42")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/id");
    }

    @Test
    void theLimitsAreThoseOfTheApiAndAllMistakesAreReported() {
        String[] seventeen =
                IntStream.rangeClosed(1, 17).mapToObj(tag -> "tag-" + tag).toArray(String[]::new);

        assertThatThrownBy(() -> jobs.enqueue(
                        "greet",
                        ADA,
                        options -> options.tags(seventeen)
                                .fairKey("with space")
                                .limitKey("x".repeat(129))
                                .delay(Duration.ofDays(4_000))
                                .maxAttempts(1_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/tags")
                .hasMessageContaining("/fairKey")
                .hasMessageContaining("/limitKey")
                .hasMessageContaining("/delaySeconds")
                .hasMessageContaining("/maxAttempts");
    }
}
