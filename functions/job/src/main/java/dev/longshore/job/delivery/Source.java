package dev.longshore.job.delivery;

import dev.longshore.job.JobQueue;

/**
 * The queue from which messages come.
 *
 * @param deadLetters whether it is the pool's dead-letter queue
 */
public record Source(JobQueue queue, String pool, boolean deadLetters) {
    /**
     * The queue of a pool's jobs, by its ARN.
     *
     * @throws IllegalStateException when no pool of the deployment has such a queue
     */
    public static Source ofJobs(JobQueue queue, String arn) {
        return new Source(queue, pool(queue, arn), false);
    }

    /**
     * The dead-letter queue of a pool, by its ARN.
     *
     * @throws IllegalStateException when no pool of the deployment has such a queue
     */
    public static Source ofDeadLetters(JobQueue queue, String arn) {
        return new Source(queue, pool(queue, arn), true);
    }

    private static String pool(JobQueue queue, String arn) {
        return queue.poolOf(arn)
                .orElseThrow(
                        () -> new IllegalStateException("No pool has the queue " + arn + "; check LONGSHORE_QUEUES"));
    }
}
