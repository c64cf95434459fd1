package dev.longshore.job;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * The last failure of a job, cut to what a row can carry.
 *
 * @param type the exception's class, or a name of ours in CamelCase such as {@code TimedOut}
 * @param message what happened; at most {@value #LONGEST_MESSAGE} characters
 * @param stack the top of the stack trace; at most {@value #LONGEST_STACK} characters
 */
public record JobError(
        String type, String message, @Nullable String stack) {
    static final int LONGEST_MESSAGE = 1_000;
    static final int LONGEST_STACK = 2_000;

    public JobError {
        message = cut(message, LONGEST_MESSAGE);
        stack = stack == null ? null : cut(stack, LONGEST_STACK);
    }

    /** A failure that has no exception of its own. */
    public JobError(String type, String message) {
        this(type, message, null);
    }

    public static JobError of(Throwable thrown) {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        String message = thrown.getMessage() == null ? "no message" : thrown.getMessage();
        return new JobError(thrown.getClass().getName(), message, stack.toString());
    }

    /** The line that a history keeps of it. */
    String line() {
        return cut(type + ": " + message, HistoryEntry.LONGEST_ERROR);
    }

    /** Cuts between two characters, never through a surrogate pair. */
    static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 2)) ? longest - 2 : longest - 1;
        return text.substring(0, end) + "…";
    }
}
