package dev.longshore.job;

import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job to be created, checked and complete.
 *
 * @param runAt the requested start time; null for at once
 * @param idempotencyKey a repeated request has the same; null for none
 * @param requestHash distinguishes a repeated request from another one under the same key or id
 * @param unique which other jobs of its task it is a duplicate of; null for one that is none of any
 * @param rerunOf the job that this one repeats; null for one that repeats none
 * @param ofSchedule the schedule that makes it, as it was read: the job is created only while that has not changed; null for
 *     one that no schedule makes
 * @param chainDepth how many jobs led to it, each enqueued by the handler of the one before; 0 for one that no handler enqueues
 * @param limitKey whose slots it takes of limits that are per key; null for none
 * @param token drawn for this creation alone
 */
public record NewJob(
        JobId id,
        String task,
        String pool,
        int maxAttempts,
        Json payload,
        Instant createdAt,
        @Nullable Instant runAt,
        @Nullable Instant expiresAt,
        List<String> tags,
        @Nullable String fairKey,
        @Nullable String idempotencyKey,
        @Nullable String requestHash,
        @Nullable Uniqueness unique,
        Map<String, String> meta,
        @Nullable String traceparent,
        @Nullable JobId rerunOf,
        @Nullable OfSchedule ofSchedule,
        int chainDepth,
        @Nullable String limitKey,
        String token) {
    /** How long an idempotency key answers with its first job. */
    public static final Duration KEY_RETENTION = Duration.ofDays(7);

    /** A schedule and its generation, which each change of it raises. */
    public record OfSchedule(String name, long generation) {}

    /** A job that repeats none, and that neither a schedule nor a handler makes. */
    public NewJob(
            JobId id,
            String task,
            String pool,
            int maxAttempts,
            Json payload,
            Instant createdAt,
            @Nullable Instant runAt,
            @Nullable Instant expiresAt,
            List<String> tags,
            @Nullable String fairKey,
            @Nullable String idempotencyKey,
            @Nullable String requestHash,
            Map<String, String> meta,
            @Nullable String traceparent,
            String token) {
        this(
                id,
                task,
                pool,
                maxAttempts,
                payload,
                createdAt,
                runAt,
                expiresAt,
                tags,
                fairKey,
                idempotencyKey,
                requestHash,
                null,
                meta,
                traceparent,
                null,
                null,
                0,
                null,
                token);
    }

    /** A job with the required fields only. */
    public static NewJob of(
            JobId id, String task, String pool, int maxAttempts, Json payload, Instant createdAt, String token) {
        return new NewJob(
                id,
                task,
                pool,
                maxAttempts,
                payload,
                createdAt,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                Map.of(),
                null,
                token);
    }

    public NewJob at(@Nullable Instant time) {
        return with(time, idempotencyKey, requestHash, unique, ofSchedule, chainDepth, limitKey);
    }

    public NewJob underKey(String key, String hash) {
        return with(runAt, key, hash, unique, ofSchedule, chainDepth, limitKey);
    }

    /** The same job, to be created only while the schedule has the generation that it has here. */
    public NewJob onlyWhile(OfSchedule asRead) {
        return with(runAt, idempotencyKey, requestHash, unique, asRead, chainDepth, limitKey);
    }

    /** The same job, enqueued by the handler of {@code parent}: one deeper in its chain. */
    public NewJob enqueuedBy(Job parent) {
        return with(runAt, idempotencyKey, requestHash, unique, ofSchedule, parent.chainDepth() + 1, limitKey);
    }

    /** The same job, which is created only while no other job of its task has the key. */
    public NewJob unique(@Nullable Uniqueness unique) {
        return with(runAt, idempotencyKey, requestHash, unique, ofSchedule, chainDepth, limitKey);
    }

    /** The unique key that its creation takes; null for none. */
    public @Nullable KeyTake keyTake() {
        return unique == null
                ? null
                : new KeyTake(new UniqueKey(task, unique.key()), unique.asRead(), token, createdAt, keyEnds(due()));
    }

    /** When the item of a unique key may be deleted whose job is due then. */
    static Instant keyEnds(Instant due) {
        return due.plus(BodyStore.LONGEST_STAY);
    }

    /** The same job, which takes the slots of this key. */
    public NewJob underLimitKey(@Nullable String key) {
        return with(runAt, idempotencyKey, requestHash, unique, ofSchedule, chainDepth, key);
    }

    private NewJob with(
            @Nullable Instant runAt,
            @Nullable String idempotencyKey,
            @Nullable String requestHash,
            @Nullable Uniqueness unique,
            @Nullable OfSchedule ofSchedule,
            int chainDepth,
            @Nullable String limitKey) {
        return new NewJob(
                id,
                task,
                pool,
                maxAttempts,
                payload,
                createdAt,
                runAt,
                expiresAt,
                tags,
                fairKey,
                idempotencyKey,
                requestHash,
                unique,
                meta,
                traceparent,
                rerunOf,
                ofSchedule,
                chainDepth,
                limitKey,
                token);
    }

    /** From when on it may run. */
    public Instant due() {
        return runAt == null || runAt.isBefore(createdAt) ? createdAt : runAt;
    }

    JobState firstState() {
        return due().isAfter(createdAt) ? JobState.SCHEDULED : JobState.QUEUED;
    }
}
