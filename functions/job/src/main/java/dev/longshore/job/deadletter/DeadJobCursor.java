package dev.longshore.job.deadletter;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.Page;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Iterates over the dead jobs of all shards by the time of their death, earliest first. Each shard is read a page ahead; its
 * place in each shard is all that is needed to continue later.
 */
public final class DeadJobCursor {
    private static final Comparator<Job> BY_DEATH =
            Comparator.comparing(DeadJobCursor::diedAt).thenComparing(Job::id);

    private final JobStore jobs;
    private final Instant from;
    private final Instant to;
    private final int pageSize;
    private final Map<String, IndexPlace> places;
    private final List<Shard> shards;

    /** What was read of a shard and is not passed yet. */
    private static final class Shard {
        final String name;
        final Deque<Job> ahead = new ArrayDeque<>();
        boolean started;

        @Nullable
        IndexPlace next;

        Shard(String name, @Nullable IndexPlace next) {
            this.name = name;
            this.next = next;
        }
    }

    /**
     * @param from the earliest death
     * @param to the latest death
     * @param places where an earlier walk with the same times was, by shard; empty for a walk from the start
     */
    public DeadJobCursor(JobStore jobs, Instant from, Instant to, Map<String, IndexPlace> places, int pageSize) {
        this.jobs = jobs;
        this.from = from;
        this.to = to;
        this.pageSize = pageSize;
        this.places = new HashMap<>(places);
        this.shards = JobId.SHARDS.stream()
                .map(name -> new Shard(name, places.get(name)))
                .toList();
    }

    /** The next dead job, as the index has it; empty at the end. */
    public Optional<Job> next() {
        Shard earliest = null;
        for (Shard shard : shards) {
            readAhead(shard);
            if (!shard.ahead.isEmpty()
                    && (earliest == null || BY_DEATH.compare(shard.ahead.getFirst(), earliest.ahead.getFirst()) < 0)) {
                earliest = shard;
            }
        }
        if (earliest == null) {
            return Optional.empty();
        }
        Job job = earliest.ahead.removeFirst();
        places.put(earliest.name, new IndexPlace(diedAt(job), job.id()));
        return Optional.of(job);
    }

    /** Behind what {@link #next} has answered so far, by shard. */
    public Map<String, IndexPlace> places() {
        return Map.copyOf(places);
    }

    private void readAhead(Shard shard) {
        while (shard.ahead.isEmpty() && (!shard.started || shard.next != null)) {
            Page<Job, IndexPlace> page = jobs.dead(shard.name, from, to, shard.next, pageSize);
            shard.started = true;
            shard.next = page.next();
            shard.ahead.addAll(page.items());
        }
    }

    /** When a job out of the index died. */
    public static Instant diedAt(Job job) {
        return Objects.requireNonNull(job.indexedAt(), "a job out of the index has its time there");
    }
}
