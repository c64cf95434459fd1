package dev.longshore.api;

import dev.longshore.task.Spelling;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parameters {@code from} and {@code to} of calls that tell about a time: the last so-and-so long when not given. */
record TimeRange(Instant from, Instant to) {
    private static final Set<String> PARAMETERS = Set.of("from", "to");

    /** @throws Problem 400 for an unknown or repeated parameter, one that is no time, and a range that is none or too long */
    static TimeRange of(Map<String, List<String>> query, Instant now, Duration usual, Duration longest) {
        query.forEach((name, values) -> {
            if (!PARAMETERS.contains(name)) {
                throw Problem.badParameter(name, "is unknown" + Spelling.end(name, PARAMETERS) + " Known: from, to");
            }
            if (values.size() != 1) {
                throw Problem.badParameter(name, "is there " + values.size() + " times; send it once");
            }
        });
        Instant to = time(query, "to", now);
        Instant from = time(query, "from", to.minus(usual));
        if (!from.isBefore(to)) {
            throw Problem.badParameter("from", "is not before 'to'");
        }
        if (Duration.between(from, to).compareTo(longest) > 0) {
            throw Problem.badParameter(
                    "from", "is more than " + longest.toDays() + " days before 'to'; ask for less at once");
        }
        return new TimeRange(from, to);
    }

    private static Instant time(Map<String, List<String>> query, String name, Instant otherwise) {
        List<String> values = query.get(name);
        return values == null ? otherwise : time(name, values.getFirst());
    }

    /** @throws Problem 400 when it is no time between 1970 and 9998 */
    static Instant time(String name, String text) {
        try {
            Instant time = OffsetDateTime.parse(text.replace(' ', '+')).toInstant(); // a + that was not escaped
            if (time.isBefore(Instant.EPOCH) || time.isAfter(Instant.parse("9999-01-01T00:00:00Z"))) {
                throw Problem.badParameter(name, "takes a time from 1970 to 9998");
            }
            return time;
        } catch (DateTimeException e) {
            throw Problem.badParameter(name, "takes a time in ISO 8601 with its offset, such as 2026-03-10T12:00:00Z");
        }
    }
}
