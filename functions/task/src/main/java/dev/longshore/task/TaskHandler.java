package dev.longshore.task;

import org.jspecify.annotations.Nullable;

/**
 * The work of a task: takes the payload of one job, returns its result.
 *
 * <p>What happens to the job follows from how the handler ends:
 *
 * <ul>
 *   <li>it returns: the job is SUCCEEDED with the returned value as its result ({@code null} for none);
 *   <li>it throws: the attempt failed, and the task's {@link RetryPolicy} decides between another one and DEAD;
 *   <li>it throws what {@link JobContext#retryIn}, {@link JobContext#discard}, {@link JobContext#snooze}, {@link
 *       JobContext#continueWith} or {@link JobContext#cancelled} made: just that happens.
 * </ul>
 *
 * <p>One instance serves many jobs at once, each on a platform thread of its own. A handler may start more than once for
 * the same job (at-least-once); {@link JobContext#id} and {@link JobContext#fence} are there to make its effects
 * exactly-once. When its time-out is over its thread is interrupted, and so it is when it does not honour a cancellation
 * within {@link Task#cancelGrace}.
 *
 * @param <I> the payload, a record as a rule
 * @param <O> the result, anything Jackson can write; at most 256 KB of UTF-8 as JSON
 */
@FunctionalInterface
public interface TaskHandler<I, O extends @Nullable Object> {
    O handle(I input, JobContext job) throws Exception;
}
