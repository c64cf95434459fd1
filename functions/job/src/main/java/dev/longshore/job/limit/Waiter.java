package dev.longshore.job.limit;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import java.time.Instant;
import java.util.Comparator;

/**
 * A job that waits for a slot. The order is by the time from which on it could run; of jobs of one millisecond, by their ids.
 *
 * @param since when the client wanted it to start, or the time of its creation; of a job that an operator runs now, that time
 */
public record Waiter(JobId job, Instant since) implements Comparable<Waiter> {
    private static final Comparator<Waiter> ORDER =
            Comparator.comparing(Waiter::since).thenComparing(Waiter::job);

    /** The job, with its place: the same at each try, so that a retried job is not behind those that were enqueued later. */
    public static Waiter of(Job job) {
        Instant start = job.runAt() == null ? job.createdAt() : job.runAt();
        return new Waiter(job.id(), start.isAfter(job.due()) ? job.due() : start);
    }

    @Override
    public int compareTo(Waiter other) {
        return ORDER.compare(this, other);
    }
}
