package dev.longshore.api;

import dev.longshore.job.HistoryEntry;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job as clients see it. What it does not have is left out. */
final class JobJson {
    /** A payload above this comes from {@code GET /v1/jobs/{id}/payload} alone. */
    static final int LARGEST_PAYLOAD = 256 * 1024;

    private final JobStore jobs;

    JobJson(JobStore jobs) {
        this.jobs = jobs;
    }

    /** All of it. */
    Map<String, Object> whole(Job job, Instant now) {
        Map<String, Object> json = withoutBodies(job, now);
        if (job.payload().size() <= LARGEST_PAYLOAD) {
            json.put("payload", jobs.payload(job));
        }
        put(json, "result", jobs.result(job));
        return json;
    }

    /** As in a list. */
    Map<String, Object> withoutBodies(Job job, Instant now) {
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
        put(json, "expiresAt", job.expiresAt());
        put(json, "progress", job.progress());
        put(json, "cancelRequested", job.cancelRequestedAt() == null ? null : true);
        put(json, "error", job.error() == null ? null : error(job.error()));
        put(
                json,
                "deadReason",
                job.deadReason() == null ? null : job.deadReason().wireName());
        put(json, "fingerprint", job.fingerprint());
        json.put("history", job.history().stream().map(JobJson::step).toList());
        put(json, "tags", orNull(job.tags()));
        put(json, "meta", job.meta().isEmpty() ? null : job.meta());
        put(json, "fairKey", job.fairKey());
        put(json, "idempotencyKey", job.idempotencyKey());
        return json;
    }

    private static Map<String, Object> error(JobError error) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", error.type());
        json.put("message", error.message());
        put(json, "stack", error.stack());
        return json;
    }

    private static Map<String, Object> step(HistoryEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("state", entry.state());
        json.put("at", entry.at());
        put(json, "attempt", entry.attempt());
        put(json, "error", entry.error());
        put(json, "by", entry.by());
        put(json, "payloadReplaced", entry.payloadReplaced() ? true : null);
        return json;
    }

    private static @Nullable List<String> orNull(List<String> list) {
        return list.isEmpty() ? null : list;
    }

    private static void put(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
