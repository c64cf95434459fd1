package dev.longshore.examples;

import dev.longshore.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The {@code Retry-After} header (RFC 9110, section 10.2.3): seconds, or a date. */
final class RetryAfter {
    private static final int MOST_DIGITS = 10;

    private RetryAfter() {}

    /** The wait it requests, zero to {@link RetryPolicy#LONGEST_BACKOFF}; empty when it cannot be read. */
    static Optional<Duration> parse(String header, Instant now) {
        String value = header.strip();
        if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            boolean huge = value.length() > MOST_DIGITS;
            return Optional.of(bounded(huge ? RetryPolicy.LONGEST_BACKOFF : Duration.ofSeconds(Long.parseLong(value))));
        }
        try {
            Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(bounded(Duration.between(now, then)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(RetryPolicy.LONGEST_BACKOFF) > 0 ? RetryPolicy.LONGEST_BACKOFF : wait;
    }
}
