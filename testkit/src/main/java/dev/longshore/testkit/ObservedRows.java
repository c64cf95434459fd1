package dev.longshore.testkit;

import dev.longshore.job.Body;
import dev.longshore.job.Change;
import dev.longshore.job.DayShards;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.JobStore.Query;
import dev.longshore.job.NewJob;
import dev.longshore.job.Page;
import dev.longshore.job.RowStore;
import dev.longshore.job.UniqueKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a deployment in memory, in front of which the test kit sees which attempt writes what: which jobs a handler
 * enqueues, and where an attempt can crash.
 */
final class ObservedRows implements RowStore {
    /** What is written beside a handler's own calls; an attempt that crashes there has made nothing of its own durable. */
    private static final Set<String> NO_PLACES =
            Set.of("claim", "extendLease", "progress", "acknowledge", "hold", "release");

    private final Supplier<RowStore> rows;
    private final Set<JobId> created = new LinkedHashSet<>();
    private final Map<JobId, JobId> parents = new LinkedHashMap<>();
    private final Map<JobId, NewJob> enqueued = new HashMap<>();
    private final Map<String, Integer> started = new HashMap<>();
    private CrashPlan plan = CrashPlan.none();

    /** Whose calls these are, on whichever thread: the worker gets one message at a time. Null between two messages. */
    private volatile @Nullable Attempt current;

    /** One claim of a job. Once it has crashed, none of its calls takes effect. */
    private static final class Attempt {
        final JobId job;
        volatile boolean crashed;

        Attempt(JobId job) {
            this.job = job;
        }
    }

    ObservedRows(Supplier<RowStore> rows) {
        this.rows = rows;
    }

    /** Empties what was seen, for a deployment without jobs. */
    synchronized void reset(CrashPlan next) {
        created.clear();
        parents.clear();
        enqueued.clear();
        plan = next;
    }

    /** All jobs that were created, in this order. */
    synchronized List<JobId> created() {
        return List.copyOf(created);
    }

    /** The jobs that the handler of this one enqueued, in the order of its calls. */
    synchronized List<JobId> childrenOf(JobId parent) {
        List<JobId> children = new ArrayList<>();
        parents.forEach((child, of) -> {
            if (of.equals(parent)) {
                children.add(child);
            }
        });
        return children;
    }

    /** How many jobs of each task the handler of this one enqueued. */
    synchronized Map<String, Integer> enqueuedBy(JobId parent) {
        Map<String, Integer> counts = new TreeMap<>();
        childrenOf(parent)
                .forEach(child ->
                        counts.merge(Objects.requireNonNull(enqueued.get(child)).task(), 1, Integer::sum));
        return counts;
    }

    /** How often a worker has started a job of each task, in this deployment and those before. */
    synchronized Map<String, Integer> started() {
        return new HashMap<>(started);
    }

    /** Fails when the attempt has crashed: its process is gone. */
    void requireAlive() {
        Attempt attempt = current;
        if (attempt != null && attempt.crashed) {
            throw new CrashPlan.Crash();
        }
    }

    /** The worker has ended its invocation: what is called from now on is not the attempt's. */
    void endAttempt() {
        current = null;
    }

    @Override
    public Creation create(NewJob job, Body payload, Instant keyExpires) {
        Attempt attempt = current;
        if (attempt == null) {
            return insert(job, payload, keyExpires);
        }
        requireAlive();
        crashIf(attempt, "enqueue", job.task(), false);
        see(attempt, job);
        Creation creation = insert(job, payload, keyExpires);
        crashIf(attempt, "enqueue", job.task(), true);
        return creation;
    }

    private Creation insert(NewJob job, Body payload, Instant keyExpires) {
        Creation creation =
                rows.get().create(job, payload, keyExpires); // a key that has changed throws: nothing is created
        synchronized (this) {
            created.add(job.id());
        }
        return creation;
    }

    private synchronized void see(Attempt attempt, NewJob job) {
        parents.put(job.id(), attempt.job);
        NewJob before = enqueued.putIfAbsent(job.id(), job);
        if (before != null
                && !(before.task().equals(job.task()) && before.payload().equals(job.payload()))) {
            plan.enqueuedDifferently(before, job);
        }
    }

    @Override
    public Change.Outcome apply(JobId id, Change change) {
        requireAlive();
        if (change.name().equals("claim")) {
            Change.Outcome claimed = rows.get().apply(id, change);
            if (claimed instanceof Change.Outcome.Done(Job job)) {
                current = new Attempt(id);
                start(job.task());
            }
            return claimed;
        }
        Attempt attempt = current;
        if (attempt == null || !attempt.job.equals(id) || NO_PLACES.contains(change.name())) {
            return rows.get().apply(id, change);
        }
        crashIf(attempt, change.name(), null, false);
        Change.Outcome outcome = rows.get().apply(id, change);
        crashIf(attempt, change.name(), null, true);
        return outcome;
    }

    private synchronized void start(String task) {
        started.merge(task, 1, Integer::sum);
    }

    private synchronized void crashIf(Attempt attempt, String call, @Nullable String of, boolean afterwards) {
        if (plan.crashesAt(attempt.job, call, of, afterwards)) {
            attempt.crashed = true;
            throw new CrashPlan.Crash();
        }
    }

    @Override
    public Optional<UniqueKey.Holder> holder(UniqueKey key) {
        requireAlive();
        return rows.get().holder(key);
    }

    @Override
    public Optional<Creation> earlier(NewJob job) {
        requireAlive();
        return rows.get().earlier(job);
    }

    @Override
    public void keepKey(UniqueKey key, JobId holder, Instant until) {
        rows.get().keepKey(key, holder, until);
    }

    @Override
    public boolean withdraw(Job job) {
        requireAlive();
        return rows.get().withdraw(job);
    }

    @Override
    public Optional<Job> find(JobId id) {
        requireAlive();
        return rows.get().find(id);
    }

    @Override
    public Page<Job, JobId> list(Query query) {
        return rows.get().list(query);
    }

    @Override
    public DayShards dayShards() {
        return rows.get().dayShards();
    }

    @Override
    public Page<Job, JobId> hour(Instant hour, String shard, @Nullable JobId after, int limit) {
        return rows.get().hour(hour, shard, after, limit);
    }

    @Override
    public Page<Job, IndexPlace> held(
            HoldReason reason, String shard, Instant until, @Nullable IndexPlace after, int limit) {
        return rows.get().held(reason, shard, until, after, limit);
    }

    @Override
    public Page<Job, IndexPlace> dead(String shard, Instant from, Instant to, @Nullable IndexPlace after, int limit) {
        return rows.get().dead(shard, from, to, after, limit);
    }
}
