package dev.longshore.worker;

import dev.longshore.job.Job;
import dev.longshore.job.Progress;
import dev.longshore.task.Task;
import org.jspecify.annotations.Nullable;

/**
 * An ended attempt: everything that the decision about its job depends on.
 *
 * @param task whose policy applies
 * @param job as it was claimed, or as it was read since
 * @param progress what the handler reported last
 * @param receiveCount how often the message was received
 */
record AttemptEnd(Task<?, ?> task, Job job, @Nullable Progress progress, AttemptResult result, int receiveCount) {
    AttemptEnd with(Job current) {
        return new AttemptEnd(task, current, progress, result, receiveCount);
    }

    boolean isCancelRequested() {
        return job.cancelRequestedAt() != null;
    }

    /** Whether this attempt still holds the job. */
    boolean holds(Job current) {
        return current.state() == job.state() && current.fence() == job.fence();
    }

    /** Whether it still holds the job, whose cancellation was requested since it was read. */
    boolean isCancelledMeanwhile(Job current) {
        return holds(current) && current.cancelRequestedAt() != null && !isCancelRequested();
    }
}
