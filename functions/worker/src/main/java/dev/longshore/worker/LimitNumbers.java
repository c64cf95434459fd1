package dev.longshore.worker;

import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.limit.LimitStore;
import dev.longshore.job.limit.LimitStore.SetNumber;
import dev.longshore.task.NamedLimit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many jobs each limit lets run at once: the number of the code, or the one that an operator has set. The latter are read at
 * most once in 5 s, and only for tasks with limits. When reading fails, the numbers read last count.
 */
final class LimitNumbers {
    static final Duration PERIOD = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(LimitNumbers.class);

    private final LimitStore limits;
    private final InstantSource clock;
    private Instant lookedAt = Instant.MIN;
    private @Nullable Map<String, SetNumber> cached;

    LimitNumbers(LimitStore limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /** @throws StoreUnavailableException when the numbers could not be read, and none are cached */
    synchronized int of(NamedLimit limit) {
        SetNumber set = upToDate().get(limit.name());
        return set == null ? limit.limit().jobs() : set.jobs();
    }

    private Map<String, SetNumber> upToDate() {
        Map<String, SetNumber> before = cached;
        Instant now = clock.instant();
        if (before != null && now.isBefore(lookedAt.plus(PERIOD))) {
            return before;
        }
        lookedAt = now;
        try {
            Map<String, SetNumber> fresh = limits.numbers();
            cached = fresh;
            return fresh;
        } catch (StoreUnavailableException e) {
            if (before == null) {
                throw e;
            }
            LOG.atWarn().setCause(e).log("The numbers of limits could not be read; those read before count");
            return before;
        }
    }
}
