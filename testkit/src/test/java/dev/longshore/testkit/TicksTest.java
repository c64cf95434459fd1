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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** When the dispatcher ticks, and dead letters come, on the path of the clock. */
class TicksTest {
    private static final Json NOTHING = Json.parse("{}");

    record Times(int left) {}

    private final List<Instant> ran = new ArrayList<>();

    private static LongshoreTest jobs(BiConsumer<TaskCatalog, InstantSource> catalog) {
        return LongshoreTest.withClock(clock -> new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                catalog.accept(tasks, clock);
            }
        });
    }

    private LongshoreTest notes(ScheduleSpec... schedules) {
        return jobs((tasks, clock) -> {
            var note = tasks.add("note", Json.class, (nothing, job) -> {
                ran.add(clock.instant());
                return null;
            });
            for (ScheduleSpec schedule : schedules) {
                note.every(schedule);
            }
        });
    }

    @Test
    void whatIsDueBetweenTwoMinutesRunsOnTime() {
        LongshoreTest jobs = notes(ScheduleSpec.interval(Duration.ofSeconds(90)));
        jobs.advance(Duration.ofMinutes(4));
        assertThat(ran)
                .startsWith(Instant.parse("2026-03-10T12:01:30Z"), Instant.parse("2026-03-10T12:03:00Z"))
                .hasSize(2);

        LongshoreTest others = notes();
        ran.clear();
        others.enqueue("note", NOTHING, options -> options.delay(Duration.ofSeconds(16 * 60 + 30)));
        others.advance(Duration.ofMinutes(20));
        assertThat(ran).containsExactly(Instant.parse("2026-03-10T12:16:30Z"));
    }

    @Test
    void theDispatcherTicksAtFullMinutesAndNotWithEachCall() {
        LongshoreTest jobs = notes(ScheduleSpec.interval(Duration.ofSeconds(90)));

        jobs.advance(Duration.ofSeconds(45));
        jobs.advance(Duration.ZERO);
        jobs.drain();
        assertThat(jobs.jobs())
                .as("the tick at 12:01 makes the job of 12:01:30")
                .isEmpty();

        jobs.advance(Duration.ofSeconds(15));
        assertThat(jobs.jobs()).hasSize(1);
    }

    @Test
    void aDrainLeavesSchedules() {
        LongshoreTest jobs = notes(ScheduleSpec.interval(Duration.ofHours(1)));
        jobs.advance(Duration.ofMinutes(1));
        jobs.outage(Duration.ofHours(2));

        jobs.drain();
        assertThat(jobs.jobs()).isEmpty();

        jobs.advance(Duration.ZERO);
        assertThat(jobs.jobs()).hasSize(1);
    }

    @Test
    void aHookThatFailsIsCalledAgainAMinuteLater() {
        LongshoreTest jobs = jobs((tasks, clock) -> tasks.add("die", Json.class, (nothing, job) -> {
                    throw job.discard("no");
                })
                .onDead(job -> {
                    ran.add(clock.instant());
                    if (ran.size() == 1) {
                        throw new IllegalStateException("mail server closed");
                    }
                }));
        jobs.enqueue("die", NOTHING);

        jobs.drain();
        assertThat(ran).hasSize(1);
        jobs.advance(Duration.ofMinutes(5));

        assertThat(ran).containsExactly(Instant.parse("2026-03-10T12:00:00Z"), Instant.parse("2026-03-10T12:01:00Z"));
    }

    @Test
    void aLoopIsReportedAfterTheMessagesOfOpenJobsAndNotOfEndedOnes() {
        LongshoreTest jobs = jobs((tasks, clock) -> {
            tasks.add("ends", Json.class, (nothing, job) -> null);
            tasks.add(
                            "loops",
                            Times.class,
                            (times, job) ->
                                    times.left() == 0 ? "ends" : job.enqueue("loops", new Times(times.left() - 1)))
                    .longestChain(1_000_000);
        });
        for (int i = 0; i < 5; i++) {
            jobs.enqueue("ends", NOTHING);
        }
        jobs.enqueue("loops", new Times(2));
        jobs.drain();
        jobs.enqueue("loops", new Times(1_000_000));

        assertThatThrownBy(jobs::drain)
                .hasMessageContaining("After 2001 messages there is still work at 2026-03-10T12:00:00Z")
                .hasMessageContaining("the task loops started 2001 times");
    }

    @Test
    void messagesThatStartNoHandlerAreReportedAsSuch() {
        LongshoreTest jobs = notes();
        for (int i = 0; i <= LongshoreTest.MOST_IN_A_DRAIN; i++) {
            jobs.cancel(jobs.enqueue("note", NOTHING));
        }

        assertThatThrownBy(jobs::drain)
                .hasMessageContaining("After 2000 messages")
                .hasMessageContaining("; no handler started");
    }

    /** SQS keeps a message for 14 days. */
    @Test
    void anAuditFindsAJobWhoseMessageAnOutageOutlived() {
        LongshoreTest jobs = notes();
        jobs.advance(Duration.ofMinutes(1)); // audits count from the first tick on
        TestJob job = jobs.enqueue("note", NOTHING);
        jobs.outage(Duration.ofDays(15));
        jobs.enqueue("note", NOTHING, options -> options.delay(Duration.ofHours(5)));

        jobs.drain();
        assertThat(job).hasState(JobState.QUEUED);
        jobs.advance(Duration.ofHours(6));

        assertThat(job).succeeded();
        assertThat(ran).containsExactly(Instant.parse("2026-03-25T13:00:00Z"), Instant.parse("2026-03-25T17:01:00Z"));
    }

    @Test
    void aJobThatNothingRunsIsReportedAfterTwoDaysOfAudits() {
        LongshoreTest jobs = notes();
        TestJob job = jobs.enqueue("note", NOTHING);
        jobs.outage(Duration.ofDays(15)); // without a tick before it, no audit looks that far back

        assertThatThrownBy(() -> jobs.runToEnd(job))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Not ended at 2026-03-27T12:00:00Z after 48 moves of the clock: job " + job.id());
    }

    @Test
    void whatAnEngineThrowsReachesTheHandlerAsItIs() {
        WorkerFunction worker = new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                tasks.add(
                                "read",
                                Json.class,
                                (nothing, job) -> files().read("none.txt").toString())
                        .retry(RetryPolicy.fixed(Duration.ofMinutes(1)).maxAttempts(1));
            }
        };
        LongshoreTest jobs = LongshoreTest.of(worker);

        assertThat(jobs.runToEnd(jobs.enqueue("read", NOTHING))).isDead().withErrorContaining("NoSuchFile");
    }
}
