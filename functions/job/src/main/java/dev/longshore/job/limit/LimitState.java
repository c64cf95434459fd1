package dev.longshore.job.limit;

import dev.longshore.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a limit and key, and who waits for one. Immutable; {@link LimitStore} writes it only while the item is as it was
 * read, so each method here decides on the state as a whole.
 *
 * <p>The jobs that come next are in the item, so that "no slot is free" and "I wait" are one write, and a slot that becomes free
 * is handed to the first of them in the write that frees it. Those behind them are in the attention index alone.
 *
 * @param slots at most as many as the limit has, unless that was lowered; their leases may be over
 * @param next the first that wait, in order; at most {@link #LONGEST_LINE}
 * @param othersSince when a job began to wait that is not in {@code next}; null when none does
 * @param attendedAt when it was written, or up to {@link #ATTENDED_ANEW} before that; null before the first write
 * @param token of the write that made it; null before the first
 */
public record LimitState(
        List<Slot> slots,
        List<Waiter> next,
        @Nullable Instant othersSince,
        @Nullable Instant attendedAt,
        @Nullable String token) {
    /** The state before any job. */
    public static final LimitState EMPTY = new LimitState(List.of(), List.of(), null, null, null);

    /** How many waiting jobs the item has: enough that the index, which lags behind, is not read at each end. */
    public static final int LONGEST_LINE = 20;

    /** How long a slot is reserved for a job whose message was sent. Then the job is the first that waits, and is sent another. */
    public static final Duration RESERVATION = Duration.ofMinutes(1);

    /** A job's hold has to be written within this time of the state by which it waits. */
    public static final Duration LATEST_HOLD = Duration.ofSeconds(30);

    /** After this time the index shows every job that was held by then: {@link #FRESH}, {@link #LATEST_HOLD}, clocks, a lag of 20 s. */
    private static final Duration INDEX_IS_WHOLE = Duration.ofSeconds(75);

    /** While others wait, a further one writes their time anew only when it is older than this. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    /** Its time in the attention index is written anew only after this time: each such write costs as much as the item's. */
    private static final Duration ATTENDED_ANEW = Duration.ofSeconds(30);

    private static final int FEW_WAIT = LONGEST_LINE / 2;

    public LimitState {
        slots = List.copyOf(slots);
        next = List.copyOf(next);
    }

    /**
     * What a step leads to.
     *
     * @param state to write; the same as before when there is nothing to write
     * @param handed slots that were reserved for jobs that waited, which are to be sent a message
     */
    public record Step(LimitState state, List<Slot> handed) {}

    /** Whether jobs wait for a slot, or one is reserved: then the dispatcher looks after this state. */
    public boolean isWatched() {
        return !next.isEmpty() || othersSince != null || slots.stream().anyMatch(Slot::isReserved);
    }

    /** Whether the index should be read first, because the line is short and others wait there. */
    public boolean wantsRefill() {
        return othersSince != null && next.size() < FEW_WAIT;
    }

    /** How many slots are in use or reserved. */
    public int used(Instant now) {
        return (int) slots.stream().filter(slot -> !slot.isOver(now)).count();
    }

    /** The slot of a job. */
    public Optional<Slot> slotOf(JobId job) {
        return slots.stream().filter(slot -> slot.isOf(job)).findFirst();
    }

    /** Whether the job has its place in the line. */
    public boolean hasInLine(JobId job) {
        return next.stream().anyMatch(waiter -> waiter.job().equals(job));
    }

    // ---- steps

    /**
     * A job comes for a slot: it takes its place in the line, and the free slots go to the first in it. A slot that was reserved for
     * it, or that an earlier claim of it has left behind, is its own.
     *
     * @param wanted its slot if it gets one: with the fence that its claim will have
     * @param jobs how many may run at once
     */
    public Step arrive(Waiter waiter, Slot wanted, int jobs, Instant now) {
        LimitState current = withoutOver(now);
        boolean hasSlot = current.slotOf(waiter.job()).isPresent();
        Step step = (hasSlot ? current : current.with(waiter, now)).handOut(jobs, now);
        boolean gotSlot = step.state().slotOf(waiter.job()).isPresent();
        LimitState state = gotSlot ? step.state().without(waiter.job()).plus(wanted) : step.state();
        List<Slot> ofOthers =
                step.handed().stream().filter(slot -> !slot.isOf(waiter.job())).toList();
        return new Step(state, ofOthers);
    }

    /** The claim has ended: its slot goes to the first that waits. */
    public Step end(JobId job, long fence, int jobs, Instant now) {
        boolean isThere = slotOf(job)
                .filter(slot -> Long.valueOf(fence).equals(slot.fence()))
                .isPresent();
        return isThere ? without(job).tidy(jobs, now) : unchanged();
    }

    /** A slot that is not used, as it was taken or reserved, goes to the first that waits. */
    public Step giveBack(Slot taken, int jobs, Instant now) {
        return slots.contains(taken) ? without(taken.job()).tidy(jobs, now) : unchanged();
    }

    /**
     * Jobs that will not come for their slots: they have ended, or wait for something else.
     *
     * @param fence slots of later claims stay
     */
    public Step leave(JobId job, long fence, int jobs, Instant now) {
        boolean isThere = slotOf(job)
                .filter(slot -> slot.fence() == null || slot.fence() <= fence)
                .isPresent();
        return isThere || hasInLine(job) ? without(job).tidy(jobs, now) : unchanged();
    }

    /** The job waits for something else, and does not come for what is reserved for it. */
    public Step withoutReservation(JobId job, int jobs, Instant now) {
        Optional<Slot> reserved = slotOf(job).filter(Slot::isReserved);
        return reserved.isPresent() ? giveBack(reserved.get(), jobs, now) : unchanged();
    }

    /** Leases that are over end, and free slots go to the first that wait. */
    public Step tidy(int jobs, Instant now) {
        return withoutOver(now).handOut(jobs, now);
    }

    /** A heartbeat; empty when the slot is no longer there. */
    public Optional<LimitState> extended(JobId job, long fence, Instant until) {
        return slotOf(job)
                .filter(slot -> Long.valueOf(fence).equals(slot.fence()))
                .map(slot -> without(job).plus(new Slot(job, until, fence)));
    }

    /**
     * The first held jobs of the index join the line. That others wait behind it is cleared only when the index shows none, and
     * shows every job that began to wait before.
     *
     * @param isAll whether the index has no more of them
     * @param readAt when it was read
     */
    public LimitState refilled(List<Waiter> held, boolean isAll, Instant readAt) {
        LimitState state = this;
        for (Waiter waiter : held) {
            if (slotOf(waiter.job()).isEmpty()) {
                state = state.with(waiter, readAt);
            }
        }
        Instant since = state.othersSince;
        boolean noneIsBehind =
                isAll && since != null && !since.plus(INDEX_IS_WHOLE).isAfter(readAt);
        return noneIsBehind ? state.withOthers(null) : state;
    }

    /** The same, and others are looked for in the index. */
    public LimitState expectingOthers(Instant now) {
        return othersSince == null ? withOthers(now) : this;
    }

    /** The same, as a heartbeat writes it: the dispatcher attends to the line as if there was none. */
    public LimitState keptBy(String writeToken) {
        return new LimitState(slots, next, othersSince, attendedAt, writeToken);
    }

    /** The same, as a write with this token makes it. */
    public LimitState writtenBy(String writeToken, Instant now) {
        boolean isFresh = attendedAt != null && attendedAt.plus(ATTENDED_ANEW).isAfter(now);
        return new LimitState(slots, next, othersSince, isFresh ? attendedAt : now, writeToken);
    }

    /** Without these slots, and without handing them on. */
    public LimitState without(List<Slot> unused) {
        return with(slots.stream().filter(slot -> !unused.contains(slot)).toList(), next);
    }

    // ---- parts of steps

    private Step unchanged() {
        return new Step(this, List.of());
    }

    /** A reservation that is over becomes a place in the line again: its job may still be held. */
    private LimitState withoutOver(Instant now) {
        if (slots.stream().noneMatch(slot -> slot.isOver(now))) {
            return this;
        }
        LimitState state = with(slots.stream().filter(slot -> !slot.isOver(now)).toList(), next);
        for (Slot slot : slots) {
            if (slot.isOver(now) && slot.isReserved()) {
                state = state.with(new Waiter(slot.job(), slot.job().time()), now);
            }
        }
        return state;
    }

    private Step handOut(int jobs, Instant now) {
        int free = Math.clamp((long) jobs - slots.size(), 0, next.size());
        if (free == 0) {
            return unchanged();
        }
        List<Slot> reserved = next.subList(0, free).stream()
                .map(waiter -> new Slot(waiter.job(), now.plus(RESERVATION), null))
                .toList();
        return new Step(
                with(Stream.concat(slots.stream(), reserved.stream()).toList(), next.subList(free, next.size())),
                reserved);
    }

    /** A job waits: in the line, or behind it; the last one of a line that is full waits behind it. */
    private LimitState with(Waiter waiter, Instant now) {
        if (hasInLine(waiter.job())) {
            return this;
        }
        LimitState longer = inLine(waiter);
        boolean allFit = longer.next.size() == next.size() + 1;
        return allFit ? longer : longer.withOthers(freshOthers(now));
    }

    private Instant freshOthers(Instant now) {
        return othersSince == null || othersSince.plus(FRESH).isBefore(now) ? now : othersSince;
    }

    private LimitState inLine(Waiter waiter) {
        List<Waiter> line = new ArrayList<>(next);
        line.add(waiter);
        line.sort(null);
        return with(slots, line.subList(0, Math.min(line.size(), LONGEST_LINE)));
    }

    private LimitState without(JobId job) {
        return with(
                slots.stream().filter(slot -> !slot.isOf(job)).toList(),
                next.stream().filter(waiter -> !waiter.job().equals(job)).toList());
    }

    private LimitState plus(Slot slot) {
        return with(Stream.concat(slots.stream(), Stream.of(slot)).toList(), next);
    }

    private LimitState with(List<Slot> otherSlots, List<Waiter> otherNext) {
        return new LimitState(otherSlots, otherNext, othersSince, attendedAt, token);
    }

    private LimitState withOthers(@Nullable Instant since) {
        return new LimitState(slots, next, since, attendedAt, token);
    }
}
