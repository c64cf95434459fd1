package dev.longshore.worker;

import dev.longshore.job.Change;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.StoreUnavailableException;

/**
 * RetryingWrites that are tried again when the store did not answer. The same change carries the same token, so that one which
 * took effect the first time is recognised and not taken for somebody else's.
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
