package dev.longshore.keeper;

import dev.longshore.job.Deadline;
import dev.longshore.job.LimitKey;
import dev.longshore.job.Page;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Limiter;
import dev.longshore.job.limit.LimitStore.SetNumber;
import dev.longshore.task.Limit;
import dev.longshore.task.NamedLimit;
import dev.longshore.task.TaskDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the lines of limits in which no job has started or ended for a while: the worker that was to hand a slot on has
 * crashed, a message was lost, or the limit was raised. Lines that move do without it, and cost a tick nothing.
 */
final class LimitLines {
    /** How long a line that jobs wait in was not written; its time is up to half a minute old. */
    static final Duration UNATTENDED = Duration.ofSeconds(45);

    private static final int PAGE = 25; // the deadline is checked between pages
    private static final Logger LOG = LoggerFactory.getLogger(LimitLines.class);

    private final Engines engines;
    private final Limiter limiter;
    private final Map<String, Limit> ofCode = new HashMap<>();

    LimitLines(Engines engines, List<TaskDescription> tasks) {
        this.engines = engines;
        this.limiter = new Limiter(engines);
        for (TaskDescription task : tasks) {
            for (NamedLimit limit : task.limits()) {
                ofCode.put(limit.name(), limit.limit());
            }
        }
    }

    /** Goes through the lines until all are attended to or the deadline is over; answers how many there were. */
    int attend(Deadline deadline) {
        Instant until = engines.clock().instant().minus(UNATTENDED);
        LongAdder attended = new LongAdder();
        Map<String, SetNumber> numbers = engines.limits().numbers();
        ShardWalk.<String>through("the limits", deadline, (shard, after) -> {
            Page<LimitKey, String> page = engines.limits().waiting(shard, until, after, PAGE);
            for (LimitKey key : page.items()) {
                attend(key, numbers);
                attended.increment();
            }
            return page.next();
        });
        return attended.intValue();
    }

    private void attend(LimitKey key, Map<String, SetNumber> numbers) {
        try {
            limiter.attend(key, jobs(key, numbers));
        } catch (StoreUnavailableException e) {
            FailedPart.leave(LOG, e, "The line of limit {} is left to the next tick", key.name());
        }
    }

    /** A line that the code has no more, since the limit is gone or no longer per key, holds no jobs: their messages are sent. */
    private int jobs(LimitKey key, Map<String, SetNumber> numbers) {
        Limit code = ofCode.get(key.name());
        if (code == null || (!key.key().isEmpty() && !code.byKey())) {
            return Limit.MOST;
        }
        SetNumber set = numbers.get(key.name());
        return set == null ? code.jobs() : set.jobs();
    }
}
