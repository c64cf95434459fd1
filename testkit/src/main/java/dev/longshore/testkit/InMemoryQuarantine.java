package dev.longshore.testkit;

import dev.longshore.job.Quarantine;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** A {@link Quarantine} in memory. */
public final class InMemoryQuarantine implements Quarantine {
    private final Map<String, Quarantined> kept = new ConcurrentSkipListMap<>();

    @Override
    public void keep(Quarantined message) {
        kept.put(message.id(), message);
    }

    @Override
    public List<Quarantined> all(int limit) {
        return kept.values().stream().limit(limit).toList();
    }
}
