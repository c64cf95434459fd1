package dev.longshore.worker;

import dev.longshore.job.Change;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.StoreUnavailableException;

/**
 * Writes changes, and retries when a call of the store failed. A retry has the same token, so that a change which took effect
 * the first time is recognised.
 */
final class RetryingWrites {
    private static final int TRIES = 3;

    private final JobStore jobs;

    RetryingWrites(JobStore jobs) {
        this.jobs = jobs;
    }

    Change.Outcome apply(JobId id, Change change) {
        for (int tries = 1; ; tries++) {
            try {
                return jobs.apply(id, change);
            } catch (StoreUnavailableException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }
}
