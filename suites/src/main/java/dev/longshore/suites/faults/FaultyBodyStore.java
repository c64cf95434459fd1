package dev.longshore.suites.faults;

import dev.longshore.job.Body;
import dev.longshore.job.BodyStore;
import dev.longshore.job.JobId;
import dev.longshore.task.Json;
import java.time.Instant;
import java.util.List;

/** A {@link BodyStore} whose calls fail when {@link Faults} say so: before they take effect, or after. */
public final class FaultyBodyStore implements BodyStore {
    private final BodyStore store;
    private final Faults faults;

    public FaultyBodyStore(BodyStore store, Faults faults) {
        this.store = store;
        this.faults = faults;
    }

    @Override
    public Body keepPayload(JobId id, String name, Json payload, Instant now) {
        return faults.around("keepBody", () -> store.keepPayload(id, name, payload, now));
    }

    @Override
    public Body keepResult(JobId id, String name, Json result, Instant end) {
        return faults.around("keepBody", () -> store.keepResult(id, name, result, end));
    }

    @Override
    public Json read(JobId id, Body.Apart body) {
        return faults.around("readBody", () -> store.read(id, body));
    }

    @Override
    public void endAt(JobId id, Body.Apart body, Instant at) {
        faults.around("endBody", () -> store.endAt(id, body, at));
    }

    @Override
    public void keepOn(JobId id, Body.Apart payload, Instant now) {
        faults.around("keepBodyOn", () -> store.keepOn(id, payload, now));
    }

    @Override
    public void discard(JobId id, Body.Apart body) {
        faults.around("discardBody", () -> store.discard(id, body));
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
}
