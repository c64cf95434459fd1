package dev.longshore.testkit;

import dev.longshore.task.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one run of a handler ended: what {@link HandlerRun#run} returns.
 *
 * @param <O> the result of the handler
 */
public sealed interface HandlerEnd<O extends @Nullable Object> {
    /**
     * What the handler returned.
     *
     * @throws AssertionError when it ended otherwise, with its end
     */
    default O result() {
        throw new AssertionError(
                "The handler returned nothing; its end is " + this,
                this instanceof HandlerEnd.Failed<O>(Throwable error) ? error : null);
    }

    /** It returned; null for no result. */
    record Returned<O extends @Nullable Object>(O result) implements HandlerEnd<O> {}

    /** It threw, so the attempt failed; or its result has no JSON form. */
    record Failed<O extends @Nullable Object>(Throwable error) implements HandlerEnd<O> {}

    /** The attempt failed; the handler says when the next one starts. */
    record RetriesIn<O extends @Nullable Object>(Duration delay, String reason) implements HandlerEnd<O> {}

    /** No attempt makes sense: the job would be DEAD. */
    record Discarded<O extends @Nullable Object>(String reason) implements HandlerEnd<O> {}

    /** Not now; the attempt does not count. */
    record Snoozed<O extends @Nullable Object>(Duration delay) implements HandlerEnd<O> {}

    /** The work continues from this cursor in a next invocation. */
    record Continues<O extends @Nullable Object>(Json cursor) implements HandlerEnd<O> {}

    /** The handler honoured a cancellation. */
    record Cancelled<O extends @Nullable Object>() implements HandlerEnd<O> {}

    /** Its process crashed, where {@link HandlerRun#crashBeforeCheckpoint} says; what it did afterwards does not count. */
    record Crashed<O extends @Nullable Object>() implements HandlerEnd<O> {}
}
