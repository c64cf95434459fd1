package dev.longshore.task;

/**
 * What a team wants done when a job of its task has died: notify a person, undo something. Called at least once for each
 * death, outside of the worker; after an exception it is called again later.
 */
@FunctionalInterface
public interface DeathHook {
    void died(DeadJob job) throws Exception;

    /**
     * A job that is DEAD.
     *
     * @param reason {@code exhausted}, {@code discarded}, {@code crashed}, …
     * @param fingerprint the same for deaths of the same cause: for counting and for muting
     */
    record DeadJob(
            String id,
            String task,
            int attempts,
            String reason,
            String errorType,
            String errorMessage,
            String fingerprint,
            Json payload) {}
}
