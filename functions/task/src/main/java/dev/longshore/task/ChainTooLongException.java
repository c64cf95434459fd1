package dev.longshore.task;

/**
 * Thrown by {@link JobContext#enqueue} when as many jobs as {@link Task#longestChain} allows have already led to this one. The
 * other job is not created. A handler that lets it through, also as the cause of another exception, ends its own job DEAD as
 * {@code chain_too_long}, without another attempt, whatever its {@link RetryPolicy}. A handler that catches it may return:
 * its chain ends there.
 */
public final class ChainTooLongException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param task the task of the job that was not created
     * @param depth how deep in its chain that job would have been
     * @param limit the longest chain that the task allows
     */
    public ChainTooLongException(String task, int depth, int limit) {
        super("A job of task " + task + " was not enqueued: it would have depth " + depth
                + " in its chain of jobs, each enqueued"
                + " by the handler of the one before, and the task allows at most " + limit
                + ". If this is no endless loop,"
                + " raise Task.longestChain, deploy, and retry this job");
    }
}
