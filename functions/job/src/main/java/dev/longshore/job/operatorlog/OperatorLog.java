package dev.longshore.job.operatorlog;

import dev.longshore.job.Page;
import dev.longshore.job.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who did what, when. An entry is written before the action, as requested, and again after it, with its status: an action
 * without an entry did not happen.
 *
 * <p>Every method may throw {@link StoreUnavailableException}.
 */
public interface OperatorLog {
    /** How long an entry is kept. */
    Duration RETENTION = Duration.ofDays(400);

    /**
     * One action.
     *
     * @param id distinguishes it from others of the same millisecond
     * @param keyId the id of the API key that requested it
     * @param action the call, such as {@code POST /v1/jobs/{id}/cancel}
     * @param target what it was done to: the value of {@code {id}}, or the path of what was made
     * @param status the HTTP status it was answered with; null before the end
     */
    record Entry(
            Instant at,
            String id,
            String keyId,
            String action,
            @Nullable String target,
            @Nullable Integer status) {

        public Entry ended(int withStatus, @Nullable String madeAt) {
            return new Entry(at, id, keyId, action, target == null ? madeAt : target, withStatus);
        }

        /** Its place in time, and where a list continues after it. */
        public String place() {
            return "%013d-%s".formatted(at.toEpochMilli(), id);
        }
    }

    /** Writes an entry, or writes it anew when it has ended. */
    void write(Entry entry);

    /**
     * Entries newest first. A call reads a bounded number of days.
     *
     * @param before only entries before this place; null for all
     */
    Page<Entry, String> list(Instant from, Instant to, int limit, @Nullable String before);
}
