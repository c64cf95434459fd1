package dev.longshore.task;

import java.time.Duration;

/**
 * What a handler throws to say how its attempt ends, made by the methods of {@link JobContext}. It is no failure of the
 * program, and so carries no stack trace.
 */
public abstract sealed class JobSignal extends RuntimeException {

    private JobSignal(String message) {
        super(message, null, false, false);
    }

    /** This attempt failed; the next one starts after {@link #delay}, if attempts are left. */
    public static final class RetryIn extends JobSignal {
        private final Duration delay;

        RetryIn(Duration delay, String reason) {
            super(reason);
            this.delay = Durations.requireNotNegative(delay, "retryIn");
        }

        public Duration delay() {
            return delay;
        }
    }

    /** No further attempt makes sense: the job is DEAD. */
    public static final class Discard extends JobSignal {
        Discard(String reason) {
            super(reason);
        }
    }

    /** Not now: the job waits for {@link #delay}, and this attempt does not count. */
    public static final class Snooze extends JobSignal {
        private final Duration delay;

        Snooze(Duration delay) {
            super("snoozed for " + delay);
            this.delay = Durations.requireNotNegative(delay, "snooze");
        }

        public Duration delay() {
            return delay;
        }
    }

    /** The work continues from {@link #cursor} in a next invocation, and this attempt does not count. */
    public static final class Continue extends JobSignal {
        private final Json cursor;

        Continue(Json cursor) {
            super("continues in a next invocation");
            this.cursor = cursor;
        }

        public Json cursor() {
            return cursor;
        }
    }

    /** The handler honours a requested cancellation: the job is CANCELLED. */
    public static final class Cancelled extends JobSignal {
        Cancelled() {
            super("cancelled at the handler's own safe point");
        }
    }
}
