package dev.longshore.reliability;

import dev.longshore.job.JobId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The effects of handlers on an outside store: once on a store that refuses lower fences than the last, and once on one that
 * takes every write.
 */
final class Effects {
    private final Map<JobId, Long> fenced = new HashMap<>();
    private final Map<JobId, Long> unfenced = new HashMap<>();
    private final Map<JobId, Integer> made = new HashMap<>();

    private Effects() {}

    static Effects of(History history) {
        Effects effects = new Effects();
        for (Event event : history.events()) {
            if (event instanceof Event.Effect effect) {
                effects.fenced.merge(effect.id(), effect.fence(), Math::max);
                effects.unfenced.put(effect.id(), effect.fence());
                effects.made.merge(effect.id(), 1, Integer::sum);
            }
        }
        return effects;
    }

    /** The fence of the effect that is kept where lower ones are refused; null for none. */
    @Nullable
    Long keptWithFence(JobId id) {
        return fenced.get(id);
    }

    /** The fence of the effect that is kept where the last one wins; null for none. */
    @Nullable
    Long keptWithoutFence(JobId id) {
        return unfenced.get(id);
    }

    /** How often a handler of the job made its effect. */
    int made(JobId id) {
        return made.getOrDefault(id, 0);
    }
}
