package dev.longshore.keeper;

import dev.longshore.job.Engines;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobQueue;
import dev.longshore.job.Lifecycle;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the messages of parked jobs that fall due before the next tick, each with the delay that is left. A job leaves
 * the index after its message was sent: a crash between the two sends it twice, and never not at all.
 */
final class DueJobs {
    /** From one tick to the next. */
    static final Duration PERIOD = Duration.ofMinutes(1);

    private static final int PAGE = 100;
    private static final Logger LOG = LoggerFactory.getLogger(DueJobs.class);

    private final Engines engines;

    DueJobs(Engines engines) {
        this.engines = engines;
    }

    /** Goes through all shards side by side until they are caught up or {@code lastMoment} has come. */
    int dispatch(Instant lastMoment) {
        AtomicInteger sent = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String shard : JobId.SHARDS) {
                threads.execute(() -> dispatch(shard, lastMoment, sent));
            }
        }
        return sent.get();
    }

    private void dispatch(String shard, Instant lastMoment, AtomicInteger sent) {
        Set<JobId> done = new HashSet<>(); // the index lags behind the rows, and shows what has left it
        try {
            while (engines.clock().instant().isBefore(lastMoment)) {
                Instant until = engines.clock().instant().plus(PERIOD);
                List<Job> due = engines.jobs().due(shard, until, PAGE).stream()
                        .filter(job -> done.add(job.id()))
                        .toList();
                if (due.isEmpty()) {
                    return;
                }
                sent.addAndGet(send(due));
            }
            LOG.warn("Shard {} of the due index is not caught up; the next tick goes on", shard);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("Shard {} of the due index was left; the next tick goes on", shard);
        }
    }

    private int send(List<Job> due) {
        Map<String, List<Job>> byPool = due.stream().collect(Collectors.groupingBy(Job::pool));
        int sent = 0;
        for (Map.Entry<String, List<Job>> pool : byPool.entrySet()) {
            List<Job> jobs = pool.getValue();
            Instant now = engines.clock().instant();
            Set<Integer> unsent = engines.queue()
                    .sendAll(
                            pool.getKey(),
                            jobs.stream()
                                    .map(job ->
                                            new JobQueue.Outgoing(JobMessage.of(job), job.waitsFor(now), job.fairKey()))
                                    .toList());
            for (int i = 0; i < jobs.size(); i++) {
                if (!unsent.contains(i)) {
                    Job job = jobs.get(i);
                    Instant at =
                            Objects.requireNonNull(job.indexedAt(), "a job out of the due index has its time there");
                    engines.jobs().apply(job.id(), Lifecycle.unpark(job, at));
                    sent++;
                }
            }
        }
        return sent;
    }
}
