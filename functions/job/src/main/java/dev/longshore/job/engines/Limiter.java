package dev.longshore.job.engines;

import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.LimitKey;
import dev.longshore.job.Page;
import dev.longshore.job.RowStore;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.limit.LimitState;
import dev.longshore.job.limit.LimitState.Step;
import dev.longshore.job.limit.Slot;
import dev.longshore.job.limit.Waiter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes and frees the slots of limits. A slot that becomes free is handed to the job that waits first, in the same write; then that
 * job's message is sent, and it leaves the index. After a crash in between the slot is reserved for a minute, and the dispatcher
 * continues from there.
 */
public final class Limiter {
    /** A write meets another one as often as jobs of one key start and end at the same moment. */
    private static final int TRIES = 30;

    private static final int TRIES_OF_A_CALL = 3;

    /** How often slots are handed on in one call, and the line filled anew; the dispatcher continues when the last are over. */
    private static final int ROUNDS = 2 * LimitState.LONGEST_LINE;

    /** How many pages of the index are read to fill a line. */
    private static final int PAGES = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Limiter.class);

    private final Engines engines;
    private final HeldJobs heldJobs;
    private final WriteTokens tokens;

    public Limiter(Engines engines) {
        this.engines = engines;
        this.heldJobs = new HeldJobs(engines);
        this.tokens = new WriteTokens(engines.random());
    }

    /** What a job gets that comes for a slot. */
    public sealed interface Admission {
        /** It has the slot, and may be claimed until the slot's lease ends. */
        record Taken(Slot slot) implements Admission {}

        /**
         * No slot is free; it has its place in the line.
         *
         * @param holdBefore its hold has to be written by then; later, it has to come again
         */
        record Waits(Waiter waiter, Instant holdBefore) implements Admission {}

        /** Another worker has the slot for the same claim, and makes it or has crashed. */
        record Busy(Instant until) implements Admission {}
    }

    /**
     * Takes a slot for a job's next claim.
     *
     * @param job as it was just read; it can be claimed
     * @param jobs how many may run at once
     * @param until the lease of the claim
     */
    public Admission take(Job job, LimitKey key, int jobs, Instant until) {
        Slot wanted = new Slot(job.id(), until, job.fence() + 1);
        Waiter waiter = Waiter.of(job);
        Arrival arrival = new Arrival(waiter, wanted, jobs);
        try {
            change(key, jobs, arrival);
        } catch (ContendedLimitException e) {
            LOG.atWarn().setCause(e).log("Job {} comes for its slot again in a second", job.id());
            return new Admission.Busy(now().plusSeconds(1));
        }
        return Objects.requireNonNull(arrival.admission, "each change has tried its step");
    }

    /** The step of {@link #take}, and what came of its last try. */
    private static final class Arrival implements Stepping {
        private final Waiter waiter;
        private final Slot wanted;
        private final int jobs;
        private @Nullable Admission admission;

        Arrival(Waiter waiter, Slot wanted, int jobs) {
            this.waiter = waiter;
            this.wanted = wanted;
            this.jobs = jobs;
        }

        @Override
        public Step on(LimitState state, Instant now) {
            Optional<Slot> taken = state.slotOf(waiter.job()).filter(slot -> slot.blocks(wanted, now));
            if (taken.isPresent()) {
                admission = new Admission.Busy(taken.get().until());
                return new Step(state, List.of());
            }
            if (!wanted.until()
                    .isAfter(now)) { // frozen since its lease began: it leaves what is reserved to the next message
                admission = new Admission.Busy(now);
                return new Step(state, List.of());
            }
            Step step = state.arrive(waiter, wanted, jobs, now);
            admission = step.state().slots().contains(wanted)
                    ? new Admission.Taken(wanted)
                    : new Admission.Waits(waiter, now.plus(LimitState.LATEST_HOLD));
            return step;
        }
    }

    /** The claim of this fence has ended, and its row says so: its slot goes to the next job. */
    public void end(LimitKey key, JobId job, long fence, int jobs) {
        change(key, jobs, (state, now) -> state.end(job, fence, jobs, now));
    }

    /** The claim was not made. */
    public void giveBack(LimitKey key, Slot taken, int jobs) {
        change(key, jobs, (state, now) -> state.giveBack(taken, jobs, now));
    }

    /**
     * A job that does not come for a slot leaves the line, and what is reserved for it goes to the next.
     *
     * @param job as it was just read; not RUNNING
     */
    public void leave(LimitKey key, Job job, int jobs) {
        boolean hasLeft = change(key, jobs, (state, now) -> state.leave(job.id(), job.fence(), jobs, now));
        if (hasLeft && engines.jobs().find(job.id()).filter(Limiter::mayComeFor).isPresent()) {
            requireInLine(key, List.of(job.id())); // it has come again since it was read
        }
    }

    private static boolean mayComeFor(Job job) {
        return job.state().isWaiting() && !job.isHeldByPause();
    }

    /** A job that waits for another of its limits does not come for what is reserved for it here. */
    public void leaveReservation(LimitKey key, JobId job, int jobs) {
        change(key, jobs, (state, now) -> state.withoutReservation(job, jobs, now));
    }

    /** A heartbeat: false when the slot is no longer there, because its lease was over and another job has got it. */
    public boolean extend(LimitKey key, JobId job, long fence, Instant until) {
        for (int tries = 0; tries < TRIES; tries++) {
            LimitState before = engines.limits().find(key);
            Optional<LimitState> after = before.extended(job, fence, until);
            if (after.isEmpty()) {
                return false;
            }
            if (replace(key, before, after.get().keptBy(tokens.next()))) {
                return true;
            }
        }
        throw contended(key);
    }

    /** Ends leases that are over, hands free slots out, and sends those jobs another message that got a slot and did not come. */
    public void attend(LimitKey key, int jobs) {
        change(key, jobs, (state, now) -> state.tidy(jobs, now));
    }

    /** Held jobs that have neither a slot nor a place in the line: the dispatcher finds them in the index. */
    public void requireInLine(LimitKey key, List<JobId> held) {
        for (int tries = 0; tries < TRIES; tries++) {
            LimitState before = engines.limits().find(key);
            boolean hasAll = held.stream()
                    .allMatch(job -> before.hasInLine(job) || before.slotOf(job).isPresent());
            LimitState after = hasAll ? before : before.expectingOthers(now());
            if (after.equals(before) || replace(key, before, after.writtenBy(tokens.next(), now()))) {
                return;
            }
        }
        throw contended(key);
    }

    // ---- one change of a state

    private interface Stepping {
        Step on(LimitState state, Instant now);
    }

    /**
     * Writes the step, and sends the jobs that it handed slots to. A slot of a job that does not come for it goes to the next one, and
     * a line that became short is filled anew; what fails meanwhile is left to the dispatcher.
     *
     * @return whether the step was written
     */
    private boolean change(LimitKey key, int jobs, Stepping stepping) {
        Optional<Step> step = write(key, Set.of(), stepping);
        try {
            handOn(key, jobs, step);
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("The line of limit {} is left to the dispatcher", key.name());
        }
        return step.isPresent();
    }

    private void handOn(LimitKey key, int jobs, Optional<Step> written) {
        Set<JobId> gone = new HashSet<>();
        Optional<Step> step = written;
        for (int round = 0; round < ROUNDS && step.isPresent(); round++) {
            List<Slot> unused = send(key, step.get().handed());
            unused.forEach(slot -> gone.add(slot.job()));
            boolean isShort =
                    step.get().state().wantsRefill() && !step.get().handed().isEmpty();
            if (unused.isEmpty() && !isShort) {
                return;
            }
            step = write(key, gone, (state, now) -> state.without(unused).tidy(jobs, now));
        }
    }

    /**
     * @param gone jobs that the index may still show
     * @return empty when the state needs no write
     */
    private Optional<Step> write(LimitKey key, Set<JobId> gone, Stepping stepping) {
        for (int tries = 0; tries < TRIES; tries++) {
            LimitState before = engines.limits().find(key);
            LimitState current = before.wantsRefill() ? refilled(key, before, gone) : before;
            Instant now = now();
            Step step = stepping.on(current, now);
            if (step.state().equals(before)) {
                return Optional.empty();
            }
            if (replace(key, before, step.state().writtenBy(tokens.next(), now))) {
                return Optional.of(step);
            }
        }
        throw contended(key);
    }

    /** The index lags behind: a page may have none but jobs that run or are gone, and then the next one is read. */
    private LimitState refilled(LimitKey key, LimitState state, Set<JobId> gone) {
        HoldReason reason = HoldReason.limit(key);
        LimitState refilled = state;
        IndexPlace after = null;
        try {
            for (int pages = 0; pages < PAGES; pages++) {
                Instant readAt = now();
                Page<Job, IndexPlace> held =
                        engines.jobs().held(reason, "", RowStore.ANY_TIME, after, LimitState.LONGEST_LINE);
                List<Waiter> waiters = held.items().stream()
                        .filter(job -> !gone.contains(job.id()))
                        .map(job ->
                                new Waiter(job.id(), Objects.requireNonNull(job.indexedAt(), "a held job has a place")))
                        .toList();
                refilled = refilled.refilled(waiters, held.next() == null, readAt);
                after = held.next();
                if (after == null || refilled.next().size() > state.next().size()) {
                    return refilled;
                }
            }
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("The line of limit {} could not be filled from the index", key.name());
        }
        return refilled;
    }

    private boolean replace(LimitKey key, LimitState before, LimitState after) {
        for (int tries = 1; ; tries++) {
            try {
                return engines.limits().replace(key, before, after, now());
            } catch (StoreUnavailableException e) {
                if (tries == TRIES_OF_A_CALL) {
                    throw e;
                }
            }
        }
    }

    private static ContendedLimitException contended(LimitKey key) {
        return new ContendedLimitException(
                "The slots of limit " + key.name() + " were written by others " + TRIES + " times in between");
    }

    private static final class ContendedLimitException extends StoreUnavailableException {
        ContendedLimitException(String what) {
            super(what, new IllegalStateException("too many jobs of one limit and key start and end at once"));
        }
    }

    // ---- messages

    /** Sends the messages of jobs that got a slot; the answer has the slots of those that will not come for it. */
    private List<Slot> send(LimitKey key, List<Slot> handed) {
        List<Slot> unused = new ArrayList<>();
        for (Slot slot : handed) {
            try {
                if (!send(engines.jobs().find(slot.job()))) {
                    unused.add(slot);
                }
            } catch (StoreUnavailableException e) {
                LOG.atWarn()
                        .setCause(e)
                        .log(
                                "Job {} has a slot of limit {} and no message; the dispatcher sends it",
                                slot.job(),
                                key.name());
            }
        }
        return unused;
    }

    /** @return false when the job has ended, or waits for something else */
    private boolean send(Optional<Job> found) {
        if (found.isEmpty()) {
            return false;
        }
        Job job = found.get();
        if (job.isFromNewerCode() || job.state() == JobState.RUNNING) {
            return true; // newer code sends it; one that runs has come already, by another message
        }
        Instant now = now();
        if (!mayComeFor(job)) {
            return false;
        }
        if (job.due().isAfter(now.plus(Lifecycle.CLOCK_SKEW))) {
            if (job.heldByLimit().isPresent()) {
                engines.jobs().apply(job.id(), engines.lifecycle().hold(job, HoldReason.DUE, job.due()));
            }
            return false;
        }
        if (!engines.queue().hasPool(job.pool())) {
            engines.jobs().apply(job.id(), engines.lifecycle().hold(job, HoldReason.DUE, now));
            return false;
        }
        if (job.isHeld()) { // also by another of its limits: it comes, and leaves here what it cannot use
            heldJobs.release(job.pool(), List.of(job));
        } else {
            engines.queue().send(job.pool(), JobQueue.Outgoing.of(job, now));
        }
        return true;
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
