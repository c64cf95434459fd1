package dev.longshore.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs there were in a time, and how long they waited and ran.
 *
 * @param complete false when not all jobs of the time were read
 * @param readBackTo how far back they were read then
 * @param states counts by state
 * @param waitMillis from the requested time, or the creation, to the first start
 * @param runMillis of the last attempt
 */
public record Stats(
        Instant from,
        Instant to,
        boolean complete,
        @Nullable Instant readBackTo,
        long jobs,
        Map<String, Long> states,
        double endedPerMinute,
        Percentiles waitMillis,
        Percentiles runMillis,
        List<OfTask> tasks) {
    /** Lists that the answer left out are empty. */
    public Stats {
        tasks = Answers.list(tasks);
    }

    /** Milliseconds. Null where nothing was counted. */
    public record Percentiles(
            long count,
            @Nullable Long p50,
            @Nullable Long p90,
            @Nullable Long p99,
            @Nullable Long max) {}

    /** The same of one task. */
    public record OfTask(
            String task,
            long jobs,
            Map<String, Long> states,
            double endedPerMinute,
            Percentiles waitMillis,
            Percentiles runMillis) {}
}
