package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Job;
import dev.longshore.job.engines.ScheduleHandover;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/** A schedule that is changed in the minute in which its jobs are made ahead. */
abstract class HandoverStage {
    static final ZoneId UTC = ZoneId.of("UTC");
    static final ScheduleSpec HOURLY = ScheduleSpec.cron("@hourly", UTC).payload("old");
    static final ScheduleSpec CHANGED = HOURLY.payload("new");

    final KeeperStage stage = new KeeperStage();

    @BeforeEach
    void aTask() {
        stage.tasks.add("t", Json.class, (payload, job) -> null);
    }

    /** The schedule has made the job of 13:00 at 12:59:20. */
    void madeAhead(ScheduleSpec spec) {
        stage.scheduled("s", spec);
        stage.at("2026-03-10T12:59:20Z");
        assertThat(stage.tick()).isEqualTo(1);
    }

    Schedule changed(ScheduleSpec spec) {
        return handover()
                .change("s", schedule -> schedule.changedTo("t", spec, false, stage.now()))
                .orElseThrow();
    }

    void declared(Map<String, ScheduleSpec> schedules) {
        TaskCatalog tasks = new TaskCatalog();
        Task<Json, ?> task = tasks.add("t", Json.class, (payload, job) -> null);
        schedules.forEach(task::every);
        new DeclaredSchedules(stage.engines, tasks.descriptions()).agree();
        new Schedules(stage.engines, tasks.descriptions()).fire(stage.thirtySeconds());
    }

    /** The tick before the next instant, 14:00. */
    void tickOn() {
        stage.at("2026-03-10T13:59:20Z");
        stage.tick();
    }

    ScheduleHandover handover() {
        return new ScheduleHandover(
                stage.engines,
                name -> Optional.of(stage.tasks.descriptions().getFirst())
                        .filter(task -> task.name().equals(name)));
    }

    Schedules schedules() {
        return new Schedules(stage.engines, stage.tasks.descriptions());
    }

    Job onlyJob() {
        assertThat(stage.memory.rows().all()).hasSize(1);
        return stage.memory.rows().all().getFirst();
    }

    List<Job> waiting() {
        return stage.memory.rows().all().stream()
                .filter(job -> job.state().isWaiting())
                .toList();
    }

    /** What is to start: each instant with its payload, in order. */
    List<String> starts() {
        return waiting().stream()
                .map(job ->
                        Instant.parse(job.meta().get("scheduledFor")).toString().substring(11, 16) + " "
                                + stage.memory.jobs().payload(job).as(String.class))
                .sorted()
                .toList();
    }
}
