package dev.longshore.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A job as it was when it was read. A client whose key lacks the scope {@code read} gets its status alone: no payload, result,
 * error, progress text, tags, meta or keys. The string form has id, task and state only.
 *
 * @param task the task's name when the job was enqueued
 * @param attempt number of the last attempt, from 1; 0 before the first
 * @param runAt not to start before
 * @param startedAt when the last attempt started
 * @param nextAttemptAt when a RETRYING job is due
 * @param progress 0 to 100, as the handler last reported
 * @param waitReason why a waiting job waits, where it is not for a worker alone: scheduled, backoff, snoozed, paused or limit
 * @param held what holds the job, such as {@code limit crm-api, key acme, 12 before it}; how many wait before it has {@link
 *     Longshore#get} alone. Null when nothing does
 * @param payload null above 256 KB: {@link Longshore#payload} has it
 * @param result what the handler returned; null before the end
 * @param deadReason why it is DEAD: exhausted, discarded, expired, crashed, …
 * @param fingerprint what the error of a dead job has in common with others of its cause
 * @param uniqueKey no other job of its task with this key is made while this one waits or runs
 * @param duplicate of the answer to an enqueue: this job has the unique key of the request, which made none of its own
 * @param rerunOf the job that this one repeats
 * @param chainDepth how many jobs led to this one, each enqueued by the handler of the one before
 */
public record Job(
        String id,
        String task,
        @Nullable String pool,
        JobState state,
        int attempt,
        int maxAttempts,
        Instant createdAt,
        @Nullable Instant runAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant expiresAt,
        @Nullable Integer progress,
        @Nullable String progressText,
        boolean cancelRequested,
        boolean setAside,
        @Nullable String waitReason,
        @Nullable String held,
        @Nullable JsonNode payload,
        @Nullable JsonNode result,
        @Nullable Failed error,
        @Nullable String deadReason,
        @Nullable String fingerprint,
        List<Step> history,
        List<String> tags,
        Map<String, String> meta,
        @Nullable String fairKey,
        @Nullable String limitKey,
        @Nullable String idempotencyKey,
        @Nullable String uniqueKey,
        boolean duplicate,
        @Nullable String rerunOf,
        int chainDepth) {

    /** Lists and maps that the answer left out are empty. */
    public Job {
        history = Answers.list(history);
        tags = Answers.list(tags);
        meta = meta == null ? Map.of() : Map.copyOf(meta);
    }

    /**
     * What the handler threw last.
     *
     * @param type the exception's class
     * @param stack null when it is left out
     */
    public record Failed(
            String type, String message, @Nullable String stack) {
        @Override
        public String toString() {
            return "Failed[type=" + type + "]";
        }
    }

    /**
     * One change of the job's state.
     *
     * @param by id of the key of the operator's call
     * @param payloadReplaced for a retry with another payload
     * @param task for a retry as another task
     * @param snoozed the attempt was given back and does not count
     * @param continued the handler handed over to a next invocation
     */
    public record Step(
            JobState state,
            Instant at,
            @Nullable Integer attempt,
            @Nullable String error,
            @Nullable String by,
            boolean payloadReplaced,
            @Nullable String task,
            boolean snoozed,
            boolean continued) {
        @Override
        public String toString() {
            return "Step[state=" + state + ", at=" + at + "]";
        }
    }

    /**
     * What the handler returned.
     *
     * @throws IllegalStateException when the job is not SUCCEEDED, or the key lacks the scope {@code read}
     * @throws IllegalArgumentException when the result cannot be read as this type; it names the place and no value
     */
    public <T> T result(Class<T> type) {
        if (state != JobState.SUCCEEDED || result == null) {
            throw new IllegalStateException("Job " + id + " has no result: it is " + state
                    + (state == JobState.SUCCEEDED
                            ? ", and its handler returned nothing or the key lacks the scope read"
                            : ""));
        }
        return Json.read(result, type, "The result of job " + id);
    }

    /**
     * What it was enqueued with.
     *
     * @throws IllegalStateException when the payload was left out: above 256 KB, or without the scope {@code read}
     * @throws IllegalArgumentException when the payload cannot be read as this type; it names the place and no value
     */
    public <T> T payload(Class<T> type) {
        if (payload == null) {
            throw new IllegalStateException(
                    "Job " + id + " came without its payload: it is over 256 KB and longshore.payload(id, type)"
                            + " reads it, or the key lacks the scope read");
        }
        return Json.read(payload, type, "The payload of job " + id);
    }

    @Override
    public String toString() {
        return "Job[id=" + id + ", task=" + task + ", state=" + state + "]";
    }
}
