package dev.longshore.suites.faults;

import dev.longshore.job.LimitKey;
import dev.longshore.job.Page;
import dev.longshore.job.limit.LimitState;
import dev.longshore.job.limit.LimitStore;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link LimitStore} whose calls fail when {@link Faults} say so: before they take effect, or after. */
public final class FaultyLimitStore implements LimitStore {
    private final LimitStore limits;
    private final Faults faults;

    public FaultyLimitStore(LimitStore limits, Faults faults) {
        this.limits = limits;
        this.faults = faults;
    }

    @Override
    public LimitState find(LimitKey key) {
        return faults.around("slots", () -> limits.find(key));
    }

    @Override
    public boolean replace(LimitKey key, LimitState before, LimitState after, Instant now) {
        return faults.around("replaceSlots", () -> limits.replace(key, before, after, now));
    }

    @Override
    public Page<LimitKey, String> waiting(String shard, Instant attendedUntil, @Nullable String after, int limit) {
        return faults.around("waitingLimits", () -> limits.waiting(shard, attendedUntil, after, limit));
    }

    @Override
    public Map<String, SetNumber> numbers() {
        return faults.around("numbers", limits::numbers);
    }

    @Override
    public void set(String name, SetNumber number) {
        faults.around("setNumber", () -> limits.set(name, number));
    }

    @Override
    public void reset(String name) {
        faults.around("resetNumber", () -> limits.reset(name));
    }
}
