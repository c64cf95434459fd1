package dev.longshore.job;

import dev.longshore.task.JobContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How far a handler's work has come.
 *
 * @param percent 0 to 100
 * @param text what is being done, in short: at most {@value JobContext#LONGEST_PROGRESS_TEXT} code points
 */
public record Progress(int percent, @Nullable String text) {
    public Progress {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("progress takes 0 to 100 percent, and got " + percent);
        }
        if (text != null) {
            int length = text.codePointCount(0, text.length());
            if (length > JobContext.LONGEST_PROGRESS_TEXT) {
                throw new IllegalArgumentException("progress takes a text of at most "
                        + JobContext.LONGEST_PROGRESS_TEXT + " characters (code points), and got " + length
                        + "; shorten it");
            }
            text = withoutHalves(text);
        }
    }

    /** A half of a surrogate pair is no text that a row can keep; it becomes a question mark. */
    private static String withoutHalves(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
