package dev.longshore.worker;

import dev.longshore.job.BodyMissingException;
import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.LoggedMetric;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.delivery.Delivery;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.JobSignal;
import dev.longshore.task.Json;
import dev.longshore.task.PayloadException;
import dev.longshore.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a handler, on a thread of its own that can be interrupted. */
final class Attempt<I> {
    /** How long an interrupted handler may take to clean up. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private final Task<I, ?> task;
    private final RunningJob
            job; // what the handler gets; refresh() picks up a cancellation, which makes deadline() earlier
    private final Lease lease;
    private final HeldSlots slots;
    private final Delivery delivery;
    private final Waiter waiter;
    private final Engines engines;
    private final Redelivery redelivery;
    private final StuckHandlers stuckHandlers;
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicReference<@Nullable AttemptResult> result = new AtomicReference<>();
    private Instant heldUntil;
    private volatile boolean handlerEnded;

    Attempt(Task<I, ?> task, RunningJob job, HeldSlots slots, Delivery delivery, Workplace workplace) {
        this.task = task;
        this.job = job;
        this.lease = job.lease();
        this.slots = slots;
        this.delivery = delivery;
        this.waiter = workplace.waiter();
        this.engines = workplace.engines();
        this.redelivery = workplace.redelivery();
        this.stuckHandlers = workplace.stuckHandlers();
        this.heldUntil = lease.end();
    }

    AttemptResult run() {
        if (lease.withHeartbeats()) {
            // a crash is then noticed at the end of the lease, not after the queue's own long time-out
            hide();
        }
        if (slots.areTaken() && !timeLeft().isPositive()) {
            return new AttemptResult.Stopped(); // frozen since it took its slots: others may run in them
        }
        I input;
        try {
            input = task.decode(engines.jobs().payload(job.row()));
        } catch (PayloadException e) {
            return new AttemptResult.NotDecoded(("payload" + e.pointer() + " " + e.getMessage()));
        } catch (BodyMissingException e) {
            return new AttemptResult.PayloadMissing(String.valueOf(e.getMessage()));
        } catch (StoreUnavailableException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("The payload of job {} could not be read; its attempt is given back", job.id());
            LoggedMetric.FAILED_MESSAGES.count();
            return new AttemptResult.NotFetched();
        }
        return result.get() == null ? runHandler(input) : decided(); // a drain may have given the job back meanwhile
    }

    private AttemptResult runHandler(I input) {
        Duration left = timeLeft();
        Thread handler = waiter.threads().name(task.name() + "-" + job.id()).start(() -> {
            decide(handle(input));
            handlerEnded = true;
            end.countDown();
        });
        try {
            decide(await(left));
        } catch (InterruptedException e) {
            decide(new AttemptResult.Stopped());
        } finally {
            stop(handler);
        }
        return decided();
    }

    /** Ends the wait for the handler and gives the job back: the worker has to stop. */
    void giveBack() {
        decide(new AttemptResult.Stopped());
        end.countDown();
    }

    private AttemptResult handle(I input) {
        try (var _ = LogFields.of(job.row())) {
            Object result = task.handler().handle(input, job);
            return new AttemptResult.Returned(result == null ? null : Json.of(result));
        } catch (JobSignal signal) {
            return switch (signal) {
                case JobSignal.RetryIn retry -> new AttemptResult.RetryIn(retry.delay(), retry);
                case JobSignal.Discard discard -> new AttemptResult.Discarded(String.valueOf(discard.getMessage()));
                case JobSignal.Snooze snooze -> new AttemptResult.Snoozed(snooze.delay());
                case JobSignal.Continue next -> new AttemptResult.Continued(next.cursor());
                case JobSignal.Cancelled _ -> new AttemptResult.Cancelled();
            };
        } catch (Throwable error) {
            return new AttemptResult.Failed(error);
        }
    }

    /**
     * Waits until the handler ends, its deadline passes or the lease is lost. Every 20 s it extends the lease or, for a short
     * task, reads the row; a cancellation request makes the deadline earlier.
     */
    private AttemptResult await(Duration atFirst) throws InterruptedException {
        for (Duration left = atFirst; left.isPositive(); left = timeLeft()) {
            Duration step = left.compareTo(Lease.HEARTBEAT) > 0 ? Lease.HEARTBEAT : left;
            if (waiter.endsWithin(end, step)) {
                return decided();
            }
            if (lease.withHeartbeats() ? !extendLease() : !readCancellation()) {
                return new AttemptResult.LeaseLost();
            }
        }
        return job.cancelSeen() ? new AttemptResult.Cancelled() : new AttemptResult.TimedOut(lease.timeout());
    }

    private Duration timeLeft() {
        return Duration.between(engines.clock().instant(), job.deadline());
    }

    /**
     * Reads whether a cancellation was requested.
     *
     * @return false when another worker has taken the job over, or the row is gone
     */
    private boolean readCancellation() {
        if (!timeLeft().isPositive()) {
            return true; // it ends now anyway
        }
        try {
            Optional<Job> current = engines.jobs().find(job.row().id());
            current.ifPresent(job::refresh);
            return current.isPresent() && current.get().fence() == job.fence();
        } catch (StoreUnavailableException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("Job {} could not be read; it is read again with the next heartbeat", job.id());
            return true;
        }
    }

    /** @return false when another worker has taken the job over, or may from now on */
    private boolean extendLease() {
        Instant until = engines.clock().instant().plus(Lease.EXTENSION);
        try {
            // the slots first: while the row's lease lasts, so do they
            if (!slots.extend(until)
                    || !(engines.jobs().apply(job.row().id(), Lifecycle.extendLease(job.row(), until))
                            instanceof Change.Outcome.Done done)) {
                return false;
            }
            heldUntil = until;
            job.refresh(done.job());
            hide();
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("A heartbeat of job {} was lost; it is held until {}", job.id(), heldUntil);
        }
        return engines.clock().instant().isBefore(heldUntil);
    }

    private void hide() {
        Duration time = lease.hidden(engines.clock().instant());
        if (time.isPositive()) {
            redelivery.notBefore(time, delivery);
        }
    }

    /** The first decision counts: what a handler returns after it was interrupted does not. */
    private void decide(AttemptResult first) {
        result.compareAndSet(null, first);
    }

    private AttemptResult decided() {
        return Objects.requireNonNull(result.get(), "each end of the wait is decided before it is read");
    }

    /** Closes the job's context, whatever ended the wait, and interrupts a handler that still runs. */
    private void stop(Thread handler) {
        job.close();
        if (handlerEnded) {
            return;
        }
        handler.interrupt();
        try {
            if (!handler.join(GRACE)) {
                LOG.warn(
                        "The handler of job {} still runs {} s after it was interrupted; let InterruptedException through,"
                                + " and look at Thread.interrupted() in long computations: {}",
                        job.id(),
                        GRACE.toSeconds(),
                        Map.of("task", task.name(), "attempt", job.attempt()));
                stuckHandlers.add(handler);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stuckHandlers.add(handler);
        }
    }
}
