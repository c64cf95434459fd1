package dev.longshore.testkit;

import dev.longshore.task.Json;
import java.time.Duration;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about one run of a handler.
 *
 * @param <O> the result of the handler
 */
public final class HandlerEndAssert<O extends @Nullable Object>
        extends AbstractAssert<HandlerEndAssert<O>, HandlerEnd<O>> {
    HandlerEndAssert(HandlerEnd<O> end) {
        super(end, HandlerEndAssert.class);
    }

    /** It returned this result. */
    public HandlerEndAssert<O> returned(O result) {
        return require(
                actual instanceof HandlerEnd.Returned<O>(O returned) && Objects.equals(returned, result),
                "to return " + result);
    }

    /** It threw an error of this type. */
    public HandlerEndAssert<O> failedWith(Class<? extends Throwable> type) {
        return require(
                actual instanceof HandlerEnd.Failed<O>(Throwable error) && type.isInstance(error),
                "to fail with a " + type.getName());
    }

    /** The type and message of the error that it threw contain this text. */
    public HandlerEndAssert<O> withErrorContaining(String text) {
        return require(
                actual instanceof HandlerEnd.Failed<O>(Throwable error)
                        && text(error).contains(text),
                "to fail with '" + text + "'");
    }

    private static String text(Throwable error) {
        return error.getClass().getName() + ": " + error.getMessage();
    }

    /** The attempt failed, and the next one starts after this time. */
    public HandlerEndAssert<O> retriesIn(Duration delay) {
        return require(
                actual instanceof HandlerEnd.RetriesIn<O> retries
                        && retries.delay().equals(delay),
                "to retry in " + delay);
    }

    /** The job would be DEAD, for a reason with this text. */
    public HandlerEndAssert<O> discardedBecause(String text) {
        return require(
                actual instanceof HandlerEnd.Discarded<O>(String reason) && reason.contains(text),
                "to discard its job because of '" + text + "'");
    }

    /** The job starts again after this time. */
    public HandlerEndAssert<O> snoozed(Duration delay) {
        return require(
                actual instanceof HandlerEnd.Snoozed<O>(Duration is) && is.equals(delay), "to snooze for " + delay);
    }

    /** The work continues in a next invocation. */
    public HandlerEndAssert<O> continues() {
        return require(actual instanceof HandlerEnd.Continues<O>, "to continue in a next invocation");
    }

    /** The work continues in a next invocation from this cursor, compared as JSON. */
    public HandlerEndAssert<O> continuesFrom(Object cursor) {
        Json expected = Json.of(cursor);
        return require(
                actual instanceof HandlerEnd.Continues<O>(Json is) && JobAssert.isSame(is, expected),
                "to continue from " + expected.text());
    }

    /** It honoured a cancellation. */
    public HandlerEndAssert<O> cancelled() {
        return require(actual instanceof HandlerEnd.Cancelled<O>, "to honour the cancellation");
    }

    /** Its process crashed, where {@link HandlerRun#crashBeforeCheckpoint} says. */
    public HandlerEndAssert<O> crashed() {
        return require(actual instanceof HandlerEnd.Crashed<O>, "to crash");
    }

    private HandlerEndAssert<O> require(boolean holds, String expected) {
        if (!holds) {
            failWithMessage("%s", "Expected the handler " + expected + ", but its end is " + end());
        }
        return this;
    }

    /** With the text of a cursor, which {@link Json} does not show by itself. */
    private String end() {
        return actual instanceof HandlerEnd.Continues<O>(Json cursor)
                ? "Continues[cursor=" + cursor.text() + "]"
                : String.valueOf(actual);
    }
}
