package dev.longshore.worker;

import dev.longshore.task.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one run of a handler ended. */
sealed interface AttemptResult {
    /** The handler returned; null for no result. */
    record Returned(@Nullable Json result) implements AttemptResult {}

    /** The handler threw. */
    record Failed(Throwable error) implements AttemptResult {}

    /** The handler threw, and says itself when to try again. */
    record RetryIn(Duration delay, Throwable error) implements AttemptResult {}

    /** The handler was interrupted at its time-out. */
    record TimedOut(Duration after) implements AttemptResult {}

    /** The handler says that no attempt makes sense. */
    record Discarded(String reason) implements AttemptResult {}

    /** The handler wants to wait. */
    record Snoozed(Duration delay) implements AttemptResult {}

    /** The handler hands over to a next invocation, which continues from the cursor. */
    record Continued(Json cursor) implements AttemptResult {}

    /** The handler honours a cancellation, or did not within the grace time. */
    record Cancelled() implements AttemptResult {}

    /** The payload could not be read, so the handler never started. */
    record NotDecoded(String reason) implements AttemptResult {}

    /** The payload is not where its row says, and never will be; so the handler never started. */
    record PayloadMissing(String what) implements AttemptResult {}

    /** The payload could not be read just now, so the handler never started. */
    record NotFetched() implements AttemptResult {}

    /** The worker has to stop, and gives the job back. */
    record Stopped() implements AttemptResult {}

    /** The job was redriven as another task after its message was sent, so this task's handler never started. */
    record AnotherTask() implements AttemptResult {}

    /** The lease was lost: another worker has claimed the job or may claim it now, or its row is gone. The result does not count. */
    record LeaseLost() implements AttemptResult {}
}
