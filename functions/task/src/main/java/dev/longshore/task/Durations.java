package dev.longshore.task;

import java.time.Duration;

/** Checks of the durations that users hand in; each error names the setting and both numbers. */
final class Durations {
    private Durations() {}

    static Duration requireNotNegative(Duration value, String setting) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(setting + " takes a duration of zero or more, and got " + value);
        }
        return value;
    }

    static Duration requireWithin(Duration value, Duration least, Duration most, String setting) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    setting + " takes a duration from " + least + " to " + most + ", and got " + value);
        }
        return value;
    }
}
