package dev.longshore.testkit;

import dev.longshore.task.Json;
import dev.longshore.task.OnDuplicate;
import dev.longshore.task.UniqueWhile;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a request says of a job beside its task and payload: the fields of {@code POST /v1/jobs}, with the same limits. Uploads are not among them. */
public final class EnqueueOptions {
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<String> tags = new ArrayList<>();
    private final Map<String, String> meta = new LinkedHashMap<>();

    EnqueueOptions() {}

    /** The job starts after this time; 0 s to 3,660 days, in milliseconds. */
    public EnqueueOptions delay(Duration delay) {
        fields.put("delaySeconds", BigDecimal.valueOf(delay.toMillis(), 3));
        return this;
    }

    /** The job starts at this time. */
    public EnqueueOptions runAt(Instant time) {
        fields.put("runAt", time.toString());
        return this;
    }

    /** The job is DEAD when it was not started by then. */
    public EnqueueOptions expiresAt(Instant time) {
        fields.put("expiresAt", time.toString());
        return this;
    }

    /** After how many failed attempts the job is DEAD, instead of the task's number. */
    public EnqueueOptions maxAttempts(int attempts) {
        fields.put("maxAttempts", attempts);
        return this;
    }

    /** Adds tags. */
    public EnqueueOptions tags(String... more) {
        tags.addAll(List.of(more));
        return this;
    }

    /** Adds a pair that the handler gets by {@link dev.longshore.task.JobContext#meta}. */
    public EnqueueOptions meta(String name, String value) {
        meta.put(name, value);
        return this;
    }

    /** A second request with the same key makes no second job. */
    public EnqueueOptions idempotencyKey(String key) {
        fields.put("idempotencyKey", key);
        return this;
    }

    /** At most one job of the task with this key waits or runs at a time; another request gets that one. */
    public EnqueueOptions uniqueKey(String key) {
        fields.put("uniqueKey", key);
        return this;
    }

    /** What happens when another job has the unique key. */
    public EnqueueOptions onDuplicate(OnDuplicate onDuplicate) {
        fields.put("onDuplicate", onDuplicate.name().toLowerCase(Locale.ROOT));
        return this;
    }

    /** How long another job has its unique key. */
    public EnqueueOptions uniqueWhile(UniqueWhile uniqueWhile) {
        fields.put("uniqueWhile", uniqueWhile.name().toLowerCase(Locale.ROOT));
        return this;
    }

    /** With {@link OnDuplicate#REPLACE}: how long after its creation a job is due at the latest; in whole seconds. */
    public EnqueueOptions debounceMax(Duration most) {
        fields.put("debounceMaxSeconds", most.toSeconds());
        return this;
    }

    /** Whose job it is: the message group id by which SQS treats tenants fairly. */
    public EnqueueOptions fairKey(String key) {
        fields.put("fairKey", key);
        return this;
    }

    /** Whose slots the job takes of its task's limits that are per key. */
    public EnqueueOptions limitKey(String key) {
        fields.put("limitKey", key);
        return this;
    }

    /** The W3C trace context of the request, as in its header {@code traceparent}; the API ignores a malformed one. */
    public EnqueueOptions traceparent(String context) {
        headers.put("traceparent", context);
        return this;
    }

    /** The job's own id, a UUID of version 7 whose time is within a day of the kit's clock. */
    public EnqueueOptions id(String uuid) {
        fields.put("id", uuid);
        return this;
    }

    Map<String, String> headers() {
        return headers;
    }

    Map<String, Object> request(String task, Object payload) {
        Map<String, Object> request = new LinkedHashMap<>(fields);
        request.put("task", task);
        request.put("payload", Json.of(payload));
        request.put("tags", tags);
        request.put("meta", meta);
        return request;
    }
}
