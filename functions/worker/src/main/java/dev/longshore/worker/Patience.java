package dev.longshore.worker;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How a worker waits for a handler: by the clock on the wall, or as a test has it. */
public interface Patience {
    /** Whether the handler ended within this time. */
    boolean endsWithin(CountDownLatch end, Duration time) throws InterruptedException;

    Patience REAL = (end, time) -> end.await(time.toNanos(), TimeUnit.NANOSECONDS);
}
