package dev.longshore.keeper;

import dev.longshore.job.Engines;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.LoggedMetric;
import dev.longshore.job.Pausable;
import dev.longshore.job.Pause;
import dev.longshore.job.SetAsideJobs;
import dev.longshore.job.SideBySide;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what a pause had set aside, once it is over, until nothing is left. The API has sent the first of them; a crash, here
 * or there, is made good by the next tick.
 */
final class ResumedJobs {
    /**
     * How long a resumed pause is looked after, even when it seems that nothing is left. A worker may set a job aside on a
     * knowledge of ten minutes ago, when its looks failed, and do so at the end of an invocation of fifteen; and the index
     * lags behind.
     */
    static final Duration LOOKED_AFTER = Duration.ofMinutes(30);

    private static final Logger LOG = LoggerFactory.getLogger(ResumedJobs.class);

    private final Engines engines;
    private final SetAsideJobs setAside;

    ResumedJobs(Engines engines) {
        this.engines = engines;
        this.setAside = new SetAsideJobs(engines);
    }

    /** Goes through all resumed pauses until they are caught up or {@code lastMoment} has come; answers how many it sent. */
    int sendAgain(Instant lastMoment) {
        int sent = 0;
        for (Pause pause : engines.pauses().all()) {
            if (!pause.holds()) {
                sent += sendAgain(pause, lastMoment);
            }
        }
        return sent;
    }

    private int sendAgain(Pause pause, Instant lastMoment) {
        Instant start = engines.clock().instant();
        AtomicInteger sent = new AtomicInteger();
        boolean nothingLeft =
                SideBySide.each(JobId.SHARDS, shard -> sendShard(pause.what(), shard, lastMoment, sent)).stream()
                        .allMatch(done -> done);
        Instant resumedAt = pause.resumedAt();
        if (nothingLeft && resumedAt != null && !start.isBefore(resumedAt.plus(LOOKED_AFTER))) {
            engines.pauses().forget(pause);
        }
        return sent.get();
    }

    /** @return whether all that the index showed was sent */
    private boolean sendShard(Pausable what, String shard, Instant lastMoment, AtomicInteger sent) {
        try {
            boolean nothingLeft = true;
            IndexPlace after = null;
            while (engines.clock().instant().isBefore(lastMoment)) {
                SetAsideJobs.Sent page =
                        setAside.sendPage(what, shard, engines.clock().instant(), after);
                sent.addAndGet(page.sent());
                if (page.left() > 0) {
                    nothingLeft = false;
                    LoggedMetric.FAILED_PARTS.count(); // their queue took no messages
                }
                after = page.next();
                if (after == null) {
                    return nothingLeft;
                }
            }
            LOG.warn("Shard {} of what {} had set aside is not caught up; the next tick goes on", shard, what);
        } catch (RuntimeException e) {
            FailedPart.leave(LOG, e, "Shard {} of what {} had set aside was left; the next tick goes on", shard, what);
        }
        return false;
    }
}
