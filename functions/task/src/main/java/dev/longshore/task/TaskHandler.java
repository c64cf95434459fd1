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
 *   <li>it throws what the context made: another attempt after a given time ({@link JobContext#retryIn}), DEAD at once ({@link
 *       JobContext#discard}), a wait that uses up no attempt ({@link JobContext#snooze}), the rest of the work in a new invocation
 *       ({@link JobContext#continueWith}), or CANCELLED ({@link JobContext#cancelled}).
 * </ul>
 *
 * <p>One instance serves many jobs at once, each on a platform thread of its own. A handler may start more than once for
 * the same job (at-least-once); {@link JobContext#id} and {@link JobContext#fence} are there to make its effects
 * exactly-once. Its thread is interrupted at its time-out, and also when it has not stopped {@link Task#cancelGrace} after a
 * cancellation request was seen.
 *
 * @param <I> the payload, a record as a rule
 * @param <O> the result, anything Jackson can write; at most {@value #LARGEST_RESULT} bytes of UTF-8 as JSON, or the job is DEAD
 */
@FunctionalInterface
public interface TaskHandler<I, O extends @Nullable Object> {
    /** The largest result, in bytes of UTF-8. */
    int LARGEST_RESULT = 256 * 1024;

    O handle(I input, JobContext job) throws Exception;
}
