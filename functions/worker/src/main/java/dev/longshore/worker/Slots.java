package dev.longshore.worker;

import dev.longshore.job.Job;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.LimitKey;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Limiter;
import dev.longshore.job.limit.Waiter;
import dev.longshore.task.NamedLimit;
import dev.longshore.task.Task;
import dev.longshore.worker.HeldSlots.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Takes the slots of a task's limits for a job, before it is claimed: one after the other, in the order of the limits' names, so that
 * two jobs with the same limits do not wait for each other. A job that one limit lets wait gives those before it back; with two limits
 * under load it may so be overtaken at the first one.
 */
final class Slots {
    private final Limiter limiter;
    private final LimitNumbers numbers;

    Slots(Engines engines) {
        this.limiter = new Limiter(engines);
        this.numbers = new LimitNumbers(engines.limits(), engines.clock());
    }

    /** What a job gets that comes for its slots. */
    sealed interface Admission {
        /** It has them all. */
        record Taken(HeldSlots slots) implements Admission {}

        /**
         * It waits for one of them.
         *
         * @param holdBefore its hold has to be written by then; later, it has to come again
         */
        record Waits(LimitKey key, Waiter waiter, Instant holdBefore) implements Admission {}

        /** Another worker has a slot for the same claim; it makes the claim, or the slot's lease ends at this time. */
        record Busy(Instant until) implements Admission {
            /** A worker that is alive has made its claim by then. */
            private static final Duration CLAIM_IS_MADE = Duration.ofSeconds(5);

            /** Soon at first. A worker that has not made its claim by then has crashed: its slot is free when the lease ends. */
            Duration comesAgain(Instant now, int receiveCount) {
                Duration left = Duration.between(now, until.plus(Lifecycle.CLOCK_SKEW));
                Duration most = receiveCount > 1 ? left : CLAIM_IS_MADE;
                return left.compareTo(most) > 0 ? most : left.isNegative() ? Duration.ZERO : left;
            }
        }
    }

    /**
     * Takes the slots for a job's next claim.
     *
     * @param job as it was just read; it can be claimed
     * @param until the lease of the claim
     */
    Admission take(Job job, Task<?, ?> task, Instant until) {
        List<Held> taken = new ArrayList<>();
        HeldSlots slots = new HeldSlots(limiter, numbers, taken);
        try {
            for (NamedLimit limit : task.limits()) {
                LimitKey key = key(limit, job);
                int jobs = numbers.of(limit);
                switch (limiter.take(job, key, jobs, until)) {
                    case Limiter.Admission.Taken(var slot) -> taken.add(new Held(limit, key, slot));
                    case Limiter.Admission.Waits(Waiter waiter, Instant holdBefore) -> {
                        slots.giveBack();
                        leaveReservations(job, after(limit, task));
                        return new Admission.Waits(key, waiter, holdBefore);
                    }
                    case Limiter.Admission.Busy(Instant busyUntil) -> {
                        slots.giveBack();
                        return new Admission.Busy(busyUntil);
                    }
                }
            }
            return new Admission.Taken(slots);
        } catch (StoreUnavailableException e) {
            slots.giveBack();
            throw e;
        }
    }

    /** What is reserved for the job in the limits behind the one that it waits for would idle. */
    private void leaveReservations(Job job, List<NamedLimit> limits) {
        for (NamedLimit limit : limits) {
            limiter.leaveReservation(key(limit, job), job.id(), numbers.of(limit));
        }
    }

    private static List<NamedLimit> after(NamedLimit limit, Task<?, ?> task) {
        List<NamedLimit> all = task.limits();
        return all.subList(all.indexOf(limit) + 1, all.size());
    }

    /** Those of a task without limits. */
    HeldSlots none() {
        return new HeldSlots(limiter, numbers, List.of());
    }

    /** A job that does not come for its slots, as it was just read, leaves the lines that it waits in. */
    void leave(Job job, Task<?, ?> task) {
        for (NamedLimit limit : task.limits()) {
            limiter.leave(key(limit, job), job, numbers.of(limit));
        }
    }

    private static LimitKey key(NamedLimit limit, Job job) {
        String key = limit.limit().byKey() ? Objects.requireNonNullElse(job.limitKey(), "") : "";
        return new LimitKey(limit.name(), key);
    }
}
