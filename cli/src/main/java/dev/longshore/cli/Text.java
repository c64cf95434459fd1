package dev.longshore.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How values are printed for people. */
final class Text {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Text() {}

    /** Without control characters: what a job's error says must not move a terminal's cursor. Line ends become spaces. */
    static String clean(String text) {
        return text.replaceAll("[\\r\\n\\t]+", " ")
                .replaceAll("\\p{Cntrl}|[\\u0080-\\u009f\\u202a-\\u202e\\u2066-\\u2069]", "?");
    }

    static String of(@Nullable Object value) {
        return value == null ? "-" : clean(value.toString());
    }

    /** {@code 1 dead job}, {@code 0 dead jobs}. */
    static String count(long number, String singular) {
        return number + " " + singular + (number == 1 ? "" : "s");
    }

    /** Absolute and relative: {@code 2026-11-24 13:06:36Z (4 d ago)}. */
    static String time(@Nullable Instant time, Instant now) {
        return time == null ? "-" : TIME.format(time) + " (" + relative(time, now) + ")";
    }

    /** {@code 4 d ago}, {@code in 5 min}, {@code now}. */
    static String relative(@Nullable Instant time, Instant now) {
        if (time == null) {
            return "-";
        }
        Duration past = Duration.between(time, now);
        if (past.abs().compareTo(Duration.ofSeconds(1)) < 0) {
            return "now";
        }
        return past.isNegative() ? "in " + duration(past.negated()) : duration(past) + " ago";
    }

    /** In its two largest units at most: {@code 350 ms}, {@code 1.460 s}, {@code 5 min 3 s}, {@code 2 d 4 h}. */
    static String duration(Duration time) {
        if (time.toMillis() < 1_000) {
            return time.toMillis() + " ms";
        }
        if (time.toMinutes() < 1) {
            return time.toMillisPart() == 0
                    ? time.toSeconds() + " s"
                    : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1_000.0);
        }
        if (time.toHours() < 1) {
            return two(time.toMinutes(), "min", time.toSecondsPart(), "s");
        }
        return time.toDays() < 1
                ? two(time.toHours(), "h", time.toMinutesPart(), "min")
                : two(time.toDays(), "d", time.toHoursPart(), "h");
    }

    static String millis(@Nullable Long millis) {
        return millis == null ? "-" : duration(Duration.ofMillis(millis));
    }

    private static String two(long large, String unit, int small, String smaller) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + smaller);
    }
}
