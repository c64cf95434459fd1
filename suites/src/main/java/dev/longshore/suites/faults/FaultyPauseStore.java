package dev.longshore.suites.faults;

import dev.longshore.job.pause.Pausable;
import dev.longshore.job.pause.Pause;
import dev.longshore.job.pause.PauseStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A {@link PauseStore} whose calls fail when {@link Faults} say so: before they take effect, or after. */
public final class FaultyPauseStore implements PauseStore {
    private final PauseStore pauses;
    private final Faults faults;

    public FaultyPauseStore(PauseStore pauses, Faults faults) {
        this.pauses = pauses;
        this.faults = faults;
    }

    @Override
    public List<Pause> all() {
        return faults.around("pauses", pauses::all);
    }

    @Override
    public Pause pause(Pausable what, Instant now, String by) {
        return faults.around("pause", () -> pauses.pause(what, now, by));
    }

    @Override
    public Optional<Pause> resume(Pausable what, Instant now) {
        return faults.around("resume", () -> pauses.resume(what, now));
    }

    @Override
    public void remove(Pause resumed) {
        faults.around("remove", () -> pauses.remove(resumed));
    }
}
