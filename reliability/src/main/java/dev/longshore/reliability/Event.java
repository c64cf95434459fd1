package dev.longshore.reliability;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.reliability.SimulatedTasks.Orders;
import dev.longshore.task.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What happened, recorded with the only true clock. */
sealed interface Event {
    /** A client requests a job; {@code origin} identifies the request, however often it is repeated. */
    record Asked(Instant at, String origin) implements Event {}

    /** A client was answered that its job is accepted. */
    record Acknowledged(Instant at, String origin, JobId id) implements Event {}

    /** A client was answered that this job has the unique key of its request. */
    record Duplicate(Instant at, JobId id) implements Event {}

    /** A row appeared, with this payload. */
    record Created(Instant at, String origin, Job job, Json payload) implements Event {}

    /** A schedule appeared. */
    record Scheduled(Instant at, Schedule schedule) implements Event {}

    /** A client starts to change a schedule, and has no answer yet. */
    record ScheduleChanging(Instant at, String name) implements Event {}

    /** The change was answered. From now on the schedule makes its jobs with these orders, or makes none. */
    record ScheduleChanged(
            Instant at, String name, @Nullable Orders makes) implements Event {}

    /** A row was withdrawn. */
    record Withdrawn(Instant at, Job job) implements Event {}

    /**
     * A change took effect.
     *
     * @param clock what the writer believed the time to be
     * @param claim the fence of the claim that the writer made last; null for one that made none
     */
    record Changed(
            Instant at,
            String sandbox,
            Instant clock,
            String change,
            Job before,
            Job after,
            @Nullable Long claim) implements Event {}

    /** A worker got the response to its claim. */
    record Claimed(Instant at, String sandbox, JobId id, long fence) implements Event {}

    /** A handler starts, with this payload. */
    record Started(Instant at, String sandbox, JobId id, long fence, int attempt, Orders orders) implements Event {}

    /** A handler is over. */
    record Ended(Instant at, String sandbox, JobId id, long fence, boolean returned) implements Event {}

    /** A handler had an effect on an outside store. */
    record Effect(Instant at, JobId id, long fence) implements Event {}

    /** A client requests a job's cancellation. */
    record CancelAsked(Instant at, JobId id) implements Event {}

    /** The hook that follows a death was called. */
    record DeathHandled(Instant at, JobId id) implements Event {}

    /** A writer got an exception; its change may have taken effect or not. */
    record Failed(Instant at, String sandbox, String change, JobId id) implements Event {}

    /** A writer's change was refused by its condition. */
    record Refused(Instant at, String sandbox, String change, JobId id) implements Event {}

    /** A sandbox froze for a while. */
    record Frozen(Instant at, String sandbox) implements Event {}

    /** A sandbox is gone, with all that ran in it. */
    record Crashed(Instant at, String sandbox) implements Event {}

    Instant at();
}
