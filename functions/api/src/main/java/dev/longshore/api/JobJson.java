package dev.longshore.api;

import dev.longshore.job.BodyMissingException;
import dev.longshore.job.HistoryEntry;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.LimitKey;
import dev.longshore.job.key.ApiKey;
import dev.longshore.task.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A job as clients see it. What it does not have is left out. */
final class JobJson {
    /** A payload above this comes from {@code GET /v1/jobs/{id}/payload} alone. */
    static final int LARGEST_PAYLOAD = 256 * 1024;

    /** How many jobs in front of a held one are counted at most. */
    private static final int COUNTED = 1_000;

    private final JobStore jobs;

    JobJson(JobStore jobs) {
        this.jobs = jobs;
    }

    /** All of it. */
    Map<String, Object> whole(Job job, Instant now) {
        return whole(job, () -> jobs.payload(job), now);
    }

    private Map<String, Object> whole(Job job, Supplier<@Nullable Json> payload, Instant now) {
        Map<String, Object> json = withoutBodies(job, now);
        job.heldByLimit().ifPresent(key -> json.put("held", "limit " + key + ", " + before(job, key) + " before it"));
        if (job.payload().size() <= LARGEST_PAYLOAD) {
            put(json, "payload", ifThere(payload));
        }
        put(json, "result", ifThere(() -> jobs.result(job)));
        return json;
    }

    /** How many jobs wait in front of it for the same slots, as the index has them. */
    private String before(Job job, LimitKey key) {
        Instant place = Objects.requireNonNull(job.indexedAt(), "a held job has a place");
        int before = jobs.held(HoldReason.limit(key), "", place.minusMillis(1), null, COUNTED)
                .items()
                .size();
        return before == COUNTED ? "at least " + COUNTED : String.valueOf(before);
    }

    /** A job whose payload or result is gone is shown without it; its {@code deadReason} says why. */
    private static @Nullable Json ifThere(Supplier<@Nullable Json> body) {
        try {
            return body.get();
        } catch (BodyMissingException e) {
            return null;
        }
    }

    /**
     * The job, as the answer to a caller that changed it. Without the scope {@code read}, it contains only the job's status:
     * no payload, result, error, tags, meta or keys.
     */
    Map<String, Object> forCaller(ApiKey caller, Job job, Instant now) {
        return mayRead(caller) ? whole(job, now) : redacted(job, now);
    }

    /** The same for a job that was created just now: its payload came with the request, and is not read again. */
    Map<String, Object> createdForCaller(ApiKey caller, Job created, Json payload, Instant now) {
        return mayRead(caller) ? whole(created, () -> payload, now) : redacted(created, now);
    }

    /** The same for one of a batch. */
    Map<String, Object> ofBatchForCaller(ApiKey caller, Job job, Instant now) {
        return mayRead(caller) ? withoutBodies(job, now) : redacted(job, now);
    }

    /** The job that has the unique key of a request for another. */
    static Map<String, Object> asDuplicate(Map<String, Object> job) {
        job.put("duplicate", true);
        return job;
    }

    static boolean mayRead(ApiKey caller) {
        return caller.scopes().contains(ApiKey.Scope.READ);
    }

    private static Map<String, Object> redacted(Job job, Instant now) {
        Map<String, Object> json = status(job, now);
        json.put(
                "history",
                job.history().stream().map(entry -> step(entry, null)).toList());
        return json;
    }

    /** As in a list. */
    Map<String, Object> withoutBodies(Job job, Instant now) {
        Map<String, Object> json = status(job, now);
        put(json, "error", job.error() == null ? null : error(job.error()));
        put(json, "fingerprint", job.fingerprint());
        put(json, "progressText", job.progressText());
        json.put(
                "history",
                job.history().stream().map(entry -> step(entry, entry.error())).toList());
        put(json, "tags", orNull(job.tags()));
        put(json, "meta", job.meta().isEmpty() ? null : job.meta());
        put(json, "fairKey", job.fairKey());
        put(json, "limitKey", job.limitKey());
        put(json, "held", job.heldByLimit().map(key -> "limit " + key).orElse(null));
        put(json, "idempotencyKey", job.idempotencyKey());
        put(json, "uniqueKey", job.uniqueKey());
        return json;
    }

    /** The status of the job alone, without its content. */
    private static Map<String, Object> status(Job job, Instant now) {
        JobState state = job.stateAt(now);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", job.id().text());
        json.put("task", job.task());
        json.put("pool", job.pool());
        json.put("state", state);
        json.put("attempt", job.attempt());
        json.put("maxAttempts", job.maxAttempts());
        json.put("createdAt", job.createdAt());
        put(json, "runAt", job.runAt());
        put(json, "startedAt", job.startedAt());
        put(json, "finishedAt", job.finishedAt());
        put(json, "nextAttemptAt", state == JobState.RETRYING ? job.due() : null);
        put(json, "waitReason", waitReason(job, state));
        put(json, "expiresAt", job.expiresAt());
        put(json, "progress", job.progress());
        put(json, "rerunOf", job.rerunOf() == null ? null : job.rerunOf().text());
        put(json, "chainDepth", job.chainDepth() == 0 ? null : job.chainDepth());
        put(json, "cancelRequested", job.cancelRequestedAt() == null ? null : true);
        put(json, "setAside", job.isHeldByPause() ? true : null);
        put(
                json,
                "deadReason",
                job.deadReason() == null ? null : job.deadReason().wireName());
        return json;
    }

    /** Why a job waits, unless it only waits for a worker. */
    private static @Nullable String waitReason(Job job, JobState state) {
        if (job.isHeldByPause()) {
            return "paused";
        }
        if (job.heldByLimit().isPresent()) {
            return "limit";
        }
        return switch (state) {
            case SCHEDULED -> "scheduled";
            case RETRYING -> isSnoozed(job) ? "snoozed" : "backoff";
            default -> null;
        };
    }

    private static boolean isSnoozed(Job job) {
        return !job.history().isEmpty() && job.history().getLast().snoozed();
    }

    private static Map<String, Object> error(JobError error) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", error.type());
        json.put("message", error.message());
        put(json, "stack", error.stack());
        return json;
    }

    private static Map<String, Object> step(HistoryEntry entry, @Nullable String error) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("state", entry.state());
        json.put("at", entry.at());
        put(json, "attempt", entry.attempt());
        put(json, "error", error);
        if (entry.snoozed()) {
            json.put(entry.state() == JobState.QUEUED ? "continued" : "snoozed", true);
        }
        put(json, "by", entry.by());
        put(json, "payloadReplaced", entry.payloadReplaced() ? true : null);
        put(json, "task", entry.task());
        return json;
    }

    private static @Nullable List<String> orNull(List<String> list) {
        return list.isEmpty() ? null : list;
    }

    /** Puts what is there; a field without a value is left out of an answer. */
    static void put(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
