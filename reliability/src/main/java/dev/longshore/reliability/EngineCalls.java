package dev.longshore.reliability;

import dev.longshore.job.Change;
import dev.longshore.job.HoldReason;
import dev.longshore.job.RowStore;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.KeyStore;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.ScheduleStore;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Intercepts all calls of one sandbox to the engines. Each call yields to other threads, may fail, freeze or be the
 * sandbox's last, and is recorded. It wraps every component of {@link Engines}, so a new engine is covered at once.
 */
final class EngineCalls {
    private static final Set<String> READ_FROM_THE_INDEX = Set.of("held", "dead");
    private static final Set<String> LEFT_ALONE = Set.of("poolOf", "hasPool", "toString", "hashCode", "equals");

    /** Calls that write nothing and are made under a lock: they can fail, and no other thread runs meanwhile. */
    private static final Set<String> UNDER_A_LOCK = Set.of("depth", "all", "numbers");

    private static final Duration LAG_OF_A_LINE = Duration.ofSeconds(10);

    private final Sandbox sandbox;
    private final DeterministicScheduler scheduler;
    private final Recorder recorder;
    private final FaultPlan faultPlan;
    private final Map<Object, IndexAnswer> lastIndexAnswers = new HashMap<>();

    EngineCalls(Sandbox sandbox, DeterministicScheduler scheduler, Recorder recorder, FaultPlan faultPlan) {
        this.sandbox = sandbox;
        this.scheduler = scheduler;
        this.recorder = recorder;
        this.faultPlan = faultPlan;
    }

    /** The engines as the sandbox sees them. */
    Engines around(Engines real, RandomGenerator random) {
        RecordComponent[] components = Engines.class.getRecordComponents();
        try {
            Object[] seen = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                Class<?> type = components[i].getType();
                Object engine = components[i].getAccessor().invoke(real);
                seen[i] = type == InstantSource.class
                        ? sandbox
                        : type == RandomGenerator.class
                                ? random
                                : type == KeyStore.class ? engine : around(type, engine);
            }
            Constructor<Engines> constructor = Engines.class.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(seen);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Engines is a public record", e);
        }
    }

    private Object around(Class<?> type, Object engine) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> method.isDefault()
                        ? InvocationHandler.invokeDefault(
                                proxy, method, args) // a default method makes calls, each with its own crash point
                        : call(engine, method, args));
    }

    private @Nullable Object call(Object engine, Method method, Object @Nullable [] args) throws Throwable {
        if (LEFT_ALONE.contains(method.getName())) {
            return invoke(engine, method, args);
        }
        if (UNDER_A_LOCK.contains(method.getName())) {
            sandbox.requireNotOver();
            if (faultPlan.failsUnderALock(sandbox, method.getName())) {
                throw new StoreUnavailableException(
                        method.getName() + " was refused", new IllegalStateException("an injected fault"));
            }
            return invoke(engine, method, args);
        }
        String name =
                args != null && args.length == 2 && args[1] instanceof Change change ? change.name() : method.getName();
        sandbox.requireAlive();
        scheduler.letOthersRun();
        meet(faultPlan.before(sandbox, name), name, args, "was refused");
        Object answer = answer(engine, method, args, name);
        Fault fault = faultPlan.after(sandbox, name);
        if (fault instanceof Fault.Repeated(var after)) {
            scheduler.freeze(after);
            sandbox.requireAlive();
            answer = answer(engine, method, args, name);
        } else {
            meet(fault, name, args, "took effect, but its answer was lost");
        }
        recorder.answered(sandbox, name, answer);
        return answer;
    }

    private @Nullable Object answer(Object engine, Method method, Object @Nullable [] args, String name)
            throws Throwable {
        if (engine instanceof ScheduleStore && args != null && args[0] instanceof Schedule schedule) {
            Object written = invoke(engine, method, args);
            recorder.scheduled(name, schedule, written);
            return written;
        }
        if (engine instanceof RowStore && args != null) {
            if (READ_FROM_THE_INDEX.contains(name)) {
                return index(engine, method, args);
            }
            return recorder.around(sandbox, name, args, () -> invoke(engine, method, args));
        }
        if (name.equals("sendAll") && args != null && faultPlan.takesOnlySome()) {
            return sendSome(engine, method, args);
        }
        return invoke(engine, method, args);
    }

    /** All messages but the last are sent. */
    private static Object sendSome(Object engine, Method method, Object[] args) throws Throwable {
        List<?> messages = (List<?>) args[1];
        int left = messages.size() - 1;
        invoke(engine, method, new Object[] {args[0], messages.subList(0, left)});
        return Set.of(left);
    }

    /**
     * The index lags behind the rows: it may return the previous answer again. For the line of a limit it lags by seconds, as the
     * line relies on: a job that the index does not show within a minute waits for the audit.
     */
    private Object index(Object engine, Method method, Object[] args) throws Throwable {
        List<?> part = Stream.concat(
                        Stream.of(method.getName()),
                        Arrays.stream(args)
                                .filter(arg -> !(arg instanceof Instant))
                                .map(String::valueOf))
                .toList();
        IndexAnswer before = lastIndexAnswers.get(part);
        boolean isOfALine =
                args[0] instanceof HoldReason reason && reason.limit().isPresent();
        if (before != null
                && faultPlan.indexLags()
                && !(isOfALine && before.at().plus(LAG_OF_A_LINE).isBefore(recorder.now()))) {
            return before.answer();
        }
        Object now = Objects.requireNonNull(invoke(engine, method, args));
        lastIndexAnswers.put(part, new IndexAnswer(now, recorder.now()));
        return now;
    }

    private record IndexAnswer(Object answer, Instant at) {}

    private void meet(Fault fault, String call, Object @Nullable [] args, String what) {
        switch (fault) {
            case Fault.Fine() -> {}
            case Fault.Repeated(var _) -> throw new IllegalStateException("only a call that was made is repeated");
            case Fault.Failed() -> {
                recorder.failed(sandbox, call, args);
                throw new StoreUnavailableException(call + " " + what, new IllegalStateException("an injected fault"));
            }
            case Fault.Frozen(var time) -> {
                recorder.frozen(sandbox);
                scheduler.freeze(time);
                sandbox.requireAlive();
            }
            case Fault.Crashed() -> {
                recorder.crashed(sandbox);
                sandbox.crash();
            }
        }
        sandbox.requireAlive();
    }

    private static @Nullable Object invoke(Object engine, Method method, Object @Nullable [] args) throws Throwable {
        try {
            return method.invoke(engine, args);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
