package dev.longshore.job.deadletter;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Selects the dead jobs to which all of this applies; null fields do not count. Evaluated on the index, without reading the
 * jobs' rows.
 *
 * @param task one of the task's names
 * @param from the earliest death
 * @param to the latest death
 * @param error the fingerprint of what they died of
 * @param reason the {@link DeadReason}, as in JSON
 * @param aliases the task's other names, under which its jobs are meant too
 */
public record DeadFilter(
        @Nullable String task,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String error,
        @Nullable String reason,
        @Nullable String tag,
        @JsonProperty(defaultValue = "[]") List<String> aliases) { // an order from before there were aliases has none

    public DeadFilter {
        aliases = List.copyOf(aliases);
    }

    /** Whether a job out of the index is meant, its time apart: by that the index itself is read. */
    public boolean matches(Job job) {
        return (task == null || task.equals(job.task()) || aliases.contains(job.task()))
                && (error == null || error.equals(job.fingerprint()))
                && (reason == null
                        || (job.deadReason() != null
                                && job.deadReason().name().equals(reason.toUpperCase(Locale.ROOT))))
                && (tag == null || job.tags().contains(tag));
    }
}
