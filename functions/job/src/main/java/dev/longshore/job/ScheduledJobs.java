package dev.longshore.job;

import dev.longshore.task.Every;
import dev.longshore.task.TaskDescription;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The jobs that schedules make. A job knows its schedule: by the tag {@code schedule:<name>}, and by its {@code meta},
 * which tells the handler the {@code schedule} and the instant it is {@code scheduledFor}.
 */
public final class ScheduledJobs {
    private ScheduledJobs() {}

    /**
     * The job of one instant. Its id and its jitter follow from the schedule's name and the instant: whoever makes it
     * again makes the same one.
     */
    public static NewJob at(Schedule schedule, TaskDescription task, Instant instant, Instant now, String token) {
        ByteBuffer hash = hash(schedule.name() + "\n" + instant.toEpochMilli());
        JobId id = JobId.of(instant.toEpochMilli(), hash.getLong(), hash.getLong());
        long jitter = Math.floorMod(hash.getLong(), schedule.every().jitterSeconds() + 1L);
        return of(schedule, task, id, instant, now, token).at(instant.plusSeconds(jitter));
    }

    /** A job that an operator asks for, with an id of its own. */
    public static NewJob now(Schedule schedule, TaskDescription task, JobId id, Instant now, String token) {
        return of(schedule, task, id, now, now, token);
    }

    private static NewJob of(
            Schedule schedule, TaskDescription task, JobId id, Instant instant, Instant now, String token) {
        Every every = schedule.every();
        Set<String> tags = new LinkedHashSet<>(every.tags());
        tags.add("schedule:" + schedule.name());
        return new NewJob(
                id,
                task.name(),
                task.pool(),
                Objects.requireNonNullElse(every.maxAttempts(), task.maxAttempts()),
                every.payload(),
                now,
                null,
                null,
                List.copyOf(tags),
                every.fairKey(),
                null,
                null,
                Map.of("schedule", schedule.name(), "scheduledFor", instant.toString()),
                null,
                token);
    }

    private static ByteBuffer hash(String text) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
