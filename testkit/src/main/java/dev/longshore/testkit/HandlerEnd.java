package dev.longshore.testkit;

import dev.longshore.task.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one run of a handler ended: what {@link HandlerRun#run} returns.
 *
 * @param <O> the result of the handler
 */
public sealed interface HandlerEnd<O> {
    /** It returned; null for no result. */
    record Returned<O>(@Nullable O result) implements HandlerEnd<O> {}

    /** It threw, so the attempt failed; or its result has no JSON form. */
    record Failed<O>(Throwable error) implements HandlerEnd<O> {}

    /** The attempt failed; the handler says when the next one starts. */
    record RetriesIn<O>(Duration delay, String reason) implements HandlerEnd<O> {}

    /** No attempt makes sense: the job would be DEAD. */
    record Discarded<O>(String reason) implements HandlerEnd<O> {}

    /** Not now; the attempt does not count. */
    record Snoozed<O>(Duration delay) implements HandlerEnd<O> {}

    /** The work continues from this cursor in a next invocation. */
    record Continues<O>(Json cursor) implements HandlerEnd<O> {}

    /** The handler honoured a cancellation. */
    record Cancelled<O>() implements HandlerEnd<O> {}
}
