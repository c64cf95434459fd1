package dev.longshore.keeper;

import dev.longshore.job.Engines;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.SideBySide;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    /** Of each of the sixteen shards. */
    private static final int UNPARKED_AT_ONCE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(DueJobs.class);

    private final Engines engines;

    DueJobs(Engines engines) {
        this.engines = engines;
    }

    /** Goes through all shards side by side until they are caught up or {@code lastMoment} has come. */
    int dispatch(Instant lastMoment) {
        return SideBySide.sum(JobId.SHARDS, shard -> dispatch(shard, lastMoment));
    }

    /** Page after page: the index lags behind the rows, and read from its start it would show what was just sent. */
    private int dispatch(String shard, Instant lastMoment) {
        int sent = 0;
        try {
            Job last = null;
            while (engines.clock().instant().isBefore(lastMoment)) {
                Instant until = engines.clock().instant().plus(PERIOD);
                List<Job> due = engines.jobs().due(shard, until, last, PAGE);
                if (due.isEmpty()) {
                    return sent;
                }
                sent += send(due);
                last = due.getLast();
            }
            LOG.warn("Shard {} of the due index is not caught up; the next tick goes on", shard);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("Shard {} of the due index was left; the next tick goes on", shard);
        }
        return sent;
    }

    private int send(List<Job> due) {
        Map<String, List<Job>> byPool = due.stream().collect(Collectors.groupingBy(Job::pool));
        int sent = 0;
        for (Map.Entry<String, List<Job>> pool : byPool.entrySet()) {
            List<Job> jobs = pool.getValue();
            Instant now = engines.clock().instant();
            List<Job> taken = engines.queue().sendMessages(pool.getKey(), jobs, now);
            unpark(taken);
            sent += taken.size();
        }
        return sent;
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
}
