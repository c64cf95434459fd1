package dev.longshore.job.pause;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pool or a task that is paused, or was resumed.
 *
 * @param since from when on
 * @param by the id of the API key that paused it
 * @param resumedAt when it was resumed; null while it is paused. The pause is kept for a while after that: its jobs are sent
 *     again meanwhile
 */
public record Pause(
        Pausable what, Instant since, String by, @Nullable Instant resumedAt) {

    /** Whether jobs are still to be held. */
    public boolean holds() {
        return resumedAt == null;
    }
}
