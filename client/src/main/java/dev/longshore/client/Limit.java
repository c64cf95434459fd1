package dev.longshore.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs run at once, and who waits. The counts of a limit per key are of the keys for which jobs wait.
 *
 * @param name a task's name for its own limit, or the name under which several tasks use it
 * @param concurrent how many jobs may run at once
 * @param perKey whether each {@link JobRequest#limitKey} has so many slots of its own
 * @param tasks those that it limits
 * @param code the code's number where an operator has set another; else null
 * @param setAt when it was set; null where the code's number counts
 * @param setBy id of the key that set it; null where the code's number counts
 * @param used slots in use or reserved
 * @param waiting held jobs; of a key up to 1,000 are counted
 * @param oldestWaiting since when the job waits that comes next; null when none waits
 * @param keys those with the most waiting jobs, 20 at most; empty for a limit that is not per key
 */
public record Limit(
        String name,
        int concurrent,
        boolean perKey,
        List<String> tasks,
        @Nullable Integer code,
        @Nullable Instant setAt,
        @Nullable String setBy,
        int used,
        int waiting,
        @Nullable Instant oldestWaiting,
        List<Key> keys) {

    /** Lists that the answer left out are empty. */
    public Limit {
        tasks = Answers.list(tasks);
        keys = Answers.list(keys);
    }

    /**
     * The slots of one limit key. The string form leaves the key out.
     *
     * @param key empty for jobs without one
     * @param oldestWaiting since when the job waits that comes next; null when none waits
     */
    public record Key(
            String key, int used, int waiting, @Nullable Instant oldestWaiting) {
        @Override
        public String toString() {
            return "Key[used=" + used + ", waiting=" + waiting + "]";
        }
    }
}
