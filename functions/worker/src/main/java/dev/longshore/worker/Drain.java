package dev.longshore.worker;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The end of a worker that must stop. From {@link #begin} on no job is claimed, and handlers see the drain's end as the
 * end of their time, so that one that looks can hand over by {@code continueWith}. What still runs at {@link #giveBack} is
 * interrupted and its job given back, which uses up no attempt.
 *
 * <p>In Lambda there is none: an invocation runs to its end.
 */
final class Drain {
    private final Set<Attempt<?>> running = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Instant end;
    private volatile boolean givesBack;

    /** An attempt that runs until this is closed. */
    interface Watched extends AutoCloseable {
        @Override
        void close();
    }

    /** @param end when handlers that still run will be interrupted */
    void begin(Instant end) {
        this.end = end;
    }

    boolean hasBegun() {
        return end != null;
    }

    /** When a handler that has until {@code deadline} is interrupted. */
    Instant endOr(Instant deadline) {
        Instant drained = end;
        return drained != null && drained.isBefore(deadline) ? drained : deadline;
    }

    Watched watch(Attempt<?> attempt) {
        running.add(attempt);
        if (givesBack) {
            attempt.giveBack(); // it was added too late for the call below to see it
        }
        return () -> running.remove(attempt);
    }

    /** Interrupts every handler that still runs and gives its job back. */
    void giveBack() {
        givesBack = true;
        running.forEach(Attempt::giveBack);
    }
}
