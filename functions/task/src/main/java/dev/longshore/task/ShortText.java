package dev.longshore.task;

import java.util.Optional;

/**
 * The rule for short texts: names, tags, keys, {@code meta}. Lengths count Unicode code points, so that an emoji is one
 * character, and control characters (Unicode's category Cc: U+0000 to U+001F, U+007F to U+009F) are refused. Payloads may
 * have any.
 */
public final class ShortText {
    private ShortText() {}

    /** How many characters a text has, in Unicode code points. */
    public static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** What is wrong with a text, as the end of a sentence about it; empty for 1 to {@code longest} characters of print. */
    public static Optional<String> mistake(String text, int longest) {
        int length = length(text);
        return length < 1 || length > longest
                ? Optional.of("takes 1 to " + longest + " characters, and got " + length)
                : controlCharacter(text);
    }

    /** The first control character of a text, as the end of a sentence about it; empty when it has none. */
    public static Optional<String> controlCharacter(String text) {
        int[] points = text.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            if (Character.isISOControl(points[i])) {
                return Optional.of("has the control character \\u%04x at character %d".formatted(points[i], i));
            }
        }
        return Optional.empty();
    }
}
