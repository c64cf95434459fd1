package dev.longshore.keeper;

import dev.longshore.job.Deadline;
import dev.longshore.job.JobId;
import dev.longshore.job.Parallel;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through all shards side by side, page by page, until each is at its end or the deadline is over. A shard that fails
 * is left to the next tick, and does not stop the others.
 *
 * @param complete whether every shard was gone through to its end
 * @param leftAt the places at which shards were left for lack of time
 */
record ShardWalk<P>(boolean complete, List<P> leftAt) {
    private static final Logger LOG = LoggerFactory.getLogger(ShardWalk.class);

    /** The work on one page of a shard. */
    interface Pages<P> {
        /**
         * Does a page, which begins after a place.
         *
         * @param after null for the first page
         * @return from where to continue; null at the end
         */
        @Nullable
        P page(String shard, @Nullable P after);
    }

    private record Left<P>(boolean complete, @Nullable P at) {}

    /** @param of what the shards are of, for the log */
    static <P> ShardWalk<P> through(String of, Deadline deadline, Pages<P> pages) {
        List<Left<P>> shards = Parallel.each(JobId.SHARDS, shard -> walk(shard, of, deadline, pages));
        return new ShardWalk<>(
                shards.stream().allMatch(Left::complete),
                shards.stream().flatMap(shard -> Stream.ofNullable(shard.at())).toList());
    }

    private static <P> Left<P> walk(String shard, String of, Deadline deadline, Pages<P> pages) {
        P after = null;
        try {
            do {
                if (deadline.isOver()) {
                    LOG.warn("Shard {} of {} is not caught up; the next tick continues", shard, of);
                    return new Left<>(false, after);
                }
                after = pages.page(shard, after);
            } while (after != null);
            return new Left<>(true, null);
        } catch (RuntimeException e) {
            FailedPart.leave(LOG, e, "Shard {} of {} was left; the next tick continues", shard, of);
            return new Left<>(false, null);
        }
    }
}
