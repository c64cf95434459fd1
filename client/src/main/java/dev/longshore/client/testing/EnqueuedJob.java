package dev.longshore.client.testing;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A job as the code that is tested has enqueued it. */
public final class EnqueuedJob {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String id;
    private final JsonNode request;
    private final Optional<String> traceparent;

    EnqueuedJob(String id, JsonNode request, Optional<String> traceparent) {
        this.id = id;
        this.request = request;
        this.traceparent = traceparent;
    }

    /** The job's id. */
    public String id() {
        return id;
    }

    /** Its task. */
    public String task() {
        return request.path("task").asString("");
    }

    /** Its payload; an empty object when none was given. */
    public JsonNode payload() {
        return request.has("payload") ? request.get("payload") : JSON.createObjectNode();
    }

    /** Its payload. */
    public <T> T payload(Class<T> type) {
        return JSON.treeToValue(payload(), type);
    }

    /** Its tags. */
    public List<String> tags() {
        return request.path("tags").valueStream().map(JsonNode::asString).toList();
    }

    /** Its meta. */
    public Map<String, String> meta() {
        return request.path("meta")
                .propertyStream()
                .collect(java.util.stream.Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> entry.getValue().asString()));
    }

    /** The time before which it is not to start. */
    public Optional<Instant> runAt() {
        return field("runAt").map(time -> Instant.parse(time.asString()));
    }

    /** Another field of the request, such as {@code delaySeconds} or {@code limitKey}. */
    public Optional<JsonNode> field(String name) {
        return request.optional(name);
    }

    /** The trace context that came with it. */
    public Optional<String> traceparent() {
        return traceparent;
    }

    @Override
    public String toString() {
        return "EnqueuedJob[id=" + id + ", task=" + task() + "]";
    }
}
