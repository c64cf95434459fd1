package dev.longshore.job;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    public SetAsideJobs(JobStore jobs, JobQueue queue) {
        this.jobs = jobs;
        this.queue = queue;
    }

    /**
     * What one go through a shard has done.
     *
     * @param found how many jobs the index showed; none when all are sent. It lags behind the rows, and may show again what
     *     has left it
     * @param sent how many of them were sent now
     */
    public record Sent(int found, int sent) {}

    /** Sends one page of a shard, the first to be set aside first, but for the jobs in {@code before}; adds to these what it takes on. */
    public Sent sendPage(Pausable what, String shard, Instant now, Set<JobId> before) {
        List<Job> found = jobs.setAside(what, shard, PAGE);
        Map<String, List<Job>> byPool = new HashMap<>();
        for (Job job : found) {
            if (before.add(job.id())) {
                byPool.computeIfAbsent(job.pool(), pool -> new ArrayList<>()).add(job);
            }
        }
        int sent = 0;
        for (Map.Entry<String, List<Job>> pool : byPool.entrySet()) {
            sent += send(what, pool.getKey(), pool.getValue(), now);
        }
        return new Sent(found.size(), sent);
    }

    private int send(Pausable what, String pool, List<Job> waiting, Instant now) {
        Set<Integer> unsent = queue.sendAll(
                pool, waiting.stream().map(job -> outgoing(job, now)).toList());
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

    private static JobQueue.Outgoing outgoing(Job job, Instant now) {
        Duration wait = job.waitsFor(now);
        return new JobQueue.Outgoing(
                JobMessage.of(job), wait.compareTo(UNTIL_WORKERS_KNOW) > 0 ? wait : UNTIL_WORKERS_KNOW, job.fairKey());
    }
}
