package dev.longshore.examples;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.longshore.task.JobContext;
import dev.longshore.task.Json;
import dev.longshore.task.TaskHandler;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code rehearse}: behaves as its payload says, to show what the platform does about it: retries, time-outs, dead
 * letters, snoozes, continuations, cancellation, a worker that dies.
 *
 * <p>The order is always the same: snooze (once), continue in a next invocation ({@code continueTimes}), compute for {@code
 * spinMs}, work for {@code runMs}, fail (on the first {@code failAttempts} attempts), enqueue the next job of a chain ({@code
 * chainJobs}), succeed.
 */
public final class Rehearse implements TaskHandler<Rehearse.Plan, Rehearse.Outcome> {
    private static final Duration SLICE = Duration.ofMillis(50);
    private static final Duration FAR_BEYOND_ANY_TIMEOUT = Duration.ofHours(1);

    private final Pause pause;
    private final Runnable halter;

    /** Waits; tests wait on no clock. */
    @FunctionalInterface
    interface Pause {
        void take(Duration length) throws InterruptedException;
    }

    /** How an attempt fails. */
    public enum Failure {
        /** It throws an exception: the next attempt follows after the backoff. */
        retryable,
        /** It says that no attempt can succeed: DEAD at once. */
        discard,
        /** It does not return: interrupted at its time-out. */
        hang,
        /** It ends its process, as running out of memory would. */
        halt
    }

    /**
     * How to behave; every field may be left out.
     *
     * @param runMs how long to work, 0 to 900,000 ms
     * @param failAttempts how many of the first attempts fail, 0 to 100
     * @param failWith how they fail; {@code retryable} when left out
     * @param snoozeSeconds snooze once for that long before anything else, 0 to 86,400 s; 0 is no snooze
     * @param continueTimes how often to continue in a next invocation, as work that is longer than an invocation does, 0 to 100
     * @param chainJobs how many jobs follow, each enqueued by the one before, 0 to 10,000
     * @param spinMs how long to compute without looking at interrupts or cancellations, 0 to 60,000 ms: what a handler should
     *     never do
     * @param progressSteps in how many steps to report progress while working, 0 to 100
     * @param resultBytes how many characters of filler the result carries, 0 to 1,000,000; a result over 256 KB is
     *     refused by the platform, which this shows
     * @param value anything; comes back in the result just as it was sent
     */
    public record Plan(
            @Nullable Integer runMs,
            @Nullable Integer failAttempts,
            @Nullable Failure failWith,
            @Nullable Integer snoozeSeconds,
            @Nullable Integer continueTimes,
            @Nullable Integer chainJobs,
            @Nullable Integer spinMs,
            @Nullable Integer progressSteps,
            @Nullable Integer resultBytes,
            @Nullable Json value) {

        public Plan {
            requireWithin("runMs", runMs, 900_000);
            requireWithin("failAttempts", failAttempts, 100);
            requireWithin("snoozeSeconds", snoozeSeconds, 86_400);
            requireWithin("continueTimes", continueTimes, 100);
            requireWithin("chainJobs", chainJobs, 10_000);
            requireWithin("spinMs", spinMs, 60_000);
            requireWithin("progressSteps", progressSteps, 100);
            requireWithin("resultBytes", resultBytes, 1_000_000);
        }

        private static void requireWithin(String field, @Nullable Integer given, int most) {
            if (given != null && (given < 0 || given > most)) {
                throw new IllegalArgumentException(field + " takes 0 to " + most + ", and got " + given);
            }
        }
    }

    /**
     * What came of it.
     *
     * @param attempt the attempt that succeeded
     * @param fence its fence
     * @param value what was sent
     * @param filler as many characters as were requested; left out when none were
     * @param next the id of the next job of the chain; left out at its end
     */
    public record Outcome(
            int attempt,
            long fence,
            @Nullable Json value,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String filler,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String next) {}

    /** What is remembered between attempts, and between invocations of one. */
    record Remembered(boolean snoozed, int continued) {
        static final Remembered NOTHING = new Remembered(false, 0);
    }

    /** The failure that the payload requests. */
    static final class RehearsedFailure extends Exception {
        private static final long serialVersionUID = 1;

        RehearsedFailure(int attempt, int failing) {
            super("Attempt " + attempt + " failed as its payload requires: the first " + failing + " do");
        }
    }

    public Rehearse() {
        this(Thread::sleep, () -> Runtime.getRuntime().halt(137));
    }

    Rehearse(Pause pause, Runnable halter) {
        this.pause = pause;
        this.halter = halter;
    }

    @Override
    public Outcome handle(Plan plan, JobContext job) throws Exception {
        Remembered before = job.checkpoint(Remembered.class).orElse(Remembered.NOTHING);
        snoozeOnce(orZero(plan.snoozeSeconds()), before, job);
        if (before.continued() < orZero(plan.continueTimes())) {
            throw job.continueWith(new Remembered(before.snoozed(), before.continued() + 1));
        }
        spin(Duration.ofMillis(orZero(plan.spinMs())));
        work(orZero(plan.runMs()), orZero(plan.progressSteps()), job);
        if (job.attempt() <= orZero(plan.failAttempts())) {
            fail(plan, job);
        }
        return new Outcome(job.attempt(), job.fence(), plan.value(), filler(plan.resultBytes()), next(plan, job));
    }

    private static @Nullable String next(Plan plan, JobContext job) {
        int left = orZero(plan.chainJobs());
        return left == 0 ? null : job.enqueue(job.task(), Map.of("chainJobs", left - 1));
    }

    private static void snoozeOnce(int seconds, Remembered before, JobContext job) {
        if (seconds == 0 || before.snoozed()) {
            return;
        }
        job.checkpoint(new Remembered(true, 0));
        throw job.snooze(Duration.ofSeconds(seconds));
    }

    private static void spin(Duration time) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            Thread.onSpinWait();
        }
    }

    private void work(int millis, int steps, JobContext job) throws InterruptedException {
        long worked = 0;
        int reported = 0;
        while (worked < millis) {
            lookUp(job);
            Duration slice = Duration.ofMillis(Math.min(SLICE.toMillis(), millis - worked));
            pause.take(slice);
            worked += slice.toMillis();
            reported = reportProgress(steps, reported, (int) (worked * steps / millis), job);
        }
        lookUp(job);
        reportProgress(steps, reported, steps, job);
    }

    private static int reportProgress(int steps, int reported, int done, JobContext job) {
        for (int step = reported + 1; step <= done; step++) {
            job.progress(step * 100 / steps, "step " + step + " of " + steps);
        }
        return done;
    }

    private static void lookUp(JobContext job) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while rehearsing");
        }
        if (job.cancelRequested()) {
            throw job.cancelled();
        }
    }

    private void fail(Plan plan, JobContext job) throws Exception {
        Failure failure = plan.failWith() == null ? Failure.retryable : plan.failWith();
        switch (failure) {
            case retryable -> {}
            case discard -> throw job.discard("Discarded on attempt " + job.attempt() + ", as its payload requires");
            case hang -> pause.take(FAR_BEYOND_ANY_TIMEOUT);
            case halt -> halter.run();
        }
        throw new RehearsedFailure(job.attempt(), orZero(plan.failAttempts()));
    }

    private static @Nullable String filler(@Nullable Integer characters) {
        return characters == null ? null : "x".repeat(characters);
    }

    private static int orZero(@Nullable Integer given) {
        return given == null ? 0 : given;
    }
}
