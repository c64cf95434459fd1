package dev.longshore.task;

/**
 * How many jobs may run at once: of one task, or of all tasks that use it by name ({@link TaskCatalog#limit}).
 *
 * <pre>{@code
 * tasks.add("sync-account", Account.class, new SyncAccount()).limit(Limit.concurrent(5).perKey());
 * }</pre>
 *
 * <p>A job that finds no slot waits in the table, in the order of enqueueing, without a message and without using up receives or
 * attempts; the job that ends releases the next one. A slot has the lease of its claim, so that a crashed worker's slot is free
 * when that lease is over.
 *
 * @param jobs at most so many run at once: 1 to {@value #MOST}
 * @param byKey whether each {@code limitKey} has its own slots; jobs without one have slots of their own together
 */
public record Limit(int jobs, boolean byKey) {
    /** The slots of a limit and key are one item, which each start and end reads and writes. */
    public static final int MOST = 1_000;

    /** @throws IllegalArgumentException when {@code jobs} is out of range */
    public Limit {
        requireWithin(jobs);
    }

    /** At most so many jobs at once: 1 to {@value #MOST}. */
    public static Limit concurrent(int jobs) {
        return new Limit(jobs, false);
    }

    /** The same limit for each {@code limitKey} that requests name, such as a customer's id. */
    public Limit perKey() {
        return new Limit(jobs, true);
    }

    private static void requireWithin(int jobs) {
        if (jobs < 1 || jobs > MOST) {
            throw new IllegalArgumentException("A limit takes 1 to " + MOST + " jobs at once, and got " + jobs
                    + "; to stop a task, pause it, and for more than " + MOST + " use the pool's maxConcurrency");
        }
    }
}
