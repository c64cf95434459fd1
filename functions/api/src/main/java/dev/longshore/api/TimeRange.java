package dev.longshore.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The parameters {@code from} and {@code to} of calls about a time range: by default one that ends now. */
record TimeRange(Instant from, Instant to) {
    /** @throws Problem 400 for a repeated parameter, one that is no time, and a range that is none or too long */
    static TimeRange of(Map<String, List<String>> query, Instant now, Duration usual, Duration longest) {
        QueryParameters asked = new QueryParameters(query);
        Instant to = Objects.requireNonNullElse(asked.time("to"), now);
        Instant from = Objects.requireNonNullElseGet(asked.time("from"), () -> to.minus(usual));
        if (!from.isBefore(to)) {
            throw Problem.badParameter("from", "is not before 'to'");
        }
        if (Duration.between(from, to).compareTo(longest) > 0) {
            throw Problem.badParameter(
                    "from", "is more than " + longest.toDays() + " days before 'to'; request less at once");
        }
        return new TimeRange(from, to);
    }

    /** @throws Problem 400 when it is none */
    static TimeRange between(Instant from, Instant to) {
        if (from.isAfter(to)) {
            throw Problem.badParameter("from", "is after 'to'");
        }
        return new TimeRange(from, to);
    }
}
