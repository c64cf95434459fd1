package dev.longshore.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.stream.Stream;

/** The instants of a schedule: those of a cron expression, or of an interval. Its text is what a schedule's row has. */
public sealed interface Times permits Cron, Interval {

    /** Reads either: {@code 0 3 * * *}, or {@code R/2026-01-01T00:00:00Z/PT1H30M}. */
    @JsonCreator
    static Times parse(String text) {
        return text.startsWith(Interval.REPEATING) ? Interval.read(text) : Cron.parse(text);
    }

    @JsonValue
    String text();

    /** The first instant after {@code after}; empty when there is none before the end of all calendars. */
    Optional<Instant> next(Instant after, ZoneId zone);

    /** The instants after {@code after}, in order. */
    default Stream<Instant> after(Instant after, ZoneId zone) {
        return Stream.iterate(next(after, zone), Optional::isPresent, at -> next(at.orElseThrow(), zone))
                .map(Optional::orElseThrow);
    }
}
