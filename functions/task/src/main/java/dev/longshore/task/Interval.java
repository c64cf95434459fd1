package dev.longshore.task;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Instants at equal distances: the anchor, and each one that is a multiple of the interval later. No restart, deployment or
 * late tick moves them, and no clock that is put forward or back.
 *
 * @param every {@link #SHORTEST} to {@link #LONGEST}, in whole seconds
 * @param anchor the first instant, in whole seconds
 */
public record Interval(Duration every, Instant anchor) implements Times {
    /** How often the dispatcher comes. */
    public static final Duration SHORTEST = Duration.ofMinutes(1);

    public static final Duration LONGEST = Duration.ofDays(366);

    /** How ISO 8601 begins an interval that repeats without end, as in {@code R/2026-01-01T00:00:00Z/PT1H30M}. */
    static final String REPEATING = "R/";

    public Interval {
        Durations.requireWithin(every, SHORTEST, LONGEST, "every");
        if (!every.equals(every.truncatedTo(ChronoUnit.SECONDS))
                || !anchor.equals(anchor.truncatedTo(ChronoUnit.SECONDS))) {
            throw new IllegalArgumentException(
                    "An interval and its anchor take whole seconds, and got " + every + " and " + anchor);
        }
    }

    static Interval read(String text) {
        String[] parts = text.split("/", -1);
        return new Interval(Duration.parse(parts[2]), Instant.parse(parts[1]));
    }

    @Override
    public String text() {
        return REPEATING + anchor + "/" + every;
    }

    /** The zone does not matter. */
    @Override
    public Optional<Instant> next(Instant after, ZoneId zone) {
        long passed = Math.floorDiv(after.getEpochSecond() - anchor.getEpochSecond(), every.toSeconds());
        return Optional.of(anchor.plusSeconds(Math.max(0, passed + 1) * every.toSeconds()));
    }
}
