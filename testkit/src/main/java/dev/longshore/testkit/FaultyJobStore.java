package dev.longshore.testkit;

import dev.longshore.job.Body;
import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import dev.longshore.job.Pausable;
import dev.longshore.task.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link JobStore} whose calls fail when {@link Faults} say so: before they take effect, or after. */
public final class FaultyJobStore implements JobStore {
    private final JobStore store;
    private final Faults faults;

    public FaultyJobStore(JobStore store, Faults faults) {
        this.store = store;
        this.faults = faults;
    }

    @Override
    public Creation create(NewJob job, Instant keyExpires) {
        return faults.around("create", () -> store.create(job, keyExpires));
    }

    @Override
    public Change.Outcome apply(JobId id, Change change) {
        return faults.around(change.name(), () -> store.apply(id, change));
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
    public Json payload(Job job) {
        return faults.around("payload", () -> store.payload(job));
    }

    @Override
    public @Nullable Json result(Job job) {
        return store.result(job);
    }

    @Override
    public Body keepResult(Job job, Json result) {
        return faults.around("keepResult", () -> store.keepResult(job, result));
    }

    @Override
    public void expireBodies(Job job, Instant expires) {
        faults.around("expireBodies", () -> store.expireBodies(job, expires));
    }

    @Override
    public List<Sweep> sweeps(String shard, Instant until, int limit) {
        return faults.around("sweeps", () -> store.sweeps(shard, until, limit));
    }

    @Override
    public void sweep(Sweep sweep) {
        faults.around("sweep", () -> store.sweep(sweep));
    }

    @Override
    public void postpone(Sweep sweep, Instant until) {
        faults.around("postpone", () -> store.postpone(sweep, until));
    }

    @Override
    public void keepBodies(Job job) {
        faults.around("keepBodies", () -> store.keepBodies(job));
    }

    @Override
    public Page list(Query query) {
        return faults.around("list", () -> store.list(query));
    }

    @Override
    public Page hour(Instant hour, String shard, @Nullable JobId after, int limit) {
        return faults.around("hour", () -> store.hour(hour, shard, after, limit));
    }

    @Override
    public IndexPage due(String shard, Instant until, @Nullable IndexPlace after, int limit) {
        return faults.around("due", () -> store.due(shard, until, after, limit));
    }

    @Override
    public IndexPage setAside(Pausable what, String shard, @Nullable IndexPlace after, int limit) {
        return faults.around("setAsideJobs", () -> store.setAside(what, shard, after, limit));
    }

    @Override
    public Body keepPayload(Job job, Json payload) {
        return faults.around("keepPayload", () -> store.keepPayload(job, payload));
    }

    @Override
    public void discardBody(Job job, Body body) {
        faults.around("discardBody", () -> store.discardBody(job, body));
    }

    @Override
    public IndexPage dead(String shard, Instant from, Instant to, @Nullable IndexPlace after, int limit) {
        return faults.around("dead", () -> store.dead(shard, from, to, after, limit));
    }
}
