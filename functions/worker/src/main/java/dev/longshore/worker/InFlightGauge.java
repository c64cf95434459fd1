package dev.longshore.worker;

import dev.longshore.job.JobQueue;
import dev.longshore.job.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how many messages of a pool are hidden. SQS delivers nothing more at 120,000 in flight ("Amazon SQS standard
 * queue quotas"), and a backoff is a hidden message: an outage of one task would stop the others. Above half of that,
 * backoffs wait in the due index instead. Looked at only when failures are many, and at most once a minute.
 */
final class InFlightGauge {
    static final int HIGH = 60_000;
    static final int MANY_FAILURES = 10;

    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(InFlightGauge.class);

    private final JobQueue queue;
    private final InstantSource clock;
    private final Map<String, Minute> pools = new HashMap<>();

    private static final class Minute {
        final Instant start;
        int failures;
        boolean looked;
        boolean high;

        Minute(Instant start, boolean high) {
            this.start = start;
            this.high = high;
        }
    }

    InFlightGauge(JobQueue queue, InstantSource clock) {
        this.queue = queue;
        this.clock = clock;
    }

    /** Counts a backoff; returns whether the job should wait in the due index. */
    synchronized boolean isHigh(String pool) {
        Instant now = clock.instant();
        Minute minute = pools.get(pool);
        if (minute == null || !now.isBefore(minute.start.plus(PERIOD))) {
            minute = new Minute(now, minute != null && minute.high);
            pools.put(pool, minute);
        }
        minute.failures++;
        if (minute.failures >= MANY_FAILURES && !minute.looked) {
            minute.looked = true;
            minute.high = look(pool);
        }
        return minute.high;
    }

    private boolean look(String pool) {
        try {
            long inFlight = queue.depth(pool).inFlight();
            if (inFlight > HIGH) {
                LOG.warn(
                        "Pool {} has {} messages in flight, more than {}: backoffs wait in the due index",
                        pool,
                        inFlight,
                        HIGH);
            }
            return inFlight > HIGH;
        } catch (StoreUnavailableException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("The depth of pool {} could not be read; its backoffs stay in the queue", pool);
            return false;
        }
    }
}
