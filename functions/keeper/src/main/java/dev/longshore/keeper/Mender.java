package dev.longshore.keeper;

import dev.longshore.job.Deadline;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobQueue;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.HeldJobs;
import dev.longshore.job.pause.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntBiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds among the jobs of one hour those that should run and do not, and sends them again. A message too many is harmless:
 * the claim decides. What it writes is {@link Lifecycle#hold} and {@link Lifecycle#release}, with their conditions.
 */
final class Mender {
    /**
     * How long a job may be late before its message is taken for lost. A worker takes a waiting message in seconds; what
     * waits longer, waits in a queue that has a backlog, and that is asked before anything is sent.
     */
    static final Duration GRACE = Duration.ofMinutes(15);

    /** One hour never sends more than this of a kind; the next audit goes on. */
    static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Mender.class);

    private final Engines engines;
    private final Backlogs backlogs;
    private final HeldJobs heldJobs;
    private final Map<Finding, List<Job>> found = new EnumMap<>(Finding.class);
    private @Nullable List<Pause> pauses;

    /** Why a job does not run, if it should. */
    enum Finding {
        FINE,
        /** It is due and in no index; its message is lost, or waits in a backlog. */
        LATE,
        /** Its worker died, and so did its message. */
        ABANDONED,
        /** It is held, and what was to release it has not. */
        LEFT_HELD,
        /** It is due further off than a message can be delayed, and not held. */
        NOT_HELD,
        /** Nobody was told of its death. */
        DEATH_UNTOLD
    }

    Mender(Engines engines, Backlogs backlogs) {
        this.engines = engines;
        this.backlogs = backlogs;
        this.heldJobs = new HeldJobs(engines);
    }

    static Finding find(Job job, Instant now) {
        Instant late = now.minus(GRACE);
        if (job.isFromNewerCode() || job.isPastItsRow(now)) {
            return Finding.FINE;
        }
        return switch (job.state()) {
            case SUCCEEDED, CANCELLED, UNKNOWN -> Finding.FINE;
            // purged or not: nobody who was to be told of a death is passed over
            case DEAD -> !job.deathNoted() && isBefore(job.finishedAt(), late) ? Finding.DEATH_UNTOLD : Finding.FINE;
            case RUNNING -> isBefore(job.leaseUntil(), late) ? Finding.ABANDONED : Finding.FINE;
            case SCHEDULED, QUEUED, RETRYING -> findWaiting(job, now, late);
        };
    }

    private static Finding findWaiting(Job job, Instant now, Instant late) {
        if (job.isExpired(late) && !job.isHeldByPause()) {
            return Finding.LATE; // a worker ends it
        }
        if (job.isHeld()) {
            boolean ours = job.holdReason().isPresent();
            return ours && isBefore(job.indexedAt(), late) ? Finding.LEFT_HELD : Finding.FINE;
        }
        if (JobQueue.isBeyondDelay(now, job.due())) {
            return Finding.NOT_HELD;
        }
        return job.due().isBefore(late) ? Finding.LATE : Finding.FINE;
    }

    private static boolean isBefore(@Nullable Instant time, Instant limit) {
        return time != null && time.isBefore(limit);
    }

    /** Looks at one job; may be called side by side. */
    void look(Job job) {
        Finding finding = find(job, now());
        if (finding == Finding.FINE) {
            return;
        }
        synchronized (found) {
            if (finding == Finding.LEFT_HELD && isLookedAfter(job)) {
                return;
            }
            List<Job> alike = found.computeIfAbsent(finding, any -> new ArrayList<>());
            if (alike.size() < MOST) {
                alike.add(job);
            }
        }
    }

    /** Whether its pause holds, or was resumed so lately that the dispatcher still sends what it had set aside. */
    private boolean isLookedAfter(Job job) {
        if (pauses == null) {
            pauses = engines.pauses().all();
        }
        String shard = job.id().shard();
        return pauses.stream()
                .anyMatch(pause -> HoldReason.paused(pause.what()).index(shard).equals(job.index()));
    }

    /** Mends what was found until the deadline is over, the next audit the rest; answers how many jobs. */
    long mend(Deadline deadline) {
        return poolByPool(Finding.LATE, this::sendLate)
                + poolByPool(Finding.ABANDONED, this::send)
                + poolByPool(Finding.LEFT_HELD, (pool, held) -> release(pool, held, deadline))
                + each(having(Finding.NOT_HELD), deadline, job -> hold(job, job.due()))
                + poolByPool(Finding.DEATH_UNTOLD, (pool, untold) -> tell(pool, untold, deadline));
    }

    /** What one pool's queue refuses keeps no other pool's jobs, nor the count of the hour, from their turn. */
    private long poolByPool(Finding finding, ToIntBiFunction<String, List<Job>> mend) {
        long mended = 0;
        for (Map.Entry<String, List<Job>> pool : having(finding).stream()
                .collect(Collectors.groupingBy(Job::pool))
                .entrySet()) {
            try {
                mended += mend.applyAsInt(pool.getKey(), pool.getValue());
            } catch (StoreUnavailableException e) {
                FailedPart.leave(
                        LOG,
                        e,
                        "{} jobs of pool {} that are {} are left to the next audit",
                        pool.getValue().size(),
                        pool.getKey(),
                        finding);
            }
        }
        return mended;
    }

    /** One after the other until the deadline is over, or one of them fails: the rest would wait as long, and fail too. */
    private int each(List<Job> jobs, Deadline deadline, Predicate<Job> mend) {
        int mended = 0;
        for (Job job : jobs) {
            if (deadline.isOver() || !mend.test(job)) {
                LOG.warn("{} of {} jobs are left to the next audit", jobs.size() - mended, jobs.size());
                return mended;
            }
            mended++;
        }
        return mended;
    }

    /** Adds no dead letters where as many wait as deaths were found. Those of a pool that is gone go to another pool's. */
    private int tell(String pool, List<Job> untold, Deadline deadline) {
        if (engines.queue().hasPool(pool) && backlogs.coverUntold(pool, untold.size())) {
            LOG.warn(
                    "{} deaths of pool {} are not handled, and {} dead letters wait; leaving them",
                    untold.size(),
                    pool,
                    backlogs.depth(pool).deadLetters());
            return 0;
        }
        return each(untold, deadline, job -> {
            engines.queue().sendToDeadLetters(pool, JobMessage.of(job).write());
            return true;
        });
    }

    /** The due index takes those whose pool the deployment does not have any more. */
    private int release(String pool, List<Job> held, Deadline deadline) {
        if (!engines.queue().hasPool(pool)) {
            return each(held, deadline, job -> hold(job, now()));
        }
        int released = 0;
        for (int from = 0; from < held.size() && !deadline.isOver(); from += HeldJobs.PAGE) {
            List<Job> page = held.subList(from, Math.min(held.size(), from + HeldJobs.PAGE));
            released += heldJobs.release(pool, page).size();
        }
        return released;
    }

    private boolean hold(Job job, Instant until) {
        engines.jobs().apply(job.id(), engines.lifecycle().hold(job, HoldReason.DUE, until));
        return true;
    }

    private Instant now() {
        return engines.clock().instant();
    }

    private List<Job> having(Finding finding) {
        return found.getOrDefault(finding, List.of());
    }

    /** A queue that held at least as many messages as there are late jobs may be behind and have lost none. */
    private int sendLate(String pool, List<Job> late) {
        if (!engines.queue().hasPool(pool)) {
            return send(pool, late);
        }
        boolean covered = backlogs.coverLate(pool, late.size());
        long visible = backlogs.depth(pool).visible();
        if (covered) {
            LOG.info(
                    "{} jobs of pool {} are late, and {} messages wait in its queue; leaving them",
                    late.size(),
                    pool,
                    visible);
            return 0;
        }
        LOG.warn(
                "{} jobs of pool {} are late, and {} messages waited in its queue; sending theirs again",
                late.size(),
                pool,
                visible);
        return send(pool, late);
    }

    private int send(String pool, List<Job> jobs) {
        if (!engines.queue().hasPool(pool)) {
            // as if its receives were used up: what drains the dead letters holds the job as due, or ends it
            jobs.forEach(job ->
                    engines.queue().sendToDeadLetters(pool, JobMessage.of(job).write()));
            return jobs.size();
        }
        Set<Integer> unsent = engines.queue()
                .sendAll(
                        pool,
                        jobs.stream()
                                .map(job -> new JobQueue.Outgoing(JobMessage.of(job), Duration.ZERO, job.fairKey()))
                                .toList());
        return jobs.size() - unsent.size();
    }
}
