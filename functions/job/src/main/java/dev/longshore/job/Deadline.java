package dev.longshore.job;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The last moment of an invocation: work that is not begun by then is left to the next one.
 *
 * @param clock by which it comes
 */
public record Deadline(InstantSource clock, Instant at) {
    /** A deadline so long from now. */
    public static Deadline in(Duration time, InstantSource clock) {
        return new Deadline(clock, clock.instant().plus(time));
    }

    public boolean isOver() {
        return !clock.instant().isBefore(at);
    }
}
