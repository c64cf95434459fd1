package dev.longshore.job.pause;

import dev.longshore.job.StoreUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps what is paused. There are a handful at any time.
 *
 * <p>Every method may throw {@link StoreUnavailableException} when the store did not answer after its own retries.
 */
public interface PauseStore {
    /** All pauses, those that have been resumed and still have jobs to send included; in no order. Sees every write before. */
    List<Pause> all();

    /**
     * Pauses it. What is paused already stays so since when, and by whom, it was; what goes back to work is paused anew.
     *
     * @return the pause that now holds
     */
    Pause pause(Pausable what, Instant now, String by);

    /**
     * Ends a pause; its jobs are still to be sent. One that was ended before keeps the time of that.
     *
     * @return the pause as it now stands; empty when it was not paused
     */
    Optional<Pause> resume(Pausable what, Instant now);

    /** Forgets a resumed pause whose jobs are all sent, unless it has changed meanwhile. */
    void forget(Pause resumed);
}
