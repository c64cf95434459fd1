package dev.longshore.client;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.util.RawValue;

/**
 * A job to be enqueued. Immutable: each method returns another request. With neither {@link #id} nor {@link #idempotencyKey} the
 * client makes an id of its own, by which Longshore recognises a repeated call. The string form leaves out payload and values.
 */
public final class JobRequest {
    private final Fields fields;
    private final @Nullable String traceparent;

    private JobRequest(Fields fields, @Nullable String traceparent) {
        this.fields = fields;
        this.traceparent = traceparent;
    }

    /** A job of this task with an empty payload. */
    public static JobRequest of(String task) {
        return new JobRequest(new Fields().with("task", task), null);
    }

    /**
     * A job of this task.
     *
     * @param payload a record, a map, or a {@link JsonNode}: what Jackson writes as JSON, 5 MB of UTF-8 at most. It is written at
     *     once, so that later changes of the object do not matter
     * @throws IllegalArgumentException when Jackson cannot write it
     */
    public static JobRequest of(String task, Object payload) {
        return of(task).payload(payload);
    }

    /** What the handler gets. */
    public JobRequest payload(Object payload) {
        return with("payload", Json.tree(payload, "The payload of task " + task()));
    }

    /** In place of a payload: what {@link Longshore#upload} returned. */
    public JobRequest payloadRef(String ref) {
        return with("payloadRef", ref);
    }

    /** Not to start before so long from the call; 3,660 days at most. */
    public JobRequest delay(Duration delay) {
        BigDecimal seconds = BigDecimal.valueOf(delay.toMillis(), 3).stripTrailingZeros();
        // 600, not 6E+2
        return with("delaySeconds", seconds.scale() < 0 ? seconds.setScale(0) : seconds);
    }

    /** Not to start before this time; in place of a delay. */
    public JobRequest runAt(Instant time) {
        return with("runAt", time);
    }

    /** In place of the task's own number; 1 to 100. */
    public JobRequest maxAttempts(int attempts) {
        return with("maxAttempts", attempts);
    }

    /** If it was not started by then, it is DEAD as expired. */
    public JobRequest expiresAt(Instant time) {
        return with("expiresAt", time);
    }

    /** To list by: 16 of 64 characters at most. */
    public JobRequest tags(String... tags) {
        return with("tags", List.of(tags));
    }

    /** The customer for whom SQS's fair queues count the job; 128 characters of printable ASCII at most. */
    public JobRequest fairKey(String key) {
        return with("fairKey", key);
    }

    /**
     * Whose slots the job takes of its task's limits per key, such as a customer's id; 128 characters of printable ASCII at most.
     * Jobs without one have slots of their own together.
     */
    public JobRequest limitKey(String key) {
        return with("limitKey", key);
    }

    /** Travels with the job to its handler: 16 entries and 2 KB at most. */
    public JobRequest meta(Map<String, String> meta) {
        return with("meta", Map.copyOf(meta));
    }

    /** An id of the caller's own, as {@link JobId#create} makes one: its time within a day of now. */
    public JobRequest id(String id) {
        return with("id", id);
    }

    /** The same request under the same key is one job, for seven days; 255 characters at most. */
    public JobRequest idempotencyKey(String key) {
        return with("idempotencyKey", key);
    }

    /**
     * At most one job of the task with this key waits or runs at a time; 255 characters at most. When another job has the key,
     * that one is the answer: {@link Job#duplicate} is true, and its id is not that of this request.
     */
    public JobRequest uniqueKey(String key) {
        return with("uniqueKey", key);
    }

    /** What happens when another job has the unique key: this one's, or that by which the task is unique. */
    public JobRequest onDuplicate(OnDuplicate onDuplicate) {
        return with("onDuplicate", onDuplicate.wireName());
    }

    /** Another job has its unique key only until it is started for the first time; else until it has ended. */
    public JobRequest uniqueWhileWaiting() {
        return with("uniqueWhile", "waiting");
    }

    /**
     * With {@link OnDuplicate#REPLACE}: how long after its creation a job is due at the latest, however often it is replaced; 1 s
     * to 30 days, in whole seconds.
     */
    public JobRequest debounceMax(Duration most) {
        return with("debounceMaxSeconds", most.toSeconds());
    }

    /**
     * W3C trace context that travels with the job; else the client's own supplier says it.
     *
     * @throws IllegalArgumentException when it has another form
     */
    public JobRequest traceparent(String context) {
        return new JobRequest(fields, Call.requireTraceparent(context));
    }

    /** The task. */
    public String task() {
        return String.valueOf(fields.get("task"));
    }

    /** The id, when one is set. */
    public Optional<String> id() {
        return Optional.ofNullable((String) fields.get("id"));
    }

    /** What is sent, as JSON. It has the payload. */
    public String toJson() {
        return Json.write(fields.values(), "The request");
    }

    /** As above, with the payload as it was written already: one of 5 MB is not written twice. */
    String toJson(String payload) {
        return Json.write(fields.with("payload", new RawValue(payload)).values(), "The request");
    }

    /**
     * A request out of {@link #toJson}.
     *
     * @throws IllegalArgumentException when the text is no such JSON
     */
    public static JobRequest fromJson(String json) {
        JsonNode node;
        try {
            node = Json.MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("A stored request of " + json.length() + " characters is no JSON");
        }
        if (!node.isObject() || !node.path("task").isString()) {
            throw new IllegalArgumentException("A stored request is no JSON object with a task");
        }
        Fields fields = new Fields();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            fields = fields.with(
                    field.getKey(),
                    field.getValue().isString() ? field.getValue().stringValue() : field.getValue());
        }
        return new JobRequest(fields, null);
    }

    /** With a delay as a time, counted from now: for a request that is stored and sent later. */
    public JobRequest delayFrom(Instant now) {
        Object delay = fields.get("delaySeconds");
        if (delay == null) {
            return this;
        }
        Duration wait = Duration.ofMillis(
                new BigDecimal(delay.toString()).movePointRight(3).longValueExact());
        return new JobRequest(fields.without("delaySeconds"), traceparent).runAt(now.plus(wait));
    }

    /** Without the id that it has. */
    public JobRequest withoutId() {
        return new JobRequest(fields.without("id"), traceparent);
    }

    boolean isRecognisable() {
        return fields.get("id") != null || fields.get("idempotencyKey") != null;
    }

    @Nullable
    JsonNode payload() {
        return (JsonNode) fields.get("payload");
    }

    /** The trace context, when one is set. */
    public Optional<String> traceparent() {
        return Optional.ofNullable(traceparent);
    }

    JobRequest uploaded(String ref) {
        return new JobRequest(fields.without("payload"), traceparent).payloadRef(ref);
    }

    private JobRequest with(String name, Object value) {
        return new JobRequest(fields.with(name, value), traceparent);
    }

    @Override
    public String toString() {
        return "JobRequest[task=" + task() + ", fields=" + fields + "]";
    }
}
