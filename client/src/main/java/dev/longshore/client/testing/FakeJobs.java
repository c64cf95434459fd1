package dev.longshore.client.testing;

import dev.longshore.client.JobState;
import dev.longshore.client.Pacing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The jobs of a fake, as the API shows them. */
final class FakeJobs {
    private final JsonMapper json;
    private final Pacing time;
    private final Map<String, ObjectNode> jobs = new LinkedHashMap<>();
    private final Map<String, EnqueuedJob> enqueued = new LinkedHashMap<>();
    private final Map<String, String> idOfKey = new HashMap<>();
    private final Map<String, End> ends = new HashMap<>();
    private final Map<String, String> refusals = new HashMap<>();

    /** How a job ends. */
    record End(JobState state, JsonNode result, String error) {}

    FakeJobs(JsonMapper json, Pacing time) {
        this.json = json;
        this.time = time;
    }

    synchronized void script(String task, End end) {
        refusals.remove(task);
        ends.put(task, end);
    }

    synchronized void refuse(String task, String detail) {
        refusals.put(task, detail);
    }

    synchronized @Nullable String refusal(String task) {
        return refusals.get(task);
    }

    synchronized List<EnqueuedJob> enqueued() {
        return List.copyOf(enqueued.values());
    }

    synchronized void clear() {
        jobs.clear();
        enqueued.clear();
        idOfKey.clear();
    }

    /** Makes a job, or answers the one that the same id or key has made. */
    synchronized ObjectNode enqueue(JsonNode request, Optional<String> traceparent) {
        String key = request.path("idempotencyKey").asString("");
        String first = key.isEmpty() ? null : idOfKey.get(key);
        String id =
                first == null ? request.path("id").asString(UUID.randomUUID().toString()) : first;
        ObjectNode there = jobs.get(id);
        if (there != null) {
            return there.deepCopy();
        }
        ObjectNode holder = holder(request);
        if (holder != null) {
            return duplicate(request, holder);
        }
        ObjectNode job = json.createObjectNode();
        job.put("id", id)
                .put("pool", "default")
                .put("attempt", 0)
                .put("maxAttempts", 3)
                .put("createdAt", Instant.ofEpochMilli(time.now()).toString());
        for (String field : List.of(
                "task",
                "payload",
                "tags",
                "meta",
                "runAt",
                "expiresAt",
                "maxAttempts",
                "fairKey",
                "limitKey",
                "idempotencyKey",
                "uniqueKey")) {
            request.optional(field).ifPresent(value -> job.set(field, value));
        }
        job.putArray("history");
        change(job, request.has("delaySeconds") || request.has("runAt") ? JobState.SCHEDULED : JobState.QUEUED);
        jobs.put(id, job);
        enqueued.put(id, new EnqueuedJob(id, request, traceparent));
        if (!key.isEmpty()) {
            idOfKey.put(key, id);
        }
        End end = ends.get(request.path("task").asString(""));
        if (end != null) {
            end(id, end);
        }
        return job.deepCopy();
    }

    /** The job of the same task that has the request's unique key and has not ended. A job of a fake runs in no time. */
    private @Nullable ObjectNode holder(JsonNode request) {
        String key = request.path("uniqueKey").asString("");
        return jobs.values().stream()
                .filter(job -> !key.isEmpty()
                        && key.equals(job.path("uniqueKey").asString(""))
                        && job.path("task").equals(request.path("task"))
                        && !state(job).ended())
                .findFirst()
                .orElse(null);
    }

    private static ObjectNode duplicate(JsonNode request, ObjectNode holder) {
        if (request.path("onDuplicate").asString("").equals("replace")) {
            request.optional("payload").ifPresent(payload -> holder.set("payload", payload));
        }
        return holder.deepCopy().put("duplicate", true);
    }

    synchronized void end(String id, End end) {
        ObjectNode job = jobs.get(id);
        if (job == null) {
            throw new IllegalArgumentException(
                    "There is no job " + id + "; enqueued() has the " + jobs.size() + " that there are");
        }
        job.put("attempt", 1);
        change(job, end.state());
        job.put("finishedAt", Instant.ofEpochMilli(time.now()).toString());
        if (end.state() == JobState.DEAD) {
            job.put("deadReason", "exhausted");
            job.putObject("error").put("type", "java.lang.RuntimeException").put("message", end.error());
        } else {
            job.set("result", end.result());
        }
    }

    synchronized Optional<ObjectNode> find(String id) {
        // a copy: it is read while other threads change the job
        return Optional.ofNullable(jobs.get(id)).map(ObjectNode::deepCopy);
    }

    /** Newest first. */
    synchronized List<ObjectNode> list(Map<String, String> filter) {
        List<ObjectNode> found = new ArrayList<>();
        for (ObjectNode job : jobs.values()) {
            String tag = filter.get("tag");
            boolean fits = is(job, "task", filter)
                    && is(job, "state", filter)
                    && (tag == null
                            || job.path("tags")
                                    .valueStream()
                                    .anyMatch(one -> one.asString().equals(tag)));
            if (fits) {
                found.add(0, job.deepCopy());
            }
        }
        return found;
    }

    /** Cancels a waiting job; answers it as it is then. */
    synchronized ObjectNode cancel(String id) {
        ObjectNode job = Objects.requireNonNull(jobs.get(id));
        if (!state(job).ended()) {
            change(job, JobState.CANCELLED);
        }
        return job.deepCopy();
    }

    static JobState state(ObjectNode job) {
        return JobState.valueOf(job.path("state").asString());
    }

    private static boolean is(ObjectNode job, String field, Map<String, String> filter) {
        String wanted = filter.get(field);
        return wanted == null || wanted.equals(job.path(field).asString(""));
    }

    private void change(ObjectNode job, JobState state) {
        job.put("state", state.name());
        job.withArray("history")
                .addObject()
                .put("state", state.name())
                .put("at", Instant.ofEpochMilli(time.now()).toString());
    }
}
