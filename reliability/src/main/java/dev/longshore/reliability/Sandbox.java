package dev.longshore.reliability;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Where an instance of a function lives: it has a clock of its own, and dies as a whole. */
final class Sandbox implements InstantSource {
    private final String name;
    private final InstantSource truth;
    private final Duration skew;
    private final DeterministicScheduler scheduler;
    private final Set<CountDownLatch> invocations = new LinkedHashSet<>();
    private boolean alive = true;

    Sandbox(String name, InstantSource truth, Duration skew, DeterministicScheduler scheduler) {
        this.name = name;
        this.truth = truth;
        this.skew = skew;
        this.scheduler = scheduler;
    }

    String name() {
        return name;
    }

    /** The time by this sandbox's clock. */
    @Override
    public Instant instant() {
        return truth.instant().plus(skew);
    }

    /** The true time. */
    Instant truth() {
        return truth.instant();
    }

    boolean isAlive() {
        return alive;
    }

    /** Runs one invocation to its end, or to the sandbox's. */
    boolean invoke(Runnable invocation) {
        CountDownLatch end = new CountDownLatch(1);
        invocations.add(end);
        scheduler.start(name, () -> {
            invocation.run();
            end.countDown();
        });
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nothing interrupts the caller of a function", e);
        }
        invocations.remove(end);
        return alive;
    }

    /** Ends the sandbox here: no later line runs. */
    void crash() {
        alive = false;
        invocations.forEach(CountDownLatch::countDown);
        scheduler.stop();
    }

    /** Like {@link #requireAlive}, but for a thread that holds a lock: a dead one releases it. */
    void requireNotOver() {
        if (!alive || scheduler.isOver()) {
            throw new DeterministicScheduler.Over();
        }
    }

    /** Stops the calling thread if its sandbox is dead. */
    void requireAlive() {
        if (!alive) {
            scheduler.stop();
        }
    }
}
