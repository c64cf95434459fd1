package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.NewJob;
import dev.longshore.job.OutdatedScheduleException;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.Schedule.Firing;
import dev.longshore.job.schedule.Schedule.FiringResult;
import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What the stores of jobs and of schedules have to do together: a job of a schedule is created only while that is as it was read. */
public abstract class ScheduledJobsContract extends JobStoreSteps {
    private static final ScheduleSpec DAILY = ScheduleSpec.cron("@daily", ZoneId.of("UTC"));

    private final String name = "s" + UUID.randomUUID();

    /** The schedules beside the jobs; the same ones for a whole test. */
    protected abstract ScheduleStore schedules();

    @Test
    void jobIsCreatedOnceWhileItsScheduleIsAsItWasRead() {
        Schedule schedule = written(Schedule.of(name, "rehearse", DAILY, false, NOW));
        NewJob job = of(schedule);

        Job created = created(job);

        assertThat(created.task()).isEqualTo("rehearse");
        assertThat(found(job.id())).isEqualTo(created);
        assertThat(store().create(job, KEY_EXPIRES)).as("its answer was lost").isEqualTo(new Creation.Created(created));
        NewJob again = NewJob.of(job.id(), "rehearse", "default", 3, Json.parse("2"), NOW, tokens.next())
                .onlyWhile(schedule.asRead());
        assertThat(store().create(again, KEY_EXPIRES)).isEqualTo(new Creation.Exists(created));
    }

    @Test
    void jobIsCreatedThoughItsScheduleHasMovedOnMeanwhile() {
        Schedule read = written(Schedule.of(name, "rehearse", DAILY, false, NOW));
        Firing firing = new Firing(read.next(), JobId.next(NOW, random), FiringResult.CREATED);
        assertThat(schedules().write(read.advance(DAILY.next(read.next()), firing, 0)))
                .isTrue();

        assertThat(created(of(read)).task()).isEqualTo("rehearse");
    }

    @Test
    void nothingIsCreatedOfAScheduleThatWasChangedPausedOrDeletedMeanwhile() {
        Schedule read = written(Schedule.of(name, "rehearse", DAILY, false, NOW));
        NewJob job = of(read);
        Schedule changed = changed(read.changedTo("rehearse", DAILY.payload("new"), false, NOW));
        refused(job);
        Schedule paused = changed(changed.pause(NOW));
        refused(of(changed));
        assertThat(schedules().delete(paused)).isTrue();
        refused(of(paused));
        written(Schedule.of(name, "rehearse", DAILY, false, NOW.plusMillis(9)));
        refused(job);

        assertThat(store().find(job.id())).isEmpty();
    }

    @Test
    void scheduleFromBeforeThereWereGenerationsMakesJobsUntilItIsChanged() {
        Schedule now = Schedule.of(name, "rehearse", DAILY, false, NOW);
        Schedule before = written(new Schedule(
                name, "rehearse", DAILY, false, false, now.next(), null, 0, Schedule.FORMAT, -7, 0, 0, List.of()));
        assertThat(before.generation()).isZero();
        created(of(before));

        changed(before.pause(NOW));

        refused(of(before));
    }

    @Test
    void creationAndChangeAtOnceAreOneAfterTheOther() throws Exception {
        for (int i = 0; i < 20; i++) {
            Schedule read = written(Schedule.of(name + i, "rehearse", DAILY, false, NOW));
            NewJob job = of(read);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Callable<Boolean> create = () -> {
                    try {
                        return store().create(job, KEY_EXPIRES) instanceof Creation.Created;
                    } catch (OutdatedScheduleException e) {
                        return false;
                    }
                };
                Callable<Boolean> change = () -> schedules().write(read.pause(NOW));
                List<Future<Boolean>> done = threads.invokeAll(List.of(create, change));

                assertThat(done.get(1).get()).as("the change").isTrue();
                assertThat(store().find(job.id()).isPresent())
                        .isEqualTo(done.get(0).get());
            }
            refused(of(read));
        }
    }

    private NewJob of(Schedule schedule) {
        return newJob().onlyWhile(schedule.asRead());
    }

    private void refused(NewJob job) {
        assertThatThrownBy(() -> store().create(job, KEY_EXPIRES))
                .isInstanceOf(OutdatedScheduleException.class)
                .hasMessageContaining(name);
    }

    private Schedule written(Schedule schedule) {
        assertThat(schedules().write(schedule)).isTrue();
        return schedules().find(schedule.name()).orElseThrow();
    }

    private Schedule changed(Schedule schedule) {
        Instant next = schedule.next();
        return written(schedule.handedOver(next, schedule.last()));
    }
}
