package dev.longshore.examples;

import dev.longshore.task.ShortText;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mail with {@code {{placeholders}}}: letters, digits, {@code _ . -} between double braces, spaces around them
 * allowed. A value is put in as it is; braces inside of it are not looked at again.
 *
 * @param subject one line, at most 500 characters
 * @param text plain text, at most 100,000 characters
 */
public record MailTemplate(String subject, String text) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*([A-Za-z0-9_.-]{1,64})\\s*}}");
    private static final int LONGEST_SUBJECT = 500;
    private static final int LONGEST_TEXT = 100_000;

    public MailTemplate {
        requireLength("template.subject", subject, LONGEST_SUBJECT);
        requireLength("template.text", text, LONGEST_TEXT);
        requireOneLine("template.subject", subject);
    }

    /** The names between the braces, of both parts. */
    Set<String> placeholders() {
        Set<String> names = new LinkedHashSet<>();
        PLACEHOLDER.matcher(subject).results().forEach(found -> names.add(found.group(1)));
        PLACEHOLDER.matcher(text).results().forEach(found -> names.add(found.group(1)));
        return names;
    }

    String subjectFor(Map<String, String> values) {
        return fill(subject, values);
    }

    String textFor(Map<String, String> values) {
        return fill(text, values);
    }

    private static String fill(String template, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
    }

    /** A line break in a header would start another header of the sender's choice. */
    static void requireOneLine(String field, String value) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(field + " takes one line without control characters");
        }
    }

    private static void requireLength(String field, String value, int most) {
        if (value.isBlank() || ShortText.length(value) > most) {
            throw new IllegalArgumentException(
                    field + " takes 1 to " + most + " characters, not only blanks, and got " + ShortText.length(value));
        }
    }
}
