package dev.longshore.suites.faults;

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link RowStore} whose calls fail when {@link Faults} say so: before they take effect, or after. */
public final class FaultyRowStore implements RowStore {
    private final RowStore store;
    private final Faults faults;

    public FaultyRowStore(RowStore store, Faults faults) {
        this.store = store;
        this.faults = faults;
    }

    @Override
    public Creation create(NewJob job, Body payload, Instant keyExpires) {
        return faults.around("create", () -> store.create(job, payload, keyExpires));
    }

    @Override
    public Change.Outcome apply(JobId id, Change change) {
        return faults.around(change.name(), () -> store.apply(id, change));
    }

    @Override
    public Optional<UniqueKey.Holder> holder(UniqueKey key) {
        return faults.around("holder", () -> store.holder(key));
    }

    @Override
    public Optional<Creation> earlier(NewJob job) {
        return faults.around("earlier", () -> store.earlier(job));
    }

    @Override
    public void keepKey(UniqueKey key, JobId holder, Instant until) {
        faults.around("keepKey", () -> {
            store.keepKey(key, holder, until);
            return true;
        });
    }

    @Override
    public boolean withdraw(Job job) {
        return faults.around("withdraw", () -> store.withdraw(job));
    }

    @Override
    public Optional<Job> find(JobId id) {
        return faults.around("find", () -> store.find(id));
    }

    @Override
    public Page<Job, JobId> list(Query query) {
        return faults.around("list", () -> store.list(query));
    }

    @Override
    public DayShards dayShards() {
        return store.dayShards();
    }

    @Override
    public Page<Job, JobId> hour(Instant hour, String shard, @Nullable JobId after, int limit) {
        return faults.around("hour", () -> store.hour(hour, shard, after, limit));
    }

    @Override
    public Page<Job, IndexPlace> held(
            HoldReason reason, String shard, Instant until, @Nullable IndexPlace after, int limit) {
        return faults.around("held", () -> store.held(reason, shard, until, after, limit));
    }

    @Override
    public Page<Job, IndexPlace> dead(String shard, Instant from, Instant to, @Nullable IndexPlace after, int limit) {
        return faults.around("dead", () -> store.dead(shard, from, to, after, limit));
    }
}
