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

    /** The reason of a key of the index; empty when the key holds no waiting jobs. */
    static Optional<HoldReason> ofIndex(String index) {
        int shard = index.lastIndexOf('#');
        return Optional.of(new HoldReason(index.substring(0, shard)))
                .filter(reason -> reason.equals(DUE) || reason.isPause());
    }

    /** The key of the index under which the jobs of a shard are held. */
    public String index(String shard) {
        return key + "#" + shard;
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
