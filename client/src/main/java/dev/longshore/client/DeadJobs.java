package dev.longshore.client;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Dead jobs: why they died, and what becomes of them. */
public final class DeadJobs {
    private final Transport transport;

    DeadJobs(Transport transport) {
        this.transport = transport;
    }

    /** What jobs died of, counted by the fingerprint of their error. */
    public DeadGroups groups() {
        return groups(null, Period.recent(), 50);
    }

    /**
     * What jobs died of, counted by the fingerprint of their error.
     *
     * @param task null for all tasks
     * @param died the time of their death
     * @param limit 1 to 200 groups
     */
    public DeadGroups groups(@Nullable String task, Period died, int limit) {
        Call call =
                died.of(Call.of("GET", "/v1/dead-letters")).query("task", task).query("limit", limit);
        return transport.send(call, DeadGroups.class);
    }

    /** Redrives dead jobs by a maintenance job, which is returned. */
    public Job retry(DeadFilter filter) {
        return transport.send(call("retry", filter, filter.fields()), Job.class);
    }

    /**
     * Redrives dead jobs by a maintenance job, which is returned.
     *
     * @param perSecond how many become due in a second, 0.01 to 1,000
     * @param canary first one, then ten, and the rest when none of them failed as before
     */
    public Job retry(DeadFilter filter, double perSecond, boolean canary) {
        Fields fields = filter.fields().with("ratePerSecond", perSecond).with("canary", canary);
        return transport.send(call("retry", filter, fields), Job.class);
    }

    /** How many jobs {@link #retry} or {@link #purge} would take; changes nothing. */
    public DeadCount count(DeadFilter filter) {
        return transport.send(call("retry", filter, filter.fields().with("dryRun", true)), DeadCount.class);
    }

    /** How many jobs {@link #purge} would take; purges nothing. */
    public DeadCount countPurge(DeadFilter filter) {
        return transport.send(call("purge", filter, filter.fields().with("dryRun", true)), DeadCount.class);
    }

    /** Purges dead jobs by a maintenance job, which is returned. They cannot be brought back. */
    public Job purge(DeadFilter filter) {
        return transport.send(call("purge", filter, filter.fields()), Job.class);
    }

    private static Call call(String what, DeadFilter filter, Fields fields) {
        String key = filter.idempotencyKey();
        return Call.of("POST", Call.path("jobs", what))
                .body(fields.values(), "The filter")
                .idempotencyKey(key == null ? UUID.randomUUID().toString() : key);
    }
}
