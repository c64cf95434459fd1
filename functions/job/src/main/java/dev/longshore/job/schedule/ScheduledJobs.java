package dev.longshore.job.schedule;

import dev.longshore.job.JobId;
import dev.longshore.job.NewJob;
import dev.longshore.job.Sha256;
import dev.longshore.job.Uniqueness;
import dev.longshore.task.Json;
import dev.longshore.task.OnDuplicate;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.TaskDescription;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that schedules make. A job knows its schedule: by the tag {@code schedule:<name>}, and by its {@code meta},
 * which has the {@code schedule} and the instant it is {@code scheduledFor} for the handler.
 */
public final class ScheduledJobs {
    private ScheduledJobs() {}

    /**
     * The job of one instant. Its id and its jitter follow from the schedule and the instant: making it again makes the
     * same one. It is made only while the schedule is as it was read.
     */
    public static NewJob at(Schedule schedule, TaskDescription task, Instant instant, Instant now, String token) {
        JobId id = id(schedule.name(), instant, schedule.series());
        return at(schedule, task, id, instant, now, token);
    }

    /** The job of an instant whose first one was taken back, since the schedule was changed: another one in each generation. */
    public static NewJob inPlaceOfAnother(
            Schedule schedule, TaskDescription task, Instant instant, Instant now, String token) {
        JobId id = id(schedule.name(), instant, schedule.generation());
        return at(schedule, task, id, instant, now, token);
    }

    private static NewJob at(
            Schedule schedule, TaskDescription task, JobId id, Instant instant, Instant now, String token) {
        return of(schedule, task, id, instant, now, token)
                .at(due(schedule.name(), instant, schedule.spec().jitterSeconds()))
                .onlyWhile(schedule.asRead());
    }

    /** The id of the job of an instant in a series, or in a generation; 0 as before there were any. */
    public static JobId id(String schedule, Instant instant, long series) {
        ByteBuffer hash = ByteBuffer.wrap(Sha256.of(named(schedule, instant) + (series == 0 ? "" : "\n" + series)));
        return JobId.of(instant.toEpochMilli(), hash.getLong(), hash.getLong());
    }

    /** When the job of an instant is due: put off by a part of the jitter that is the same in each generation. */
    public static Instant due(String schedule, Instant instant, int jitterSeconds) {
        long drawn = ByteBuffer.wrap(Sha256.of(named(schedule, instant))).getLong(2 * Long.BYTES);
        return instant.plusSeconds(Math.floorMod(drawn, jitterSeconds + 1L));
    }

    private static String named(String schedule, Instant instant) {
        return schedule + "\n" + instant.toEpochMilli();
    }

    /** A job that an operator requests, with an id of its own; made only while the schedule is as it was read. */
    public static NewJob now(Schedule schedule, TaskDescription task, JobId id, Instant now, String token) {
        return of(schedule, task, id, now, now, token).onlyWhile(schedule.asRead());
    }

    private static NewJob of(
            Schedule schedule, TaskDescription task, JobId id, Instant instant, Instant now, String token) {
        ScheduleSpec spec = schedule.spec();
        Set<String> tags = new LinkedHashSet<>(spec.tags());
        tags.add("schedule:" + schedule.name());
        return new NewJob(
                        id,
                        task.name(),
                        task.pool(),
                        Objects.requireNonNullElse(spec.maxAttempts(), task.maxAttempts()),
                        spec.payload(),
                        now,
                        null,
                        null,
                        List.copyOf(tags),
                        spec.fairKey(),
                        null,
                        null,
                        Map.of("schedule", schedule.name(), "scheduledFor", instant.toString()),
                        null,
                        token)
                .unique(unique(task, spec.payload()));
    }

    /** A firing never replaces a job that waits: it is left out, and the job that waits does its work. */
    private static @Nullable Uniqueness unique(TaskDescription task, Json payload) {
        Uniqueness unique = Uniqueness.of(task, payload);
        return unique == null ? null : unique.onDuplicate(OnDuplicate.KEEP);
    }
}
