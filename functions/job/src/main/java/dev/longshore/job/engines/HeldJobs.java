package dev.longshore.job.engines;

import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.Page;
import dev.longshore.job.Parallel;
import dev.longshore.job.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases held jobs: first the message is sent, and only then does the job leave the index. A crash between the two sends
 * it twice, and never loses it. A pool whose queue fails does not delay the jobs of other pools.
 */
public final class HeldJobs {
    /** How many jobs of a shard are released at once. */
    public static final int PAGE = 100;

    /** In each of the sixteen shards. One at a time, the writes would take most of a tick's time. */
    private static final int RELEASED_AT_ONCE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(HeldJobs.class);

    private final JobStore jobs;
    private final JobQueue queue;
    private final InstantSource clock;
    private final Function<Job, Optional<String>> poolFor;

    /** Pools whose queue has failed: each further call may take as long as the first. */
    private final Set<String> failedPools = ConcurrentHashMap.newKeySet();

    /** Releases jobs into their own pools. */
    public HeldJobs(Engines engines) {
        this(engines, job -> Optional.of(job.pool()).filter(engines.queue()::hasPool));
    }

    /** @param poolFor the pool into which a job is released; empty when this deployment has none for it */
    public HeldJobs(Engines engines, Function<Job, Optional<String>> poolFor) {
        this.jobs = engines.jobs();
        this.queue = engines.queue();
        this.clock = engines.clock();
        this.poolFor = poolFor;
    }

    /**
     * The outcome of releasing one page.
     *
     * @param released how many were sent
     * @param left those whose queue did not take their messages, and those of newer code, which releases them itself
     * @param withoutPool those for which this deployment has no pool
     * @param failures what the queues answered that took no message at all
     * @param next from where to continue; null at the end
     */
    public record Released(
            int released,
            List<Job> left,
            List<Job> withoutPool,
            List<RuntimeException> failures,
            @Nullable IndexPlace next) {}

    /**
     * Releases one page of a shard, the earliest first. The index lags behind the rows, and may return a job that has left
     * it; its message is sent twice, which is harmless.
     *
     * @param until jobs that are held until a later time stay
     * @param after only jobs behind this place; null for all
     */
    public Released releasePage(HoldReason reason, String shard, Instant until, @Nullable IndexPlace after) {
        Page<Job, IndexPlace> held = jobs.held(reason, shard, until, after, PAGE);
        List<Job> left = new ArrayList<>();
        List<Job> withoutPool = new ArrayList<>();
        Map<String, List<Job>> byPool = new HashMap<>();
        for (Job job : held.items()) {
            if (job.isFromNewerCode()) {
                left.add(job);
                continue;
            }
            poolFor.apply(job)
                    .ifPresentOrElse(
                            pool -> byPool.computeIfAbsent(pool, any -> new ArrayList<>())
                                    .add(job),
                            () -> withoutPool.add(job));
        }
        List<RuntimeException> failures = new ArrayList<>();
        int released = 0;
        for (Map.Entry<String, List<Job>> pool : byPool.entrySet()) {
            try {
                List<Job> sent =
                        failedPools.contains(pool.getKey()) ? List.of() : release(pool.getKey(), pool.getValue());
                pool.getValue().stream().filter(job -> !sent.contains(job)).forEach(left::add);
                released += sent.size();
            } catch (RuntimeException e) {
                failedPools.add(pool.getKey());
                left.addAll(pool.getValue());
                failures.add(e);
            }
        }
        return new Released(released, left, withoutPool, failures, held.next());
    }

    /**
     * Releases jobs that were just put into the due index. Those that are due later than a message can wait stay there, and so
     * do those whose queue does not take messages; the dispatcher releases them.
     *
     * @return how many were sent
     */
    public int tryRelease(List<Job> held) {
        Instant now = clock.instant();
        Map<String, List<Job>> byPool = held.stream()
                .filter(job -> !JobQueue.isBeyondDelay(now, job.due()))
                .collect(Collectors.groupingBy(Job::pool));
        return byPool.entrySet().stream()
                .mapToInt(pool -> tryRelease(pool.getKey(), pool.getValue()))
                .sum();
    }

    private int tryRelease(String pool, List<Job> held) {
        try {
            return release(pool, held).size();
        } catch (StoreUnavailableException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("{} jobs of pool {} stay held; the dispatcher releases them", held.size(), pool);
            return 0;
        }
    }

    /**
     * Releases jobs into one pool.
     *
     * @return those whose messages its queue took
     * @throws StoreUnavailableException when a call of the queue or of the row store failed; some may have been released
     */
    public List<Job> release(String pool, List<Job> held) {
        Instant now = clock.instant();
        Set<Integer> unsent =
                queue.sendAll(pool, held.stream().map(job -> message(job, now)).toList());
        List<Job> sent = IntStream.range(0, held.size())
                .filter(i -> !unsent.contains(i))
                .mapToObj(held::get)
                .toList();
        Parallel.each(sent, RELEASED_AT_ONCE, job -> jobs.apply(job.id(), Lifecycle.release(job)));
        return sent;
    }

    private static JobQueue.Outgoing message(Job held, Instant now) {
        Duration wait = held.waitsFor(now);
        Duration shortest = held.holdReason().map(HoldReason::shortestDelay).orElse(Duration.ZERO);
        return new JobQueue.Outgoing(
                JobMessage.of(held), wait.compareTo(shortest) > 0 ? wait : shortest, held.fairKey());
    }
}
