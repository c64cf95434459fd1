package dev.longshore.worker;

import dev.longshore.task.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one run of a handler ended. */
sealed interface Ending {
    /** It returned; null for no result. */
    record Returned(@Nullable Json result) implements Ending {}

    /** It threw. */
    record Failed(Throwable error) implements Ending {}

    /** It threw, and says itself when to try again. */
    record RetryIn(Duration delay, Throwable error) implements Ending {}

    /** It was cut off. */
    record TimedOut(Duration after) implements Ending {}

    /** It says that no attempt makes sense. */
    record Discarded(String reason) implements Ending {}

    /** It wants to wait. */
    record Snoozed(Duration delay) implements Ending {}

    /** It hands over to a next invocation, which goes on from the cursor. */
    record Continued(Json cursor) implements Ending {}

    /** It honours a cancellation, or did not within the grace time. */
    record Cancelled() implements Ending {}

    /** Its payload could not be read, so it never started. */
    record NotDecoded(String reason) implements Ending {}

    /** Its payload is not where its row says, and never will be; so it never started. */
    record PayloadMissing(String what) implements Ending {}

    /** Its payload could not be had just now, so it never started. */
    record NotFetched() implements Ending {}

    /** The worker has to stop, and gives the job back. */
    record Stopped() implements Ending {}

    /** Another worker has the job by now; whatever the handler says, it is no longer asked. */
    record LostHold() implements Ending {}
}
