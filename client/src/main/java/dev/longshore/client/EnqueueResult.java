package dev.longshore.client;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of one job of {@link Longshore#enqueueAll}: it, or why it is not enqueued. */
public record EnqueueResult(@Nullable Job job, @Nullable LongshoreException failure) {
    /** Whether the job is enqueued. */
    public boolean succeeded() {
        return job != null;
    }

    /**
     * The job.
     *
     * @throws LongshoreException when it is not enqueued
     */
    public Job orThrow() {
        if (job != null) {
            return job;
        }
        throw Objects.requireNonNull(failure);
    }

    static EnqueueResult of(Job job) {
        return new EnqueueResult(job, null);
    }

    static EnqueueResult failed(LongshoreException failure) {
        return new EnqueueResult(null, failure);
    }
}
