package dev.longshore.suites.faults;

import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Engines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which calls fail, and when: <i>before</i> they take effect (refused, throttled) or <i>after</i> (only the answer is
 * lost). A call is named after its method, a change to a job's row after the change.
 */
public final class Faults {
    private final Map<String, Integer> before = new HashMap<>();
    private final Map<String, Integer> after = new HashMap<>();
    private final Map<String, RuntimeException> broken = new HashMap<>();
    private final Map<String, Interruption> interruptions = new HashMap<>();
    private final List<String> calls = new ArrayList<>();

    private record Interruption(int calls, Runnable happens) {}

    /** The next {@code times} calls of this name fail before they take effect. */
    public synchronized Faults refuse(String call, int times) {
        before.put(call, times);
        return this;
    }

    /** The next {@code times} calls of this name take effect, but their caller gets an exception. */
    public synchronized Faults loseAnswer(String call, int times) {
        after.put(call, times);
        return this;
    }

    /** The next call of this name fails with an unforeseen exception. */
    public synchronized Faults breakOnce(String call, RuntimeException thrown) {
        broken.put(call, thrown);
        return this;
    }

    /** Runs something once, after so many more calls of this name, such as another write. */
    public synchronized Faults afterCalls(String call, int times, Runnable happens) {
        interruptions.put(call, new Interruption(times, happens));
        return this;
    }

    /** The same engines, whose jobs, bodies, queues, schedules and pauses fail when this says so. */
    public Engines engines(Engines real) {
        return new Engines(
                new FaultyRowStore(real.rows(), this),
                new FaultyBodyStore(real.bodies(), this),
                new FaultyJobQueue(real.queue(), this),
                real.keys(),
                real.quarantine(),
                new FaultyScheduleStore(real.schedules(), this),
                new FaultyPauseStore(real.pauses(), this),
                new FaultyLimitStore(real.limits(), this),
                real.ledger(),
                real.operatorLog(),
                real.files(),
                real.uploadUrls(),
                real.clock(),
                real.random());
    }

    /** The names of all calls so far, in order. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** Makes a call, unless it is to fail before it takes effect; its answer is lost if it is to fail after. */
    <T extends @Nullable Object> T around(String call, Supplier<T> real) {
        before(call);
        T answer = real.get();
        after(call);
        return answer;
    }

    void around(String call, Runnable real) {
        before(call);
        real.run();
        after(call);
    }

    private synchronized void before(String call) {
        calls.add(call);
        RuntimeException thrown = broken.remove(call);
        if (thrown != null) {
            throw thrown;
        }
        failIfPlanned(before, call, "was refused");
    }

    private void after(String call) {
        interruptionAfter(call).ifPresent(Runnable::run); // not under the lock: it may make calls on other threads
        synchronized (this) {
            failIfPlanned(after, call, "took effect, but its answer was lost");
        }
    }

    private synchronized Optional<Runnable> interruptionAfter(String call) {
        Interruption planned = interruptions.remove(call);
        if (planned != null && planned.calls() > 1) {
            interruptions.put(call, new Interruption(planned.calls() - 1, planned.happens()));
            return Optional.empty();
        }
        return Optional.ofNullable(planned).map(Interruption::happens);
    }

    private static void failIfPlanned(Map<String, Integer> planned, String call, String what) {
        int left = planned.getOrDefault(call, 0);
        if (left > 0) {
            planned.put(call, left - 1);
            throw new StoreUnavailableException(call + " " + what, new IllegalStateException("as the test wants it"));
        }
    }
}
