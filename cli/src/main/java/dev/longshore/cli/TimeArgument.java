package dev.longshore.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times and durations of options. */
final class TimeArgument {
    private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(s|m|h|d)");

    private TimeArgument() {}

    /** {@code 90s}, {@code 10m}, {@code 2h}, {@code 7d}, or ISO 8601, {@code PT90M}. */
    static Duration duration(String option, String text) {
        Matcher matcher = SHORT.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
        }
        try {
            Duration iso = Duration.parse(text.toUpperCase(Locale.ROOT));
            if (!iso.isNegative()) {
                return iso;
            }
        } catch (DateTimeParseException e) {
            // the sentence below says what is taken
        }
        throw CommandFailure.usage(option + " takes a duration such as 90s, 10m, 2h, 7d or PT90M, not '" + text + "'");
    }

    /** ISO 8601 with an offset, or how long ago: {@code 2h}. Null stays null. */
    static @Nullable Instant past(String option, @Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        return SHORT.matcher(text).matches() ? now.minus(duration(option, text)) : instant(option, text);
    }

    /** ISO 8601 with an offset. */
    static Instant instant(String option, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw CommandFailure.usage(option + " takes a time with its offset, such as 2026-11-24T13:06:36Z"
                    + (option.equals("--run-at") || option.equals("--expires-at")
                            ? ""
                            : ", or how long ago, such as 2h")
                    + ", not '" + text + "'");
        }
    }
}
