package dev.longshore.task;

import java.time.Duration;
import java.util.Collection;

/**
 * The settings of a pool that follow from its tasks, for the CDK construct and the local runtime alike.
 *
 * @param longestTimeout the longest task's time-out
 * @param functionTimeout the worker function's time-out: the longest task's and {@link #OVERHEAD}, 15 minutes at most
 * @param visibilityTimeout the queue's: six times the function's ("Configuring a queue to use with Lambda", AWS Lambda
 *     Developer Guide)
 * @param maxReceiveCount how often a message is received before it goes to the dead-letter queue: every attempt may need
 *     several receives, since throttling and early messages use them up, too
 * @param batchSize how many messages a worker takes at once: ten, or as many runs of the hungriest task as fit into {@value
 *     #ENOUGH_MEMORY} MiB, since all of a batch run side by side
 * @param runMiB what one run of the hungriest task needs
 */
public record PoolPlan(
        String pool,
        Duration longestTimeout,
        Duration functionTimeout,
        Duration visibilityTimeout,
        int maxReceiveCount,
        int batchSize,
        int runMiB) {
    /** What a worker needs before any handler runs, in MiB. */
    public static final int OWN_MEMORY = 384;

    /** What a run of a task needs that does not say, in MiB. */
    public static final int USUAL_MEMORY = 64;

    /** The most that one run can have, in MiB: a Fargate task's 122,880 without the worker's own. */
    public static final int MOST_MEMORY = 122_880 - OWN_MEMORY;

    /** The most that one run can have in a pool on Lambda, in MiB: 10,240 without the worker's own. */
    public static final int MOST_IN_LAMBDA = 10_240 - OWN_MEMORY;

    private static final int ENOUGH_MEMORY = 4_096;
    private static final int MOST_IN_A_BATCH = 10;

    /** What a worker has besides its handlers' time: for its claims, and for writing outcomes. */
    public static final Duration OVERHEAD = Duration.ofSeconds(15);

    /** The shortest time-out of a task whose lease is extended by heartbeats, and whose message is hidden by them. */
    public static final Duration HEARTBEATS_FROM = Duration.ofMinutes(2);

    private static final Duration LONGEST_FUNCTION = Duration.ofMinutes(15);

    /** One attempt's longest time in a pool on Lambda: a function's 15 minutes ("Lambda quotas") less {@link #OVERHEAD}. */
    public static final Duration LONGEST_IN_LAMBDA = LONGEST_FUNCTION.minus(OVERHEAD);

    private static final int MOST_RECEIVES = 1_000;

    /** The worker function's memory in MiB: a whole batch of the hungriest task, and the worker's own. */
    public int memoryMiB() {
        return memoryFor(batchSize);
    }

    /** The same when it takes batches of another size, as far as Lambda has it. */
    public int memoryFor(int batch) {
        return OWN_MEMORY + (int) Math.min(MOST_IN_LAMBDA, (long) batch * runMiB);
    }

    /** What one run of a task needs, in MiB. */
    public static int runMiB(TaskDescription task) {
        return task.memoryMiB() == null ? USUAL_MEMORY : task.memoryMiB();
    }

    /**
     * The queue's visibility time-out where a process claims each message as it receives it: only tasks without heartbeats need
     * it for their time. After a crash between the receipt and the claim a message is back as soon as this.
     */
    public Duration visibilityInAProcess() {
        return (longestTimeout.compareTo(HEARTBEATS_FROM) < 0 ? longestTimeout : HEARTBEATS_FROM).plus(OVERHEAD);
    }

    /** @throws IllegalArgumentException when the pool has no task */
    public static PoolPlan of(String pool, Collection<TaskDescription> tasks) {
        long timeoutMillis = 0;
        int attempts = 0;
        int memory = 1;
        for (TaskDescription task : tasks) {
            if (task.pool().equals(pool)) {
                timeoutMillis = Math.max(timeoutMillis, task.timeoutMillis());
                attempts = Math.max(attempts, task.maxAttempts());
                memory = Math.max(memory, runMiB(task));
            }
        }
        if (attempts == 0) {
            throw new IllegalArgumentException("The pool " + pool + " has no task; give one to it or leave it out");
        }
        Duration longest = Duration.ofMillis(timeoutMillis);
        Duration function = longest.plus(OVERHEAD);
        Duration functionTimeout = function.compareTo(LONGEST_FUNCTION) > 0 ? LONGEST_FUNCTION : function;
        int batch = Math.clamp((ENOUGH_MEMORY - OWN_MEMORY) / memory, 1, MOST_IN_A_BATCH);
        return new PoolPlan(
                pool,
                longest,
                functionTimeout,
                functionTimeout.multipliedBy(6),
                Math.min(MOST_RECEIVES, 3 * attempts + 10),
                batch,
                memory);
    }
}
