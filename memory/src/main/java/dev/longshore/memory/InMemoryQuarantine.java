package dev.longshore.memory;

import dev.longshore.job.Page;
import dev.longshore.job.deadletter.Quarantine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A {@link Quarantine} in memory. */
public final class InMemoryQuarantine implements Quarantine {
    private final ConcurrentSkipListMap<String, Quarantined> kept = new ConcurrentSkipListMap<>();

    @Override
    public void keep(Quarantined message) {
        kept.put(message.id(), message);
    }

    @Override
    public Page<Label, String> list(int limit, @Nullable String after) {
        List<Label> labels = (after == null ? kept : kept.tailMap(after, false))
                .values().stream()
                        .limit(limit + 1L)
                        .map(InMemoryQuarantine::label)
                        .toList();
        return labels.size() > limit
                ? new Page<>(labels.subList(0, limit), labels.get(limit - 1).id())
                : new Page<>(labels, null);
    }

    private static Label label(Quarantined message) {
        int size = message.body().getBytes(StandardCharsets.UTF_8).length;
        return new Label(message.id(), message.pool(), size, message.at(), message.expires());
    }

    @Override
    public Optional<Quarantined> find(String id) {
        return Optional.ofNullable(kept.get(id));
    }

    @Override
    public boolean remove(String id) {
        return kept.remove(id) != null;
    }
}
