package dev.longshore.job.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.NewJob;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskDescription;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduledJobsTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    private final TaskDescription task = task();

    @Test
    void theJobOfAnInstantIsTheSameHoweverOftenItIsMade() {
        NewJob one = ScheduledJobs.at(schedule("s", 0), task, NOON, NOON, "one");
        NewJob two = ScheduledJobs.at(schedule("s", 0), task, NOON, NOON.plusSeconds(9), "two");

        assertThat(two.id()).isEqualTo(one.id());
        assertThat(one.id().time()).isEqualTo(NOON);
        assertThat(two.runAt()).isEqualTo(one.runAt()).isEqualTo(NOON);
    }

    @Test
    void anotherInstantAndAnotherScheduleMakeAnotherJob() {
        JobId id = ScheduledJobs.at(schedule("s", 0), task, NOON, NOON, "t").id();

        assertThat(ScheduledJobs.at(schedule("s2", 0), task, NOON, NOON, "t").id())
                .isNotEqualTo(id);
        assertThat(ScheduledJobs.at(schedule("s", 0), task, NOON.plusSeconds(60), NOON, "t")
                        .id())
                .isNotEqualTo(id);
    }

    @Test
    void scheduleFromBeforeThereWereGenerationsMakesTheIdsThatItMadeBefore() {
        Schedule now = schedule("s", 0);
        Schedule before = new Schedule(
                "s", "t", now.spec(), false, false, now.next(), null, 0, Schedule.FORMAT, 7, 0, 0, List.of());

        assertThat(ScheduledJobs.at(before, task, NOON, NOON, "t").id())
                .isEqualTo(new JobId("019cd79e-4600-7612-a192-e773a734f8d7"));
        assertThat(ScheduledJobs.at(now, task, NOON, NOON, "t").id())
                .isNotEqualTo(new JobId("019cd79e-4600-7612-a192-e773a734f8d7"));
    }

    @Test
    void jitterPutsOffByWholeSecondsUpToItsLimitAndUsesThemAll() {
        Schedule schedule = schedule("s", 2);

        assertThat(IntStream.range(0, 100).mapToObj(minute -> {
                    Instant instant = NOON.plus(Duration.ofMinutes(minute));
                    return Duration.between(
                            instant,
                            ScheduledJobs.at(schedule, task, instant, NOON, "t").runAt());
                }))
                .containsOnly(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void aJobKnowsItsScheduleAndItsInstant() {
        NewJob job = ScheduledJobs.at(schedule("s", 2), task, NOON, NOON, "t");

        assertThat(job.tags()).containsExactly("schedule:s");
        assertThat(job.meta()).containsEntry("schedule", "s").containsEntry("scheduledFor", "2026-03-10T12:00:00Z");
    }

    @Test
    void theTagOfTheScheduleIsThereOnceThoughTheScheduleHasItAmongItsOwn() {
        ScheduleSpec spec = ScheduleSpec.cron("* * * * *", ZoneId.of("UTC")).tags("schedule:s", "a");

        NewJob job = ScheduledJobs.at(Schedule.of("s", "t", spec, false, NOON), task, NOON, NOON, "t");

        assertThat(job.tags()).containsExactly("schedule:s", "a");
    }

    private static Schedule schedule(String name, int jitterSeconds) {
        ScheduleSpec spec = ScheduleSpec.cron("* * * * *", ZoneId.of("UTC")).jitter(Duration.ofSeconds(jitterSeconds));
        return Schedule.of(name, "t", spec, false, NOON);
    }

    private static TaskDescription task() {
        TaskCatalog tasks = new TaskCatalog();
        tasks.add("t", String.class, (payload, job) -> payload);
        return tasks.descriptions().getFirst();
    }
}
