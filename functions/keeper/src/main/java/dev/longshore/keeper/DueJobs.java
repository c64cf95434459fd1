package dev.longshore.keeper;

import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Deadline;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.LoggedMetric;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.HeldJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the messages of held jobs that fall due before the next tick, each with the delay that is left. A job leaves the
 * index after its message was sent: a crash between the two sends it twice, and never loses it. A pool whose queue fails
 * does not delay the jobs of other pools. A job for which the deployment has neither its pool nor its task is DEAD after
 * {@link Lifecycle#DEPLOYMENT_GRACE}.
 */
final class DueJobs {
    /** From one tick to the next. */
    static final Duration PERIOD = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(DueJobs.class);

    private final Engines engines;
    private final Routes routes;

    /** When the oldest job fell due that this tick has not sent. */
    private final AtomicReference<Instant> oldestLeft = new AtomicReference<>(Instant.MAX);

    DueJobs(Engines engines, Routes routes) {
        this.engines = engines;
        this.routes = routes;
    }

    /** Goes through all shards side by side until they are caught up or the deadline is over; answers how many it sent. */
    int dispatch(Deadline deadline) {
        oldestLeft.set(Instant.MAX);
        HeldJobs heldJobs = new HeldJobs(engines, routes::poolFor);
        LongAdder sent = new LongAdder();
        ShardWalk<IndexPlace> walk = ShardWalk.through("the due index", deadline, (shard, after) -> {
            HeldJobs.Released page = heldJobs.releasePage(HoldReason.DUE, shard, now().plus(PERIOD), after);
            sent.add(page.released());
            page.left().forEach(this::leave);
            page.withoutPool().forEach(this::endIfOverdue);
            page.failures()
                    .forEach(e -> FailedPart.leave(
                            LOG, e, "Jobs of shard {} are left in the due index until the next tick", shard));
            return page.next();
        });
        walk.leftAt()
                .forEach(place -> leave(place.at())); // the index is in the order of time: the rest fell due no earlier
        if (oldestLeft.get().isBefore(now())) {
            LoggedMetric.OLDEST_DUE_JOB.record(
                    Duration.between(oldestLeft.get(), now()).toSeconds());
        }
        return sent.intValue();
    }

    /**
     * No deployment has brought its pool within the grace period: the row becomes DEAD, and then its message goes to the
     * dead letters.
     */
    private void endIfOverdue(Job job) {
        if (now().isBefore(job.due().plus(Lifecycle.DEPLOYMENT_GRACE))) {
            leave(job);
            LOG.warn(
                    "Job {} is of pool {}, which this deployment does not have; leaving it for a minute",
                    job.id(),
                    job.pool());
            return;
        }
        JobError error = new JobError(
                "UnknownPool",
                "this deployment has not had the pool " + job.pool() + ", nor the task " + job.task()
                        + " in another, for "
                        + Lifecycle.DEPLOYMENT_GRACE.toMinutes()
                        + " minutes; deploy the task, and retry the job");
        Change kill = engines.lifecycle().killUnrunnable(job, DeadReason.UNKNOWN_POOL, error);
        try {
            if (engines.jobs().apply(job.id(), kill) instanceof Change.Outcome.Done) {
                engines.queue().sendToDeadLetters(job.pool(), JobMessage.of(job).write());
            }
        } catch (StoreUnavailableException e) {
            FailedPart.leave(
                    LOG, e, "Job {} of the unknown pool {} was left; the next tick tries again", job.id(), job.pool());
        }
    }

    private void leave(Job job) {
        leave(Objects.requireNonNull(job.indexedAt()));
    }

    private void leave(Instant due) {
        oldestLeft.accumulateAndGet(due, (one, other) -> one.isBefore(other) ? one : other);
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
