package dev.longshore.testkit;

import static dev.longshore.testkit.LongshoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobState;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What runs when, by the clock of the kit. */
class JobsOverTimeTest {
    private static final Json NOTHING = Json.parse("{}");

    record Named(String name) {}

    /** What ran, with its time. */
    private final List<String> ran = new ArrayList<>();

    private LongshoreTest jobs(Consumer<TaskCatalog> more) {
        return LongshoreTest.withClock(clock -> new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                tasks.add("note", Named.class, (named, job) -> {
                    ran.add(named.name() + " " + clock.instant());
                    return null;
                });
                more.accept(tasks);
            }
        });
    }

    private LongshoreTest jobs() {
        return jobs(tasks -> {});
    }

    @Test
    void jobsOfAPoolRunInTheOrderInWhichTheyWereEnqueued() {
        LongshoreTest jobs = jobs();
        for (String name : List.of("a", "b", "c")) {
            jobs.enqueue("note", new Named(name));
        }

        jobs.drain();

        assertThat(ran).containsExactly("a 2026-03-10T12:00:00Z", "b 2026-03-10T12:00:00Z", "c 2026-03-10T12:00:00Z");
    }

    @Test
    void aDrainRunsTheJobsOfAllPools() {
        LongshoreTest jobs = jobs(
                tasks -> tasks.add("heavy", Json.class, (nothing, job) -> null).pool("heavy"));
        jobs.enqueue("note", new Named("light"));
        TestJob heavy = jobs.enqueue("heavy", NOTHING);

        jobs.drain();

        assertThat(heavy).succeeded();
        assertThat(ran).hasSize(1);
    }

    @Test
    void aDrainLeavesTheClockAndWhatIsDueLater() {
        LongshoreTest jobs = jobs();
        TestJob later = jobs.enqueue("note", new Named("later"), options -> options.delay(Duration.ofSeconds(1)));

        jobs.drain();

        assertThat(jobs.now()).isEqualTo("2026-03-10T12:00:00Z");
        assertThat(later).hasState(JobState.SCHEDULED);
    }

    @Test
    void aDrainRunsMoreJobsThanALoopMay() {
        LongshoreTest jobs = jobs();
        int many = LongshoreTest.MOST_IN_A_DRAIN + 100;
        for (int i = 0; i < many; i++) {
            jobs.enqueue("note", new Named("job " + i));
        }

        jobs.drain();

        assertThat(ran).hasSize(many);
    }

    @Test
    void whatIsDueOnThePathRunsInTheOrderOfTime() {
        LongshoreTest jobs = jobs(tasks -> tasks.add("every-twenty", Json.class, (nothing, job) -> {
                    ran.add("schedule");
                    return null;
                })
                .every(ScheduleSpec.cron("20 * * * *", ZoneOffset.UTC)));
        jobs.enqueue("note", new Named("in 40"), options -> options.delay(Duration.ofMinutes(40)));
        jobs.enqueue("note", new Named("in 5"), options -> options.delay(Duration.ofMinutes(5)));
        jobs.enqueue("note", new Named("in 60"), options -> options.delay(Duration.ofMinutes(60)));

        jobs.advance(Duration.ofMinutes(50));

        assertThat(ran).containsExactly("in 5 2026-03-10T12:05:00Z", "schedule", "in 40 2026-03-10T12:40:00Z");
        assertThat(jobs.now()).isEqualTo("2026-03-10T12:50:00Z");
    }

    @Test
    void timeDoesNotGoBack() {
        LongshoreTest jobs = jobs();

        assertThatThrownBy(() -> jobs.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("advance takes no negative duration, and got PT-1S");
        assertThatThrownBy(() -> jobs.outage(Duration.ofSeconds(-1)))
                .hasMessage("outage takes no negative duration, and got PT-1S");
        assertThatThrownBy(() -> jobs.hangsAfter(Duration.ZERO))
                .hasMessage("hangsAfter takes a positive duration, and got PT0S");
    }

    @Test
    void inAnOutageNothingRunsAndAfterItASchedulesMissedTimesAreOneJob() {
        LongshoreTest jobs = jobs(tasks -> tasks.add("hourly", Json.class, (nothing, job) -> {
                    ran.add("hourly");
                    return null;
                })
                .every(ScheduleSpec.interval(Duration.ofHours(1))));
        jobs.advance(Duration.ofMinutes(1));
        TestJob job = jobs.enqueue("note", new Named("late"), options -> options.delay(Duration.ofHours(1)));

        jobs.outage(Duration.ofHours(5));
        assertThat(ran).isEmpty();
        assertThat(job).hasState(JobState.QUEUED);
        jobs.advance(Duration.ZERO);

        assertThat(job).succeeded();
        assertThat(ran).containsOnlyOnce("hourly").contains("late 2026-03-10T17:01:00Z");
    }

    @Test
    void aDrainRunsAJobThatHasBecomeDueInAnOutage() {
        LongshoreTest jobs = jobs();
        TestJob job = jobs.enqueue("note", new Named("late"), options -> options.delay(Duration.ofHours(1)));

        jobs.outage(Duration.ofHours(2));
        jobs.drain();

        assertThat(job).succeeded();
        assertThat(ran).containsExactly("late 2026-03-10T14:00:00Z");
    }

    @Test
    void aSnoozeUsesNoAttemptAndTheNextStartIsAfterIt() {
        LongshoreTest jobs = jobs(tasks -> tasks.add("wait", Json.class, (nothing, job) -> {
            if (job.fence() == 1) {
                throw job.snooze(Duration.ofHours(2));
            }
            return job.attempt();
        }));
        TestJob job = jobs.enqueue("wait", NOTHING);

        jobs.drain();
        assertThat(job).isRetrying().isScheduledIn(Duration.ofHours(2)).afterAttempts(0);
        jobs.advance(Duration.ofHours(2));

        assertThat(job).succeeded().withResult(1).afterAttempts(1);
    }

    @Test
    void workThatContinuesTenTimesRunsToItsEnd() {
        LongshoreTest jobs = jobs(tasks -> tasks.add("long", Json.class, (nothing, job) -> {
            int part = job.checkpoint(Integer.class).orElse(0);
            if (part < 10) {
                ran.add("part " + part);
                throw job.continueWith(part + 1);
            }
            return job.attempt();
        }));

        TestJob job = jobs.runToEnd(jobs.enqueue("long", NOTHING));

        assertThat(job).succeeded().withResult(1);
        assertThat(ran).hasSize(10).doesNotHaveDuplicates();
        assertThat(job.checkpoint(Integer.class)).isEmpty();
    }

    @Test
    void jobsThatHandlersEnqueueAreRunToTheirEndToo() {
        LongshoreTest jobs = jobs(tasks -> tasks.add("first", Json.class, (nothing, job) -> {
            job.enqueue("note", new Named("follows"), Duration.ofHours(3));
            return null;
        }));
        jobs.enqueue("first", NOTHING, options -> options.delay(Duration.ofHours(1)));
        jobs.enqueue("note", new Named("other"), options -> options.delay(Duration.ofHours(2)));

        jobs.runToEnd();

        assertThat(ran).containsExactly("other 2026-03-10T14:00:00Z", "follows 2026-03-10T16:00:00Z");
    }

    @Test
    void theClockOfALaterTestIsTheSame() {
        LongshoreTest jobs = jobs();
        InstantSource clock = jobs.clock();
        jobs.advance(Duration.ofDays(3));
        assertThat(clock.instant()).isEqualTo("2026-03-13T12:00:00Z");

        jobs.begin("another test");

        assertThat(clock.instant()).isEqualTo("2026-03-10T12:00:00Z");
    }

    @Test
    void ofJobsThatNeverEndOneIsShown() {
        LongshoreTest jobs = jobs(tasks -> tasks.add("lazy", Json.class, (nothing, job) -> {
            throw job.snooze(Duration.ofMinutes(1));
        }));
        IntStream.range(0, 2).forEach(i -> jobs.enqueue("lazy", NOTHING));

        assertThatThrownBy(jobs::runToEnd)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("2 jobs, among them")
                .hasMessageContaining("RETRYING, attempt 0, not counted");
    }

    @Test
    void aMonthlyScheduleFiresOnThePathOfAQuarter() {
        List<Instant> fired = new ArrayList<>();
        LongshoreTest jobs = LongshoreTest.withClock(clock -> new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                tasks.add("monthly", Json.class, (nothing, job) -> {
                            fired.add(clock.instant());
                            return null;
                        })
                        .every(ScheduleSpec.cron("30 2 1 * *", ZoneOffset.UTC));
            }
        });

        jobs.advance(Duration.ofDays(90));

        assertThat(fired)
                .containsExactly(
                        Instant.parse("2026-04-01T02:30:00Z"),
                        Instant.parse("2026-05-01T02:30:00Z"),
                        Instant.parse("2026-06-01T02:30:00Z"));
    }
}
