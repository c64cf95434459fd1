package dev.longshore.worker;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How a worker runs handlers and waits for them: on platform threads and by the clock on the wall, or as a test has it. */
public interface Waiter {
    /**
     * Threads for handlers and for what watches over them; the JVM ends without waiting for them.
     *
     * <p>They are platform threads: virtual threads are not preempted (JEP 444), so handlers that compute on as many virtual
     * threads as there are processors would stop the time-outs and heartbeats of every job of their function.
     */
    default Thread.Builder threads() {
        return Thread.ofPlatform().daemon();
    }

    /** Whether the handler ended within this time. */
    boolean endsWithin(CountDownLatch end, Duration time) throws InterruptedException;

    Waiter REAL = (end, time) -> end.await(time.toNanos(), TimeUnit.NANOSECONDS);
}
