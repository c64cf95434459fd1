package dev.longshore.keeper;

import dev.longshore.job.BodyStore;
import dev.longshore.job.Deadline;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.Page;
import dev.longshore.job.Parallel;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.ledger.HourTally;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.ledger.LedgerStore.Unfinished;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of an hour once, and does all three that need them: counts them, looks for stuck jobs, and renews payloads and unique keys.
 * The shards of the hour's day are read in parallel until the deadline is over; the next tick continues.
 */
final class HourWalk {
    /** Shards that are read at a time: a page of each is in memory. */
    private static final int AT_ONCE = 16;

    /** From which age on the payload and the unique key of a job that has not ended are renewed at each count: half of what it stays. */
    private static final Duration RENEWED_FROM = BodyStore.LONGEST_STAY.dividedBy(2);

    private final Engines engines;
    private final int page;
    private final Rescuer rescuer;
    private final Deadline deadline;

    /** @param page how many rows to read at once */
    HourWalk(Engines engines, int page, Rescuer rescuer, Deadline deadline) {
        this.engines = engines;
        this.page = page;
        this.rescuer = rescuer;
        this.deadline = deadline;
    }

    /**
     * Continues a count.
     *
     * @param before the entry with which the count is compared
     */
    Unfinished walk(Unfinished count, @Nullable LedgerHour before) {
        List<ShardCount> shards =
                Parallel.each(engines.jobs().dayShards().all(), AT_ONCE, shard -> walk(shard, count, before));
        Map<String, String> reached = new HashMap<>(count.reached());
        HourTally tally = count.tally();
        for (ShardCount shard : shards) {
            if (shard.reached() != null) {
                reached.put(shard.shard(), shard.reached());
            }
            tally = tally.plus(shard.tally());
        }
        return new Unfinished(count.hour(), count.at(), count.compared(), reached, tally);
    }

    /** @param reached as in {@link Unfinished#reached}; null when there was no time for a single page */
    private record ShardCount(String shard, @Nullable String reached, HourTally tally) {}

    private ShardCount walk(String shard, Unfinished count, @Nullable LedgerHour before) {
        String reached = count.reached().get(shard);
        HourTally tally = HourTally.NOTHING;
        while (!"".equals(reached) && !deadline.isOver()) {
            JobId after = reached == null ? null : new JobId(reached);
            Page<Job, JobId> rows = engines.jobs().hour(count.hour(), shard, after, page);
            for (Job job : rows.items()) {
                tally = tally.plus(HourTally.of(job, count.at(), before));
                rescuer.look(job);
                renew(job);
            }
            reached = rows.next() == null ? "" : rows.next().text();
        }
        return new ShardCount(shard, reached, tally);
    }

    /** Without it the payload and the key of a job that waits for more than a year, in a pause for example, would end before the job. */
    private void renew(Job job) {
        Instant now = engines.clock().instant();
        boolean waitsForLong = job.keptUntil() == null && job.createdAt().isBefore(now.minus(RENEWED_FROM));
        if (waitsForLong && !deadline.isOver()) {
            engines.jobs().renew(job, now);
        }
    }
}
