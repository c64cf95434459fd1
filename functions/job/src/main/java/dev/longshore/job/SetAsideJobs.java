package dev.longshore.job;

import dev.longshore.job.JobStore.IndexPage;
import dev.longshore.job.JobStore.IndexPlace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the jobs that a pause has set aside back to work: first the message, and only then does the job leave the index. A
 * crash between the two sends it twice, and never not at all.
 */
public final class SetAsideJobs {
    /** How many jobs of a shard are sent in one go. */
    public static final int PAGE = 100;

    /**
     * How long the messages are delayed. A worker that has set jobs aside within the last second may not know yet that the
     * pause is over, and would set them aside again.
     */
    public static final Duration UNTIL_WORKERS_KNOW = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(SetAsideJobs.class);

    private final JobStore jobs;
    private final JobQueue queue;

    public SetAsideJobs(Engines engines) {
        this.jobs = engines.jobs();
        this.queue = engines.queue();
    }

    /**
     * What one page of a shard came to.
     *
     * @param sent how many of its jobs were sent or handed to the due index
     * @param left how many of them wait for another go: their queue did not take their messages
     * @param next from where to go on; null at the end
     */
    public record Sent(int sent, int left, @Nullable IndexPlace next) {}

    /**
     * Sends one page of a shard, the first to be set aside first. The index lags behind the rows, and may show again what has
     * left it; that is sent twice, which is harmless.
     */
    public Sent sendPage(Pausable what, String shard, Instant now, @Nullable IndexPlace after) {
        IndexPage page = jobs.setAside(what, shard, after, PAGE);
        Map<String, List<Job>> byPool = page.jobs().stream().collect(Collectors.groupingBy(Job::pool));
        int sent = 0;
        for (Map.Entry<String, List<Job>> pool : byPool.entrySet()) {
            sent += queue.hasPool(pool.getKey())
                    ? send(what, pool.getKey(), pool.getValue(), now)
                    : holdAsDue(pool.getValue(), now);
        }
        return new Sent(sent, page.jobs().size() - sent, page.next());
    }

    private int send(Pausable what, String pool, List<Job> waiting, Instant now) {
        Set<Integer> unsent;
        try {
            unsent = queue.sendAll(
                    pool, waiting.stream().map(job -> outgoing(job, now)).toList());
        } catch (StoreUnavailableException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("Queue of pool {} does not take messages; {} jobs stay set aside", pool, waiting.size());
            return 0;
        }
        int sent = 0;
        for (int i = 0; i < waiting.size(); i++) {
            if (unsent.contains(i)) {
                LOG.warn(
                        "Queue of pool {} did not take job {}; it stays set aside for now",
                        pool,
                        waiting.get(i).id());
                continue;
            }
            jobs.apply(waiting.get(i).id(), Lifecycle.takeUp(waiting.get(i), what));
            sent++;
        }
        return sent;
    }

    /** The deployment does not have their pool any more; what the due index holds is sent elsewhere or ended. */
    private int holdAsDue(List<Job> waiting, Instant now) {
        waiting.forEach(job ->
                jobs.apply(job.id(), Lifecycle.park(job, job.due().isAfter(now) ? job.due() : now)));
        return waiting.size();
    }

    private static JobQueue.Outgoing outgoing(Job job, Instant now) {
        Duration wait = job.waitsFor(now);
        return new JobQueue.Outgoing(
                JobMessage.of(job), wait.compareTo(UNTIL_WORKERS_KNOW) > 0 ? wait : UNTIL_WORKERS_KNOW, job.fairKey());
    }
}
