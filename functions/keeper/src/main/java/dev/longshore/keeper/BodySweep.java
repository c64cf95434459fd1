package dev.longshore.keeper;

import dev.longshore.job.Engines;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.Sweep;
import dev.longshore.job.SideBySide;
import dev.longshore.job.WithoutWords;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the files of bodies whose jobs are forgotten. DynamoDB deletes its own items by their time to live; a file in S3
 * has none, and outlives its job until this finds the note that was left at the job's end.
 */
final class BodySweep {
    /** A shard's part of one tick. */
    private static final int MOST = 100;

    /** Whoever read the row while it was kept has done with it by then what he was about to do. */
    private static final Duration GRACE = Duration.ofHours(1);

    /** A job that is not at its end writes a new note when it is; until then it is looked at once a day. */
    private static final Duration LATER = Duration.ofDays(1);

    private static final Logger LOG = LoggerFactory.getLogger(BodySweep.class);

    private final Engines engines;

    BodySweep(Engines engines) {
        this.engines = engines;
    }

    /** Goes through all shards until {@code lastMoment} has come; answers how many files were deleted. */
    int sweep(Instant lastMoment) {
        return SideBySide.sum(JobId.SHARDS, shard -> sweep(shard, lastMoment));
    }

    private int sweep(String shard, Instant lastMoment) {
        int swept = 0;
        for (Sweep sweep : engines.jobs().sweeps(shard, forgotten(), MOST)) {
            if (!engines.clock().instant().isBefore(lastMoment)) {
                return swept;
            }
            try {
                swept += sweep(sweep);
            } catch (RuntimeException e) {
                LOG.atError()
                        .setCause(WithoutWords.of(e))
                        .log("A file of job {} was not deleted; the next tick tries again", sweep.job());
            }
        }
        return swept;
    }

    private int sweep(Sweep sweep) {
        Optional<Job> job = engines.jobs().find(sweep.job());
        if (job.isEmpty() || job.get().isForgotten(forgotten())) {
            engines.jobs().sweep(sweep);
            return 1;
        }
        Instant keptUntil = job.get().keptUntil();
        engines.jobs()
                .postpone(sweep, keptUntil == null ? engines.clock().instant().plus(LATER) : keptUntil);
        return 0;
    }

    private Instant forgotten() {
        return engines.clock().instant().minus(GRACE);
    }
}
