package dev.longshore.local;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the handlers of a test do to the world, twice over: each time they do it, and as a store sees it that remembers for
 * each job the fence it has seen, refuses a lower one, and does the same thing once.
 */
final class Effects {
    private final AtomicLong happened = new AtomicLong();
    private final AtomicLong counted = new AtomicLong();
    private final Map<String, Long> fences = new ConcurrentHashMap<>();

    void happen(String jobId, long fence) {
        happened.incrementAndGet();
        fences.compute(jobId, (id, seen) -> {
            if (seen == null) {
                counted.incrementAndGet();
                return fence;
            }
            return Math.max(seen, fence);
        });
    }

    /** Without a fence. */
    long happened() {
        return happened.get();
    }

    /** With the fence. */
    long counted() {
        return counted.get();
    }
}
