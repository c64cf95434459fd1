package dev.longshore.worker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Handlers that still run although they were interrupted. Nothing ends a thread from outside (JDK 20 removed {@code
 * Thread.stop}); only the end of its process does.
 */
final class StuckHandlers {
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    void add(Thread handler) {
        threads.add(handler);
    }

    /** How many of them still run. */
    int count() {
        threads.removeIf(handler -> !handler.isAlive());
        return threads.size();
    }
}
