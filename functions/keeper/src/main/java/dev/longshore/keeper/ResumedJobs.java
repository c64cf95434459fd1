package dev.longshore.keeper;

import dev.longshore.job.Deadline;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.RowStore;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.HeldJobs;
import dev.longshore.job.pause.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases the jobs that a pause held, once it is over, until none is left. The API has released the first of them; after a
 * crash, here or there, the next tick continues.
 */
final class ResumedJobs {
    /**
     * How long a resumed pause is kept, even when no job seems to be left. A worker whose reads fail may hold a job for a pause
     * that it cached 10 minutes ago, at the end of an invocation of 15 minutes; and the index lags behind.
     */
    static final Duration LOOKED_AFTER = Duration.ofMinutes(30);

    private static final Logger LOG = LoggerFactory.getLogger(ResumedJobs.class);

    private final Engines engines;

    ResumedJobs(Engines engines) {
        this.engines = engines;
    }

    /** Goes through all resumed pauses until they are caught up or the deadline is over; answers how many jobs it sent. */
    int release(Deadline deadline) {
        HeldJobs heldJobs = new HeldJobs(engines);
        return engines.pauses().all().stream()
                .filter(pause -> !pause.holds())
                .mapToInt(pause -> release(pause, heldJobs, deadline))
                .sum();
    }

    private int release(Pause pause, HeldJobs heldJobs, Deadline deadline) {
        Instant start = engines.clock().instant();
        LongAdder sent = new LongAdder();
        LongAdder left = new LongAdder();
        HoldReason reason = HoldReason.paused(pause.what());
        ShardWalk<IndexPlace> walk = ShardWalk.through("the jobs held by " + pause.what(), deadline, (shard, after) -> {
            HeldJobs.Released page = heldJobs.releasePage(reason, shard, RowStore.ANY_TIME, after);
            page.withoutPool().forEach(this::holdAsDue);
            page.failures()
                    .forEach(e -> FailedPart.leave(
                            LOG, e, "Jobs of shard {} that {} held are left to the next tick", shard, pause.what()));
            sent.add(page.released() + page.withoutPool().size());
            left.add(page.left().size());
            return page.next();
        });
        Instant resumedAt = pause.resumedAt();
        boolean nothingLeft = walk.complete() && left.sum() == 0;
        if (nothingLeft && resumedAt != null && !start.isBefore(resumedAt.plus(LOOKED_AFTER))) {
            engines.pauses().remove(pause);
        }
        return sent.intValue();
    }

    /** This deployment does not have its pool any more; what the due index holds is sent elsewhere or ended. */
    private void holdAsDue(Job job) {
        Instant now = engines.clock().instant();
        Instant due = now.plus(job.waitsFor(now));
        engines.jobs().apply(job.id(), engines.lifecycle().hold(job, HoldReason.DUE, due));
    }
}
