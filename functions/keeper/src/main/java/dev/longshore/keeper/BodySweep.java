package dev.longshore.keeper;

import dev.longshore.job.BodyStore.Sweep;
import dev.longshore.job.Deadline;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.Parallel;
import dev.longshore.job.engines.Engines;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the files of bodies that no row names, or whose job is past its retention. DynamoDB deletes its own items by their
 * time to live; a file in S3 has none. Each file is noted before it is written, so that none is left behind, whatever crashes.
 */
final class BodySweep {
    /** How many files of a shard one tick deletes at most. */
    private static final int MOST = 100;

    /** Grace period for readers that loaded the row before its retention was over. */
    private static final Duration GRACE = Duration.ofHours(1);

    /** The file of a job that has not ended is looked at once a day from its due time on. */
    private static final Duration LATER = Duration.ofDays(1);

    private static final Logger LOG = LoggerFactory.getLogger(BodySweep.class);

    private final Engines engines;

    BodySweep(Engines engines) {
        this.engines = engines;
    }

    /** Goes through all shards until the deadline is over; answers how many files were deleted. */
    int sweep(Deadline deadline) {
        return Parallel.sum(JobId.SHARDS, shard -> sweep(shard, deadline));
    }

    private int sweep(String shard, Deadline deadline) {
        int swept = 0;
        for (Sweep sweep : engines.bodies().sweeps(shard, graceAgo(), MOST)) {
            if (deadline.isOver()) {
                return swept;
            }
            try {
                swept += sweep(sweep);
            } catch (RuntimeException e) {
                FailedPart.leave(LOG, e, "A file of job {} was not deleted; the next tick tries again", sweep.job());
            }
        }
        return swept;
    }

    private int sweep(Sweep sweep) {
        Optional<Job> row = engines.jobs().find(sweep.job());
        if (row.isPresent() && sweep.isNamedBy(row.get()) && !row.get().isPurged(graceAgo())) {
            engines.bodies().postpone(sweep, nextLook(row.get()));
            return 0;
        }
        engines.bodies().sweep(sweep);
        return 1;
    }

    private Instant nextLook(Job job) {
        Instant tomorrow = engines.clock().instant().plus(LATER);
        if (job.keptUntil() != null) {
            return job.keptUntil();
        }
        return job.due().isAfter(tomorrow) ? job.due() : tomorrow;
    }

    private Instant graceAgo() {
        return engines.clock().instant().minus(GRACE);
    }
}
