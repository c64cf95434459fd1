package dev.longshore.job;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which dead jobs are meant: those to which all of this applies. What is null is not asked about. Answered out of the index,
 * without a look at the jobs' rows.
 *
 * @param from the earliest death
 * @param to the latest death
 * @param error the fingerprint of what they died of
 * @param reason the {@link DeadReason}, as in JSON
 */
public record DeadFilter(
        @Nullable String task,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String error,
        @Nullable String reason,
        @Nullable String tag) {

    /** Whether a job out of the index is meant, its time apart: by that the index itself is read. */
    public boolean matches(Job job) {
        return (task == null || task.equals(job.task()))
                && (error == null || error.equals(job.fingerprint()))
                && (reason == null
                        || (job.deadReason() != null
                                && job.deadReason().name().equals(reason.toUpperCase(Locale.ROOT))))
                && (tag == null || job.tags().contains(tag));
    }
}
