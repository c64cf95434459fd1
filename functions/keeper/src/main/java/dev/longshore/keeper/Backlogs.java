package dev.longshore.keeper;

import dev.longshore.job.JobQueue;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether the messages of late jobs may just be waiting in their queues. A queue is asked once in an audit, before anything is
 * sent to it, and all late jobs of the audit are counted against the answer: otherwise the messages that the audit sends for one
 * hour would pass for a backlog at the next.
 */
final class Backlogs {
    private final JobQueue queue;
    private final Map<String, JobQueue.Depth> depths = new HashMap<>();
    private final Map<String, Integer> late = new HashMap<>();
    private final Map<String, Integer> untold = new HashMap<>();

    Backlogs(JobQueue queue) {
        this.queue = queue;
    }

    /** Whether the pool's queue held at least as many messages as late jobs were found so far, these included. */
    boolean coverLate(String pool, int more) {
        return depth(pool).visible() >= late.merge(pool, more, Integer::sum);
    }

    /** Whether as many letters wait as unhandled deaths were found, these included. */
    boolean coverUntold(String pool, int more) {
        return depth(pool).deadLetters() >= untold.merge(pool, more, Integer::sum);
    }

    JobQueue.Depth depth(String pool) {
        return depths.computeIfAbsent(pool, queue::depth);
    }
}
