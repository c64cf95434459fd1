package dev.longshore.keeper;

import dev.longshore.job.Deadline;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobQueue;
import dev.longshore.job.LimitKey;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.HeldJobs;
import dev.longshore.job.engines.Limiter;
import dev.longshore.job.limit.LimitState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rescues the stuck jobs of one hour. A message too many is harmless, since the claim decides; what is written is
 * {@link dev.longshore.job.Lifecycle#hold} and {@link dev.longshore.job.Lifecycle#release}, with their conditions.
 */
final class Rescuer {
    /** How many jobs are rescued for one reason; the next count of the hour continues. */
    static final int MOST = 10_000;

    /** The deadline is checked between so many jobs; SQS takes as many messages in one request. */
    private static final int AT_ONCE = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Rescuer.class);

    private final Engines engines;
    private final Backlogs backlogs;
    private final HeldJobs heldJobs;
    private final Limiter limiter;
    private final Map<LimitKey, List<JobId>> held = new HashMap<>();
    private final Map<Stuck, List<Job>> stuck = new EnumMap<>(Stuck.class);
    private @Nullable Set<HoldReason> pauses;

    Rescuer(Engines engines, Backlogs backlogs) {
        this.engines = engines;
        this.backlogs = backlogs;
        this.heldJobs = new HeldJobs(engines);
        this.limiter = new Limiter(engines);
    }

    /** Keeps the job for a rescue if it is stuck. May be called in parallel. */
    void look(Job job) {
        Stuck.find(job, now(), job.isHeldByPause() ? pauses() : Set.of()).ifPresent(reason -> add(reason, job));
        job.heldByLimit().ifPresent(key -> addHeld(key, job.id()));
    }

    private synchronized void addHeld(LimitKey key, JobId job) {
        List<JobId> jobs = held.computeIfAbsent(key, any -> new ArrayList<>());
        if (jobs.size() < LimitState.LONGEST_LINE) {
            jobs.add(job); // more do not fit into the line: then others wait behind it anyway
        }
    }

    /** Read once, and only in an hour in which a pause holds a job. */
    private synchronized Set<HoldReason> pauses() {
        if (pauses == null) {
            pauses = engines.pauses().all().stream()
                    .map(pause -> HoldReason.paused(pause.what()))
                    .collect(Collectors.toSet());
        }
        return pauses;
    }

    private synchronized void add(Stuck reason, Job job) {
        List<Job> jobs = stuck.computeIfAbsent(reason, any -> new ArrayList<>());
        if (jobs.size() < MOST) {
            jobs.add(job);
        }
    }

    /** Rescues until the deadline is over, and leaves the others to the next count; answers how many jobs it rescued. */
    int rescue(Deadline deadline) {
        requireInLine(deadline);
        int rescued = 0;
        for (Stuck reason : stuck.keySet()) {
            Map<String, List<Job>> pools = stuck.get(reason).stream().collect(Collectors.groupingBy(Job::pool));
            for (String pool : pools.keySet()) {
                rescued += rescueInPool(reason, pool, pools.get(pool), deadline);
            }
        }
        return rescued;
    }

    /** Each job that a limit holds has to have its place in the line, or to be looked for in the index. */
    private void requireInLine(Deadline deadline) {
        for (Map.Entry<LimitKey, List<JobId>> line : held.entrySet()) {
            if (deadline.isOver()) {
                return;
            }
            try {
                limiter.requireInLine(line.getKey(), line.getValue());
            } catch (StoreUnavailableException e) {
                FailedPart.leave(
                        LOG,
                        e,
                        "The line of limit {} is left to the next count",
                        line.getKey().name());
            }
        }
    }

    /** A pool whose queue fails keeps no other pool's jobs from being rescued, nor the hour from being counted. */
    private int rescueInPool(Stuck reason, String pool, List<Job> jobs, Deadline deadline) {
        int rescued = 0;
        try {
            if (engines.queue().hasPool(pool) && backlogs.cover(reason, pool, jobs.size())) {
                LOG.info("{} jobs of {} are {}, and at least as many messages wait there", jobs.size(), pool, reason);
                return 0;
            }
            for (int from = 0; from < jobs.size() && !deadline.isOver(); from += AT_ONCE) {
                rescued += rescue(reason, pool, jobs.subList(from, Math.min(from + AT_ONCE, jobs.size())));
            }
            LOG.warn("{} jobs of {} were {}; {} of them are rescued", jobs.size(), pool, reason, rescued);
        } catch (StoreUnavailableException e) {
            FailedPart.leave(
                    LOG, e, "{} jobs of {} were {}; {} of them are rescued", jobs.size(), pool, reason, rescued);
        }
        return rescued;
    }

    /** For jobs of a pool that is gone, whatever takes due jobs and dead letters finds another pool, or ends them. */
    private int rescue(Stuck reason, String pool, List<Job> jobs) {
        boolean hasPool = engines.queue().hasPool(pool);
        return switch (reason) {
            case LATE, ABANDONED -> hasPool ? send(pool, jobs) : sendToDeadLetters(pool, jobs);
            case HELD_TOO_LONG -> hasPool ? heldJobs.release(pool, jobs).size() : hold(jobs);
            case NOT_HELD -> hold(jobs);
            case COMPLETION_UNHANDLED -> sendToDeadLetters(pool, jobs);
        };
    }

    private int send(String pool, List<Job> jobs) {
        Set<Integer> unsent = engines.queue()
                .sendAll(
                        pool,
                        jobs.stream()
                                .map(job -> new JobQueue.Outgoing(JobMessage.of(job), Duration.ZERO, job.fairKey()))
                                .toList());
        return jobs.size() - unsent.size();
    }

    private int sendToDeadLetters(String pool, List<Job> jobs) {
        jobs.forEach(job ->
                engines.queue().sendToDeadLetters(pool, JobMessage.of(job).write()));
        return jobs.size();
    }

    private int hold(List<Job> jobs) {
        jobs.forEach(job -> engines.jobs().apply(job.id(), engines.lifecycle().hold(job, HoldReason.DUE, job.due())));
        return jobs.size();
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
