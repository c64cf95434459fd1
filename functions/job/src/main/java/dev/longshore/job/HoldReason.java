package dev.longshore.job;

import dev.longshore.job.pause.Pausable;
import java.time.Duration;
import java.util.Optional;

/**
 * Why a waiting job has no message. The job is in the index under its reason, at no cost and without a limit, until it is
 * released.
 *
 * @param key the first part of the index's key; the shard follows
 */
public record HoldReason(String key) {
    /** Its time has not come, or its queue did not take its message; the dispatcher releases it when it is due. */
    public static final HoldReason DUE = new HoldReason("due");

    /** How the keys of limits begin in the index. */
    static final String LIMIT = "limit#";

    private static final String PAUSED = "paused#";

    /**
     * For how long the messages of a pause's jobs are delayed. A worker reads the pauses once a second while there are any,
     * so it may still hold jobs just after the end of a pause.
     */
    public static final Duration UNTIL_WORKERS_KNOW = Duration.ofSeconds(2);

    /** Its pool or its task is paused; released when that is resumed. */
    public static HoldReason paused(Pausable what) {
        return new HoldReason(PAUSED + what.text());
    }

    /** No slot was free; released by the job that frees one. All of a key are in one shard, in the order in which they run. */
    public static HoldReason limit(LimitKey key) {
        return new HoldReason(LIMIT + key.text());
    }

    /** The reason of a key of the index; empty when the key holds no waiting jobs. */
    static Optional<HoldReason> ofIndex(String index) {
        if (index.startsWith(LIMIT)) {
            return Optional.of(new HoldReason(index));
        }
        int shard = index.lastIndexOf('#');
        return Optional.of(new HoldReason(index.substring(0, shard)))
                .filter(reason -> reason.equals(DUE) || reason.isPause());
    }

    /** The key of the index under which the jobs of a shard are held. */
    public String index(String shard) {
        return key.startsWith(LIMIT) ? key : key + "#" + shard;
    }

    /** The limit, and whose slots of it, for which the job waits; empty for another reason. */
    public Optional<LimitKey> limit() {
        return key.startsWith(LIMIT) ? LimitKey.parse(key.substring(LIMIT.length())) : Optional.empty();
    }

    /** Whether a pause holds the job, and not its time. */
    public boolean isPause() {
        return key.startsWith(PAUSED);
    }

    /** The shortest delay of a message that releases a job. */
    public Duration shortestDelay() {
        return isPause() ? UNTIL_WORKERS_KNOW : Duration.ZERO;
    }

    @Override
    public String toString() {
        return key;
    }
}
