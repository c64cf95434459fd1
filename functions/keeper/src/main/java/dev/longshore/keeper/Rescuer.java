package dev.longshore.keeper;

import dev.longshore.job.Deadline;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobQueue;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.HeldJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
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

    private static final Logger LOG = LoggerFactory.getLogger(Rescuer.class);

    private final Engines engines;
    private final Backlogs backlogs;
    private final HeldJobs heldJobs;
    private final Set<HoldReason> pauses;
    private final Map<Stuck, List<Job>> stuck = new EnumMap<>(Stuck.class);

    Rescuer(Engines engines, Backlogs backlogs) {
        this.engines = engines;
        this.backlogs = backlogs;
        this.heldJobs = new HeldJobs(engines);
        this.pauses = engines.pauses().all().stream()
                .map(pause -> HoldReason.paused(pause.what()))
                .collect(Collectors.toSet());
    }

    /** Takes the job up for a rescue if it is stuck. May be called in parallel. */
    void look(Job job) {
        Stuck.find(job, now(), pauses).ifPresent(reason -> add(reason, job));
    }

    private synchronized void add(Stuck reason, Job job) {
        List<Job> jobs = stuck.computeIfAbsent(reason, any -> new ArrayList<>());
        if (jobs.size() < MOST) {
            jobs.add(job);
        }
    }

    /** Rescues until the deadline is over, and leaves the others to the next count; answers how many jobs it rescued. */
    int rescue(Deadline deadline) {
        int rescued = 0;
        for (Stuck reason : stuck.keySet()) {
            Map<String, List<Job>> pools = stuck.get(reason).stream().collect(Collectors.groupingBy(Job::pool));
            for (Map.Entry<String, List<Job>> pool : pools.entrySet()) {
                rescued += tryRescue(reason, pool.getKey(), pool.getValue(), deadline);
            }
        }
        return rescued;
    }

    /** A pool whose queue fails keeps no other pool's jobs from being rescued, nor the hour from being counted. */
    private int tryRescue(Stuck reason, String pool, List<Job> jobs, Deadline deadline) {
        try {
            boolean hasPool = engines.queue().hasPool(pool);
            if (hasPool && backlogs.cover(reason, pool, jobs.size())) {
                LOG.info(
                        "{} jobs of pool {} are {}; as many messages wait there, so they are left",
                        jobs.size(),
                        pool,
                        reason);
                return 0;
            }
            int rescued = rescue(reason, jobs, hasPool ? pool : null, deadline);
            LOG.warn("Rescued {} of {} jobs of pool {} that are {}", rescued, jobs.size(), pool, reason);
            return rescued;
        } catch (StoreUnavailableException e) {
            FailedPart.leave(
                    LOG, e, "{} jobs of pool {} that are {} are left to the next count", jobs.size(), pool, reason);
            return 0;
        }
    }

    /** @param pool null when the deployment does not have it any more: who takes dead letters and due jobs finds another, or ends the job */
    private int rescue(Stuck reason, List<Job> jobs, @Nullable String pool, Deadline deadline) {
        return switch (reason) {
            case LATE, ABANDONED ->
                pool == null
                        ? oneByOne(jobs, deadline, this::sendToDeadLetters)
                        : inPages(jobs, deadline, page -> send(pool, page));
            case HELD_TOO_LONG ->
                pool == null
                        ? oneByOne(jobs, deadline, job -> hold(job, now()))
                        : inPages(
                                jobs,
                                deadline,
                                page -> heldJobs.release(pool, page).size());
            case NOT_HELD -> oneByOne(jobs, deadline, job -> hold(job, job.due()));
            case COMPLETION_UNHANDLED -> oneByOne(jobs, deadline, this::sendToDeadLetters);
        };
    }

    private static int inPages(List<Job> jobs, Deadline deadline, ToIntFunction<List<Job>> rescue) {
        int rescued = 0;
        for (int from = 0; from < jobs.size() && !deadline.isOver(); from += HeldJobs.PAGE) {
            rescued += rescue.applyAsInt(jobs.subList(from, Math.min(jobs.size(), from + HeldJobs.PAGE)));
        }
        return rescued;
    }

    private static int oneByOne(List<Job> jobs, Deadline deadline, Consumer<Job> rescue) {
        int rescued = 0;
        for (Job job : jobs) {
            if (deadline.isOver()) {
                break;
            }
            rescue.accept(job);
            rescued++;
        }
        return rescued;
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

    private void sendToDeadLetters(Job job) {
        engines.queue().sendToDeadLetters(job.pool(), JobMessage.of(job).write());
    }

    private void hold(Job job, Instant until) {
        engines.jobs().apply(job.id(), engines.lifecycle().hold(job, HoldReason.DUE, until));
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
