package dev.longshore.memory;

import dev.longshore.job.pause.Pausable;
import dev.longshore.job.pause.Pause;
import dev.longshore.job.pause.PauseStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@link PauseStore} in memory, held to the same contract as the one on DynamoDB. */
public final class InMemoryPauseStore implements PauseStore {
    private final Map<Pausable, Pause> pauses = new HashMap<>();

    @Override
    public synchronized List<Pause> all() {
        return List.copyOf(pauses.values());
    }

    @Override
    public synchronized Pause pause(Pausable what, Instant now, String by) {
        Pause before = pauses.get(what);
        if (before != null && before.holds()) {
            return before;
        }
        Pause paused = new Pause(what, now, by, null);
        pauses.put(what, paused);
        return paused;
    }

    @Override
    public synchronized Optional<Pause> resume(Pausable what, Instant now) {
        return Optional.ofNullable(pauses.computeIfPresent(
                what, (same, pause) -> pause.holds() ? new Pause(what, pause.since(), pause.by(), now) : pause));
    }

    @Override
    public synchronized void remove(Pause resumed) {
        if (resumed.holds()) {
            throw new IllegalArgumentException(resumed.what() + " is paused; it must be resumed first");
        }
        pauses.remove(resumed.what(), resumed);
    }
}
