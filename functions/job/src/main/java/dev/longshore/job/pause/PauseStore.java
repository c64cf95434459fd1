package dev.longshore.job.pause;

import dev.longshore.job.StoreUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the pauses; there are only a few at any time.
 *
 * <p>Every method may throw {@link StoreUnavailableException} when a call failed after its own retries.
 */
public interface PauseStore {
    /** All pauses, those that have been resumed and still have jobs to send included; in no order. Sees every write before. */
    List<Pause> all();

    /**
     * Pauses a pool or a task. A pause in force keeps its time and its key id; a resumed one is replaced by a new one.
     *
     * @return the pause in force
     */
    Pause pause(Pausable what, Instant now, String by);

    /**
     * Ends a pause; its jobs are still to be sent. One that was ended before keeps the time of that.
     *
     * @return the pause as it is now; empty when it was not paused
     */
    Optional<Pause> resume(Pausable what, Instant now);

    /** Removes a resumed pause whose jobs are all sent, unless it has changed in the meantime. */
    void remove(Pause resumed);
}
