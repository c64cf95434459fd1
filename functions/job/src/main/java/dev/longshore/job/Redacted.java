package dev.longshore.job;

import org.jspecify.annotations.Nullable;

/**
 * A throwable for the log without messages, which may quote a payload: its stack trace and causes, with the type as the
 * message.
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
