package dev.longshore.testkit;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.api.ApiFunction;
import dev.longshore.api.ApiKeys;
import dev.longshore.job.BodyStore;
import dev.longshore.job.Job;
import dev.longshore.job.JobQueue;
import dev.longshore.job.UploadUrls;
import dev.longshore.job.deadletter.Quarantine;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.KeyStore;
import dev.longshore.job.ledger.LedgerStore;
import dev.longshore.job.limit.LimitStore;
import dev.longshore.job.operatorlog.OperatorLog;
import dev.longshore.job.pause.PauseStore;
import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.keeper.DeadLetterFunction;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.task.FileStore;
import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskDescription;
import dev.longshore.worker.Waiter;
import dev.longshore.worker.WorkerFunction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A deployment in memory: the real functions over queues and a table in memory, and what AWS does between them by the kit's clock.
 * {@link #reset} makes it new, while the worker and its handlers stay.
 */
final class Deployment {
    private static final Duration LAMBDA = Duration.ofMinutes(15);
    private static final Duration EVERY_MINUTE = Duration.ofMinutes(1);

    private final WorkerFunction worker;
    private final ObservedRows rows = new ObservedRows(() -> memory().rows());
    private final Engines engines;
    private InMemoryEngines memory = InMemoryEngines.create();
    private Functions functions;
    private boolean ticked;
    private volatile Duration hangsAfter = Duration.ofSeconds(20);

    /** The functions of a deployment, each with the timeout that the construct gives it. */
    private record Functions(LambdaRunner worker, LambdaRunner deadLetters, LambdaRunner dispatcher, Api api) {}

    Deployment(Function<InstantSource, ? extends WorkerFunction> worker) {
        InstantSource clock = () -> memory().clock().instant();
        this.worker = worker.apply(clock);
        this.engines = new Engines(
                rows,
                part(BodyStore.class, () -> memory().bodies()),
                part(JobQueue.class, () -> memory().queue()),
                part(KeyStore.class, () -> memory().keys()),
                part(Quarantine.class, () -> memory().quarantine()),
                part(ScheduleStore.class, () -> memory().schedules()),
                part(PauseStore.class, () -> memory().pauses()),
                part(LimitStore.class, () -> memory().limits()),
                part(LedgerStore.class, () -> memory().ledger()),
                part(OperatorLog.class, () -> memory().operatorLog()),
                part(FileStore.class, () -> memory().files()),
                part(UploadUrls.class, () -> memory().engines().uploadUrls()),
                clock,
                () -> memory().random().nextLong());
        this.functions = functions(this.worker.catalog().descriptions());
    }

    /** Forwards to an engine of today's deployment; refuses the calls of an attempt that has crashed. */
    private <T> T part(Class<T> type, Supplier<T> today) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    rows.requireAlive();
                    try {
                        return method.invoke(today.get(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    InMemoryEngines memory() {
        return memory;
    }

    ObservedRows rows() {
        return rows;
    }

    Api api() {
        return functions.api();
    }

    TaskCatalog tasks() {
        return worker.catalog();
    }

    /** A deployment without jobs, at noon of the same day as every other. */
    void reset() {
        reset(CrashPlan.none(), worker.catalog().descriptions());
    }

    /** The same, in which a job crashes as planned, and no schedule makes jobs beside it. */
    void reset(CrashPlan plan) {
        reset(
                plan,
                worker.catalog().descriptions().stream()
                        .map(Deployment::withoutSchedules)
                        .toList());
    }

    private void reset(CrashPlan plan, List<TaskDescription> tasks) {
        memory = InMemoryEngines.create();
        ticked = false;
        rows.reset(plan);
        functions = functions(tasks);
    }

    static TaskDescription withoutSchedules(TaskDescription task) {
        return new TaskDescription(
                task.name(),
                task.pool(),
                task.timeoutMillis(),
                task.maxAttempts(),
                task.longestBackoffMillis(),
                task.retentionSeconds(),
                task.memoryMiB(),
                task.payload(),
                task.example(),
                Map.of(),
                task.aliases(),
                task.limits(),
                task.unique());
    }

    private Functions functions(List<TaskDescription> tasks) {
        String key = ApiKeys.draw(memory.random());
        memory.keys().putApiKey(ApiKeys.withAllScopes(key, now()));
        return new Functions(
                lambda(worker.on(engines, waiter()), LAMBDA),
                lambda(new DeadLetterFunction(engines, worker.catalog()), LAMBDA),
                lambda(new DispatcherFunction(engines, tasks), EVERY_MINUTE),
                new Api(lambda(new ApiFunction(engines, tasks), EVERY_MINUTE), key));
    }

    private LambdaRunner lambda(RequestStreamHandler function, Duration timeout) {
        return new LambdaRunner(function, memory.clock(), timeout);
    }

    /** After how much real time a handler that has not ended moves the clock. */
    void hangsAfter(Duration realTime) {
        hangsAfter = realTime;
    }

    /** A handler runs in real time, in which the clock stays; one that needs longer moves the clock by the time that the worker waits. */
    private Waiter waiter() {
        return (end, time) -> {
            if (Waiter.REAL.endsWithin(end, time.compareTo(hangsAfter) < 0 ? time : hangsAfter)) {
                return true;
            }
            memory.clock().advance(time);
            return false;
        };
    }

    Instant now() {
        return memory.clock().instant();
    }

    void moveClock(Instant to) {
        if (to.isAfter(now())) {
            memory.clock().set(to);
        }
    }

    int openJobs() {
        return Math.toIntExact(memory.rows().all().stream()
                .filter(job -> !job.state().isTerminal())
                .count());
    }

    private SortedSet<String> pools() {
        return worker.catalog().pools();
    }

    /** Handles the messages that are visible now, one at a time in the order in which they were sent, and sends jobs that are due. */
    boolean workOnce() {
        boolean worked = false;
        for (String pool : pools()) {
            worked |= workOnce(pool);
            Instant letter = memory.queue().nextDeadLetterAt(pool);
            if (letter != null && !letter.isAfter(now())) {
                functions.deadLetters().drainDeadLetters(memory.queue(), pool);
                worked = true;
            }
        }
        return worked || sendDueJobs();
    }

    private boolean workOnce(String pool) {
        try {
            return functions.worker().work(memory.queue(), pool, 1) > 0;
        } finally {
            rows.endAttempt();
        }
    }

    /** A job that waits without a message comes with a tick. */
    private boolean sendDueJobs() {
        boolean due = held().anyMatch(time -> !time.isAfter(now()));
        if (due) {
            tick();
        }
        return due;
    }

    /** The dispatcher's part of a minute. */
    void tick() {
        ticked = true;
        Json done = functions.dispatcher().invoke(Json.of(Map.of()));
        if (done.text().contains("\"failed\"")) {
            throw new IllegalStateException("A part of the dispatcher's tick failed at " + now() + ": " + done.text());
        }
    }

    /**
     * When AWS next does something for a job: a message becomes visible, or a tick finds a due job, a schedule, or a job that waits
     * for a slot; null for never.
     */
    @Nullable
    Instant nextEvent() {
        Stream<@Nullable Instant> messages = pools().stream()
                .flatMap(pool -> Stream.of(
                        memory.queue().nextVisibleAt(pool), memory.queue().nextDeadLetterAt(pool)));
        return Stream.concat(messages, Stream.of(nextTick()))
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /**
     * The next full minute in which the dispatcher finds a schedule, or a job that is due by the minute after, and each minute while
     * jobs wait for a slot: a slot whose job has crashed is handed on by a tick within two minutes of the end of its lease. Null for
     * never.
     */
    @Nullable
    Instant nextTick() {
        Stream<Instant> schedules =
                memory.schedules().list(1_000, null).items().stream().flatMap(schedule -> schedule.wakesAt().stream());
        Stream<Instant> inLine = memory.rows().all().stream()
                .filter(job -> job.heldByLimit().isPresent())
                .map(job -> now().plusNanos(1)); // the tick of this minute may have been
        return Stream.of(held().map(due -> due.minus(EVERY_MINUTE)), schedules, inLine)
                .flatMap(times -> times)
                .map(Deployment::fullMinute)
                .min(Instant::compareTo)
                .orElse(null);
    }

    /** The next full hour, whose tick audits the jobs of hours before. */
    Instant nextAudit() {
        return now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    }

    /** Makes the schedules that the code declares, as the first tick after a deployment does. */
    void firstTick() {
        if (!ticked) {
            tick();
        }
    }

    private static Instant fullMinute(Instant time) {
        Instant minute = time.truncatedTo(ChronoUnit.MINUTES);
        return minute.equals(time) ? time : minute.plus(EVERY_MINUTE);
    }

    /** When the jobs that wait in the due index are due. */
    private Stream<Instant> held() {
        return memory.rows().all().stream().filter(Job::isHeldUntilDue).map(Job::due);
    }
}
