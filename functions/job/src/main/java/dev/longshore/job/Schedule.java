package dev.longshore.job;

import dev.longshore.task.Every;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What makes jobs of a task by the clock. Immutable; each change is written by {@link ScheduleStore#write} under the
 * condition that nobody else has changed it since.
 *
 * @param declared whether the code declares it; then only the code changes when it fires and what it makes
 * @param next the earliest instant that nobody has attended to yet
 * @param last what became of the instant before
 * @param skipped how many instants made no job, ever; one whose tick died after it had made the job may count too
 * @param format the version of the row's format
 * @param version one more with each write, from the milliseconds at which it was made: one that is deleted and made again in
 *     another millisecond is another; not positive for one that is in no store
 */
public record Schedule(
        String name,
        String task,
        Every every,
        boolean paused,
        boolean declared,
        Instant next,
        @Nullable Firing last,
        long skipped,
        int format,
        long version) {

    /** The format that this code writes. */
    public static final int FORMAT = 1;

    /** By how much earlier than its time a job may be made; the dispatcher comes once a minute. */
    public static final Duration LEAD = Duration.ofMinutes(1);

    /**
     * What became of one instant.
     *
     * @param job the schedule's last job; made for this instant if the outcome says so
     */
    public record Firing(Instant instant, @Nullable JobId job, Outcome outcome) {}

    /** What can become of an instant. */
    public enum Outcome {
        /** It made a job. */
        CREATED,
        /** An operator made a job now. */
        RUN_NOW,
        /** The job before was not finished. */
        SKIPPED,
        /** Nobody attended to it in time. */
        MISSED,
        /** The deployment has no such task. */
        UNKNOWN_TASK
    }

    /** A schedule that has not fired yet. */
    public static Schedule of(String name, String task, Every every, boolean declared, Instant now) {
        return new Schedule(name, task, every, false, declared, every.next(now), null, 0, FORMAT, -now.toEpochMilli());
    }

    /** It makes jobs of this task in this way from now on. Where it means the same instants, none is lost or doubled. */
    public Schedule changedTo(String task, Every every, boolean declared, Instant now) {
        return new Schedule(
                name,
                task,
                every,
                paused,
                declared,
                this.every.firesLike(every) ? next : every.next(now),
                last,
                skipped,
                FORMAT,
                version);
    }

    /** It makes no jobs by itself. */
    public Schedule pause() {
        return new Schedule(name, task, every, true, declared, next, last, skipped, format, version);
    }

    /** It makes jobs again; what its pause left out is left out. */
    public Schedule resume(Instant now) {
        return paused
                ? new Schedule(name, task, every, false, declared, every.next(now), last, skipped, format, version)
                : this;
    }

    /** Its instants before {@code next} are attended to. */
    public Schedule advance(Instant next, Firing last, long skippedMore) {
        return new Schedule(name, task, every, paused, declared, next, last, skipped + skippedMore, format, version);
    }

    /** An operator made a job of it. */
    public Schedule ranNow(Instant now, JobId job) {
        return advance(next, new Firing(now, job, Outcome.RUN_NOW), 0);
    }

    /** Whether it is in no store. */
    public boolean isNew() {
        return version <= 0;
    }

    /** As a store keeps it once it is written. */
    public Schedule written() {
        return new Schedule(
                name,
                task,
                every,
                paused,
                declared,
                next,
                last,
                skipped,
                format,
                isNew() ? Math.max(1, -version) : version + 1);
    }

    /**
     * When the dispatcher has to look at it; empty while it is paused. A little early, so that the job starts on time;
     * but when the job before matters, only at the time itself: it may finish until then.
     */
    public Optional<Instant> wakesAt() {
        if (paused) {
            return Optional.empty();
        }
        return Optional.of(every.overlap() == Every.Overlap.ALLOW ? next.minus(LEAD) : next);
    }

    /** Whether newer code wrote it in a format that this code does not know. */
    public boolean isFromNewerCode() {
        return format > FORMAT;
    }

    /** One of sixteen parts that all schedules fall into evenly. */
    public String shard() {
        return shardOf(name);
    }

    /** The shard of a schedule's name. */
    public static String shardOf(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().toHexDigits(hash[0]).substring(1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
