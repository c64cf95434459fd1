package dev.longshore.job;

import org.jspecify.annotations.Nullable;

/**
 * A throwable as a log may have it: its type, its place in the code and what caused it, but none of its messages. The code
 * that threw it may be a user's, and its message may quote a payload. The type of what was thrown is the message of this.
 */
public final class Redacted extends Throwable {
    private static final long serialVersionUID = 1;
    private static final int MOST_CAUSES = 8;

    private Redacted(Throwable thrown, int causesLeft) {
        super(thrown.getClass().getName(), causeOf(thrown, causesLeft), false, true);
        setStackTrace(thrown.getStackTrace());
    }

    private static @Nullable Redacted causeOf(Throwable thrown, int causesLeft) {
        return thrown.getCause() == null || causesLeft == 0 ? null : new Redacted(thrown.getCause(), causesLeft - 1);
    }

    /** The throwable to hand to a logger in the place of this one. */
    public static Throwable of(Throwable thrown) {
        return new Redacted(thrown, MOST_CAUSES);
    }
}
