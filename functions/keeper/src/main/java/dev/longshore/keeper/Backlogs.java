package dev.longshore.keeper;

import dev.longshore.job.JobQueue;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether the messages of stuck jobs may just wait in their queues. A queue's depth is read once in an audit, before anything
 * is sent to it, and all stuck jobs of the audit are counted against it: otherwise the messages that the audit sends for one
 * hour would look like a backlog at the next.
 */
final class Backlogs {
    private final JobQueue queue;
    private final Map<String, JobQueue.Depth> depths = new HashMap<>();
    private final Map<Stuck, Map<String, Integer>> stuck = new EnumMap<>(Stuck.class);

    Backlogs(JobQueue queue) {
        this.queue = queue;
    }

    /**
     * Whether at least as many messages waited in the pool's queue as jobs were found stuck for this reason so far, these
     * included; for reasons that no message can explain, false.
     */
    boolean cover(Stuck reason, String pool, int more) {
        int found = stuck.computeIfAbsent(reason, any -> new HashMap<>()).merge(pool, more, Integer::sum);
        return switch (reason) {
            case LATE -> depth(pool).visible() >= found;
            case COMPLETION_UNHANDLED -> depth(pool).deadLetters() >= found;
            case ABANDONED, HELD_TOO_LONG, NOT_HELD -> false;
        };
    }

    private JobQueue.Depth depth(String pool) {
        return depths.computeIfAbsent(pool, queue::depth);
    }
}
