package dev.longshore.keeper;

import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Engines;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobStore.IndexPage;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.LoggedMetric;
import dev.longshore.job.SideBySide;
import dev.longshore.job.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the messages of held jobs that fall due before the next tick, each with the delay that is left. A job leaves the
 * index after its message was sent: a crash between the two sends it twice, and never not at all. A pool whose queue does not
 * take messages keeps no other pool's jobs waiting. A job for which the deployment has neither its pool nor its task is DEAD
 * after {@link Lifecycle#DEPLOYMENT_GRACE}.
 */
final class DueJobs {
    /** From one tick to the next. */
    static final Duration PERIOD = Duration.ofMinutes(1);

    private static final int PAGE = 100;

    /** Of each of the sixteen shards. */
    private static final int UNPARKED_AT_ONCE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(DueJobs.class);

    private final Engines engines;
    private final Routes routes;

    /** Pools whose queue has failed in this tick: each further call may take as long as the first. */
    private final Set<String> failedPools = ConcurrentHashMap.newKeySet();

    /** When the oldest job fell due that this tick has not sent. */
    private final AtomicReference<Instant> oldestLeft = new AtomicReference<>(Instant.MAX);

    DueJobs(Engines engines, Routes routes) {
        this.engines = engines;
        this.routes = routes;
    }

    /** Goes through all shards side by side until they are caught up or {@code lastMoment} has come. */
    int dispatch(Instant lastMoment) {
        failedPools.clear();
        oldestLeft.set(Instant.MAX);
        int sent = SideBySide.sum(JobId.SHARDS, shard -> dispatch(shard, lastMoment));
        if (oldestLeft.get().isBefore(now())) {
            LoggedMetric.OLDEST_DUE_JOB.record(
                    Duration.between(oldestLeft.get(), now()).toSeconds());
        }
        return sent;
    }

    /** Page after page: the index lags behind the rows, and read from its start it would show what was just sent. */
    private int dispatch(String shard, Instant lastMoment) {
        int sent = 0;
        try {
            IndexPlace after = null;
            do {
                if (!now().isBefore(lastMoment)) {
                    LOG.warn("Shard {} of the due index is not caught up; the next tick goes on", shard);
                    if (after != null) {
                        leave(after.at()); // the index is in the order of time: the rest fell due no earlier
                    }
                    return sent;
                }
                IndexPage due = engines.jobs().due(shard, now().plus(PERIOD), after, PAGE);
                sent += sendPage(due.jobs());
                after = due.next();
            } while (after != null);
        } catch (RuntimeException e) {
            FailedPart.leave(LOG, e, "Shard {} of the due index was left; the next tick goes on", shard);
        }
        return sent;
    }

    private int sendPage(List<Job> due) {
        Map<String, List<Job>> byPool = new HashMap<>();
        for (Job job : due) {
            if (job.isFromNewerCode()) {
                leave(job); // newer code's own dispatcher sends it
                continue;
            }
            Optional<String> pool = routes.poolFor(job);
            if (pool.isPresent()) {
                byPool.computeIfAbsent(pool.get(), any -> new ArrayList<>()).add(job);
            } else {
                endIfOverdue(job);
            }
        }
        return byPool.entrySet().stream()
                .mapToInt(pool -> sendOrLeave(pool.getKey(), pool.getValue()))
                .sum();
    }

    private int sendOrLeave(String pool, List<Job> jobs) {
        if (failedPools.contains(pool)) {
            jobs.forEach(this::leave);
            return 0;
        }
        try {
            List<Job> taken = engines.queue().sendMessages(pool, jobs, now());
            unpark(taken);
            jobs.stream().filter(job -> !taken.contains(job)).forEach(this::leave);
            return taken.size();
        } catch (RuntimeException e) {
            failedPools.add(pool);
            jobs.forEach(this::leave);
            FailedPart.leave(
                    LOG,
                    e,
                    "The jobs of pool {}, {} and more, are left in the due index until the next tick",
                    pool,
                    jobs.size());
            return 0;
        }
    }

    /** A few side by side: one after the other, the writes would take most of a tick's time. */
    private void unpark(List<Job> sent) {
        SideBySide.each(IntStream.range(0, UNPARKED_AT_ONCE).boxed().toList(), first -> {
            for (int i = first; i < sent.size(); i += UNPARKED_AT_ONCE) {
                Job job = sent.get(i);
                engines.jobs().apply(job.id(), Lifecycle.unpark(job, Objects.requireNonNull(job.indexedAt())));
            }
            return first;
        });
    }

    /** No deployment has brought its pool for so long: the row says DEAD, and then its message goes to the dead letters. */
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
                    LOG, e, "Job {} of the unknown pool {} was left; the next tick goes on", job.id(), job.pool());
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
