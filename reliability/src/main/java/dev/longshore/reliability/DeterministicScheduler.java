package dev.longshore.reliability;

import dev.longshore.memory.SettableClock;
import dev.longshore.worker.Waiter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs virtual threads one at a time, on the thread that called {@link #run}. A thread runs until it waits or yields; a
 * seed decides which one is next. When all of them wait for a time, the clock moves to the earliest. So a whole deployment
 * runs in one thread, an hour of it in milliseconds, and the same seed always gives the same run.
 *
 * <p>This is the scheduler of those virtual threads, and of all that they start themselves: a virtual thread takes its
 * parent's scheduler. The JDK keeps that setting to itself (JEP 444: "not a goal to ... allow the scheduler to be chosen"),
 * hence {@code --add-opens java.base/java.lang=ALL-UNNAMED}.
 */
final class DeterministicScheduler implements Executor, Waiter {
    private static final Method NEW_VIRTUAL_THREAD = newVirtualThread();

    private final SettableClock clock;
    private final RandomGenerator choice;
    private final Thread owner = Thread.currentThread();
    private final List<Runnable> ready = new ArrayList<>();
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparing((Alarm alarm) -> alarm.at).thenComparing(alarm -> alarm.number));
    private final List<Thread> stopped = new ArrayList<>();
    private long alarmsSet;
    private long steps;
    private boolean over;
    private @Nullable Throwable failure;

    /** The run is over; ends each thread that still waits in it. */
    static final class Over extends RuntimeException {
        Over() {
            super("the simulated time is over", null, false, false);
        }
    }

    private static final class Alarm {
        final Instant at;
        final long number;
        final Thread sleeper;
        boolean rung;

        Alarm(Instant at, long number, Thread sleeper) {
            this.at = at;
            this.number = number;
            this.sleeper = sleeper;
        }

        void ring() {
            rung = true;
            LockSupport.unpark(sleeper);
        }
    }

    DeterministicScheduler(SettableClock clock, RandomGenerator choice) {
        this.clock = clock;
        this.choice = choice;
    }

    /** Starts a thread; what it throws fails the whole run. */
    void start(String name, Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (Over e) {
                // ended with the run
            } catch (Throwable e) {
                failure = failure == null ? e : failure;
            }
        };
        try {
            ((Thread) NEW_VIRTUAL_THREAD.invoke(null, this, name, 0, guarded)).start();
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("This JDK does not let a virtual thread's scheduler be chosen", e);
        }
    }

    /** A virtual thread is ready to continue. */
    @Override
    public void execute(Runnable step) {
        if (Thread.currentThread() != owner && !Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("A thread of the simulation was woken by one outside of it");
        }
        ready.add(step);
    }

    /** Runs until every thread waits for a time after {@code until}, or without a time. */
    void run(Instant until) {
        while (failure == null) {
            if (!ready.isEmpty()) {
                steps++;
                next().run();
            } else if (!alarms.isEmpty() && !alarms.peek().at.isAfter(until)) {
                clock.set(alarms.peek().at);
                while (!alarms.isEmpty() && !alarms.peek().at.isAfter(clock.instant())) {
                    alarms.poll().ring();
                }
            } else {
                return;
            }
        }
        throw new IllegalStateException("The simulation itself failed", failure);
    }

    private Runnable next() {
        int drawn = ready.size() == 1 ? 0 : choice.nextInt(ready.size());
        Runnable last = ready.removeLast();
        return drawn == ready.size() ? last : ready.set(drawn, last);
    }

    /** Ends every thread. */
    void end() {
        over = true;
        alarms.forEach(Alarm::ring);
        alarms.clear();
        stopped.forEach(LockSupport::unpark);
        stopped.clear();
        run(clock.instant());
    }

    /** Lets another thread run. */
    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is this one
    void letOthersRun() {
        requireNotOver();
        Thread.yield();
        requireNotOver();
    }

    /** Waits for this time by the simulated clock; an interruption ends it. */
    void sleep(Duration time) throws InterruptedException {
        Alarm alarm = alarmIn(time);
        while (!alarm.rung) {
            LockSupport.park(alarm);
            if (Thread.interrupted()) {
                alarms.remove(alarm);
                throw new InterruptedException("asleep");
            }
        }
        requireNotOver();
    }

    /** Freezes the calling thread for this time; an interruption does not end it. */
    void freeze(Duration time) {
        Alarm alarm = alarmIn(time);
        boolean interrupted = false;
        while (!alarm.rung) {
            LockSupport.park(alarm);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        requireNotOver();
    }

    /** Freezes the calling thread until the end of the run. */
    void stop() {
        stopped.add(Thread.currentThread());
        while (!over) {
            LockSupport.park(this);
            Thread.interrupted();
        }
        throw new Over();
    }

    /** Virtual threads of this scheduler: here nothing computes for long, and a platform thread would run beside it. */
    @Override
    public Thread.Builder threads() {
        return Thread.ofVirtual();
    }

    /** Waits for a latch, at most for this time by the simulated clock. */
    @Override
    public boolean endsWithin(CountDownLatch end, Duration time) throws InterruptedException {
        if (end.getCount() == 0) {
            return true;
        }
        Alarm alarm = alarmIn(time);
        start("watch", () -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("Nothing interrupts this thread", e);
            }
            alarms.remove(alarm);
            alarm.ring();
        });
        while (!alarm.rung) {
            LockSupport.park(alarm);
            if (Thread.interrupted()) {
                throw new InterruptedException("waiting");
            }
        }
        requireNotOver();
        return end.getCount() == 0;
    }

    private Alarm alarmIn(Duration time) {
        requireNotOver();
        Alarm alarm = new Alarm(clock.instant().plus(time), alarmsSet++, Thread.currentThread());
        alarms.add(alarm);
        return alarm;
    }

    private void requireNotOver() {
        if (over) {
            throw new Over();
        }
    }

    boolean isOver() {
        return over;
    }

    /** How often a thread ran until it waited. */
    long steps() {
        return steps;
    }

    private static Method newVirtualThread() {
        try {
            Method method = Class.forName("java.lang.ThreadBuilders")
                    .getDeclaredMethod("newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "The simulation schedules virtual threads itself: run it on JDK 25 with"
                            + " --add-opens=java.base/java.lang=ALL-UNNAMED",
                    e);
        }
    }
}
