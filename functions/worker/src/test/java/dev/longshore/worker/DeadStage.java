package dev.longshore.worker;

import dev.longshore.job.Body;
import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.HistoryEntry;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.RowStore;
import dev.longshore.job.Uniqueness;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.deadletter.DeadFilter;
import dev.longshore.job.deadletter.MaintenanceTasks;
import dev.longshore.job.delivery.Delivery;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.engines.HeldJobs;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.task.Json;
import dev.longshore.task.OnDuplicate;
import dev.longshore.task.TaskCatalog;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Dead jobs on engines in memory, and the maintenance jobs that redrive or purge them. */
final class DeadStage {
    /** Where the dead jobs were; the sweeping jobs run in another pool. */
    static final String BULK = "bulk";

    static final DeadFilter ALL = filter(null, null, null, null);

    final InMemoryEngines memory = InMemoryEngines.create();
    final Map<String, AtomicInteger> calls = new TreeMap<>();
    final TaskCatalog tasks = new TaskCatalog();
    private final AtomicInteger storeCalls = new AtomicInteger();
    private final WriteTokens tokens = new WriteTokens(memory.random());
    private final RowStore metered = metered(memory.rows());
    final Engines engines = memory.engines(metered, memory.queue());
    private volatile IntConsumer before = call -> {};
    private volatile IntConsumer after = call -> {};
    private volatile Consumer<String> onCall = name -> {};

    DeadStage() {
        tasks.add("t", Json.class, (payload, job) -> null).pool(BULK);
    }

    /** Keeps payloads outside of their rows from now on. */
    void keepPayloadsApart() {
        memory.bodies().apartAbove(0, Integer.MAX_VALUE);
    }

    /** When a payload outside of its row ends; null while it has no end. */
    @Nullable
    Instant payloadEnds(JobId id) {
        return memory.bodies().end((Body.Apart) job(id).payload());
    }

    /** What kills a worker in the middle. */
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** A store that counts its calls and lets a test move the clock, or throw, at each. */
    private RowStore metered(RowStore store) {
        return (RowStore) Proxy.newProxyInstance(
                DeadStage.class.getClassLoader(), new Class<?>[] {RowStore.class}, (proxy, method, arguments) -> {
                    if (method.isDefault()) {
                        return InvocationHandler.invokeDefault(proxy, method, arguments); // made of calls that count
                    }
                    String name = arguments.length == 2 && arguments[1] instanceof Change change
                            ? change.name()
                            : method.getName();
                    synchronized (calls) {
                        calls.computeIfAbsent(name, any -> new AtomicInteger()).incrementAndGet();
                    }
                    onCall.accept(name);
                    int number = storeCalls.incrementAndGet();
                    before.accept(number);
                    Object answer;
                    try {
                        answer = method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    after.accept(number);
                    return answer;
                });
    }

    /** Every call of the store takes so long. */
    void eachCallTakes(Duration time) {
        before = call -> memory.clock().advance(time);
    }

    /** What happens at the first call of this name, before it takes effect. */
    void atFirst(String call, Runnable event) {
        AtomicInteger seen = new AtomicInteger();
        onCall = name -> {
            if (name.equals(call) && seen.getAndIncrement() == 0) {
                event.run();
            }
        };
    }

    /** The worker is killed at the call of this number: before it takes effect, or when only its answer is missing. */
    void killAt(int number, boolean afterItsEffect) {
        IntConsumer kill = call -> {
            if (call == number) {
                throw new Killed();
            }
        };
        before = afterItsEffect ? call -> {} : kill;
        after = afterItsEffect ? kill : call -> {};
    }

    int storeCalls() {
        return storeCalls.get();
    }

    static DeadFilter filter(
            @Nullable String task, @Nullable String error, @Nullable String reason, @Nullable String tag) {
        return new DeadFilter(task, null, null, error, reason, tag, List.of());
    }

    JobId dead(String error, String... tags) {
        return deadOf("t", BULK, error, tags);
    }

    JobId deadOf(String task, String pool, String error, String... tags) {
        Instant now = now();
        NewJob job = new NewJob(
                JobId.next(now, memory.random()),
                task,
                pool,
                1,
                Json.parse("{}"),
                now,
                null,
                null,
                List.of(tags),
                null,
                null,
                null,
                Map.of(),
                null,
                tokens.next());
        memory.jobs().create(job, now);
        kill(job.id(), error);
        memory.clock().advance(Duration.ofMillis(1));
        return job.id();
    }

    /** A dead job with a unique key. */
    JobId deadUnique(String key) {
        JobId id = waitingUnique(key);
        kill(id, "no route");
        memory.clock().advance(Duration.ofMillis(1));
        return id;
    }

    /** A waiting job with a unique key. */
    JobId waitingUnique(String key) {
        NewJob job = NewJob.of(JobId.next(now(), memory.random()), "t", BULK, 1, Json.parse("{}"), now(), tokens.next())
                .unique(Uniqueness.of(key, OnDuplicate.REJECT));
        memory.jobs().create(job, now());
        return job.id();
    }

    List<JobId> dead(int count, String error) {
        List<JobId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(dead(error));
        }
        return ids;
    }

    /** A worker takes a waiting job, and it dies. */
    void kill(JobId id, String error) {
        Job held = changed(id, new Lifecycle(now(), tokens.next()).claim(id, now().plusSeconds(30)));
        changed(id, new Lifecycle(now(), tokens.next()).kill(held, DeadReason.EXHAUSTED, new JobError("Oops", error)));
    }

    void succeed(JobId id) {
        Job held = changed(id, new Lifecycle(now(), tokens.next()).claim(id, now().plusSeconds(30)));
        changed(id, new Lifecycle(now(), tokens.next()).succeed(held, null, null, Duration.ofSeconds(9_999)));
    }

    Job changed(JobId id, Change change) {
        return ((Change.Outcome.Done) memory.jobs().apply(id, change)).job();
    }

    JobId redrive(DeadFilter filter, int limit, @Nullable Double rate, boolean canary) {
        return ordered(
                MaintenanceTasks.REDRIVE,
                new MaintenanceTasks.Redrive(upToNow(filter), limit, rate, canary, "operator"));
    }

    JobId purge(DeadFilter filter, int limit) {
        return ordered(MaintenanceTasks.PURGE, new MaintenanceTasks.Purge(upToNow(filter), limit));
    }

    private DeadFilter upToNow(DeadFilter filter) {
        return new DeadFilter(
                filter.task(), filter.from(), now(), filter.error(), filter.reason(), filter.tag(), filter.aliases());
    }

    private JobId ordered(String task, Object order) {
        NewJob job = NewJob.of(
                JobId.next(now(), memory.random()),
                task,
                WorkerStage.POOL,
                MaintenanceTasks.MAX_ATTEMPTS,
                Json.of(order),
                now(),
                tokens.next());
        new Enqueuer(memory.engines()).enqueue(job);
        memory.clock().advance(Duration.ofMillis(1));
        return job.id();
    }

    /** One delivery to a worker, as soon as the next message is visible. */
    void workOnce() {
        Instant next = memory.queue().nextVisibleAt(WorkerStage.POOL);
        if (next != null && next.isAfter(now())) {
            memory.clock().set(next);
        }
        Waiter untilItsEnd = (end, time) -> {
            end.await();
            return true;
        };
        JobWorker worker = new JobWorker(engines, tasks, untilItsEnd, new Drain(), null);
        for (Received message : memory.queue().receive(WorkerStage.POOL, 1)) {
            try {
                Delivery.Verdict verdict =
                        worker.work(WorkerStage.delivery(message, engines.queue()), now().plus(Duration.ofMinutes(1)));
                if (verdict == Delivery.Verdict.DELETE) {
                    memory.queue().delete(WorkerStage.POOL, message.receipt());
                }
            } catch (Killed e) {
                memory.clock().advance(Duration.ofMinutes(1)); // until the lease is over
            }
        }
        for (Received letter : memory.queue().receiveDeadLetters(WorkerStage.POOL, 10)) {
            memory.queue().sendRaw(WorkerStage.POOL, letter.body()); // as DeadLetterFunction does with a waiting job
            memory.queue().deleteDeadLetter(WorkerStage.POOL, letter.receipt());
        }
        for (String shard : JobId.SHARDS) {
            memory.jobs().held(HoldReason.DUE, shard, now(), null, 1_000).items().stream()
                    .filter(job -> job.pool().equals(WorkerStage.POOL))
                    .forEach(job -> new HeldJobs(memory.engines()).tryRelease(List.of(job))); // as DueJobs does
        }
    }

    /** Works until the job is at its end; answers it. */
    Job workUntilEnd(JobId id) {
        for (int i = 0; i < 1_000; i++) {
            if (job(id).state().isTerminal()) {
                return job(id);
            }
            workOnce();
        }
        throw new AssertionError("still " + job(id).state() + " after 1,000 deliveries");
    }

    Json result(JobId id) {
        Json result = memory.jobs().result(workUntilEnd(id));
        return result == null ? Json.parse("null") : result;
    }

    Job job(JobId id) {
        return memory.jobs().find(id).orElseThrow();
    }

    JobState state(JobId id) {
        return job(id).state();
    }

    /** How often an operator redrove the job. */
    long timesRedriven(JobId id) {
        return job(id).history().stream()
                .map(HistoryEntry::by)
                .filter("operator"::equals)
                .count();
    }

    /** The jobs that have a message or are in the due index. */
    Set<JobId> inQueueOrDue() {
        Set<JobId> ids = memory.queue().receive(BULK, Integer.MAX_VALUE).stream()
                .map(message ->
                        JobMessage.read(message.body()).orElseThrow().jobId().orElseThrow())
                .collect(Collectors.toCollection(HashSet::new));
        memory.rows().all().stream().filter(Job::isHeldUntilDue).map(Job::id).forEach(ids::add);
        return ids;
    }

    Instant now() {
        return memory.clock().instant();
    }
}
