package dev.longshore.job;

import dev.longshore.task.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Converts rows to jobs, and new jobs to rows. */
public final class JobRows {
    private JobRows() {}

    /** The row of a job that is created now. */
    public static Row of(NewJob job, Body payload) {
        Row row = new Row()
                .put(Field.FORMAT, Job.FORMAT)
                .put(Field.STATE, job.firstState().name())
                .put(Field.TASK, job.task())
                .put(Field.POOL, job.pool())
                .put(Field.CREATED, job.createdAt())
                .put(Field.DUE, job.due())
                .put(Field.RUN_AT, job.runAt())
                .put(Field.EXPIRES, job.expiresAt())
                .put(Field.ATTEMPT, 0)
                .put(Field.MAX_ATTEMPTS, job.maxAttempts())
                .put(Field.FENCE, 0)
                .put(Field.TOKEN, job.token())
                .put(
                        Field.HISTORY,
                        List.of(HistoryEntry.of(job.firstState(), job.createdAt())
                                .encode()))
                .put(Field.TAGS, job.tags().isEmpty() ? null : job.tags())
                .put(Field.FAIR_KEY, job.fairKey())
                .put(Field.LIMIT_KEY, job.limitKey())
                .put(Field.IDEMPOTENCY_KEY, job.idempotencyKey())
                .put(Field.REQUEST_HASH, job.requestHash())
                .put(
                        Field.UNIQUE_KEY,
                        job.unique() == null ? null : job.unique().key())
                .put(Field.META, job.meta().isEmpty() ? null : job.meta())
                .put(Field.TRACEPARENT, job.traceparent())
                .put(
                        Field.RERUN_OF,
                        job.rerunOf() == null ? null : job.rerunOf().text())
                .put(Field.CHAIN_DEPTH, job.chainDepth() == 0 ? null : job.chainDepth());
        if (job.ofSchedule() != null) {
            row.put(Field.GENERATION, job.ofSchedule().generation());
        }
        if (JobQueue.isBeyondDelay(job.createdAt(), job.due())) {
            row.put(Field.INDEX, Lifecycle.dueIndex(job.id())).put(Field.INDEX_AT, job.due());
        }
        switch (payload) {
            case Body.Inline(Json json) -> row.put(Field.PAYLOAD, BodyBytes.pack(json));
            case Body.Apart(String place, int size) ->
                row.put(Field.PAYLOAD_PLACE, place).put(Field.PAYLOAD_SIZE, size);
        }
        return row;
    }

    /** The job of a row. */
    public static Job toJob(JobId id, Row row) {
        int attempt = number(row, Field.ATTEMPT);
        return new Job(
                id,
                Objects.requireNonNullElse(row.text(Field.TASK), ""),
                Objects.requireNonNullElse(row.text(Field.POOL), ""),
                JobState.named(Objects.requireNonNull(row.text(Field.STATE), "a job's row has a state")),
                attempt,
                number(row, Field.MAX_ATTEMPTS),
                number(row, Field.FENCE),
                time(row, Field.CREATED),
                time(row, Field.DUE),
                row.time(Field.RUN_AT),
                row.time(Field.LEASE),
                row.time(Field.STARTED),
                row.time(Field.FINISHED),
                row.time(Field.EXPIRES),
                row.has(Field.PROGRESS) ? Integer.valueOf(number(row, Field.PROGRESS)) : null,
                row.text(Field.PROGRESS_TEXT),
                Objects.requireNonNullElse(
                        body(row, Field.PAYLOAD, Field.PAYLOAD_PLACE, Field.PAYLOAD_SIZE),
                        new Body.Inline(new Json("null"))),
                body(row, Field.RESULT, Field.RESULT_PLACE, Field.RESULT_SIZE),
                error(row),
                DeadReason.named(text(row, Field.DEAD_REASON)).orElse(null),
                row.text(Field.FINGERPRINT),
                HistoryEntry.decode(row.list(Field.HISTORY), attempt),
                row.list(Field.TAGS),
                row.text(Field.FAIR_KEY),
                row.text(Field.LIMIT_KEY),
                row.text(Field.IDEMPOTENCY_KEY),
                row.text(Field.REQUEST_HASH),
                row.text(Field.UNIQUE_KEY),
                row.map(Field.META),
                row.text(Field.TRACEPARENT),
                row.has(Field.RERUN_OF) ? new JobId(text(row, Field.RERUN_OF)) : null,
                number(row, Field.CHAIN_DEPTH),
                row.time(Field.CANCEL_REQUESTED),
                row.text(Field.CANCEL_BY),
                json(row.bytes(Field.CHECKPOINT)),
                number(row, Field.EPOCH),
                row.text(Field.INDEX),
                row.time(Field.INDEX_AT),
                keptUntil(row),
                row.has(Field.DEATH_HANDLED),
                number(row, Field.FORMAT),
                row.text(Field.TOKEN));
    }

    private static @Nullable Instant keptUntil(Row row) {
        Long seconds = row.number(Field.TTL);
        return seconds == null ? null : Instant.ofEpochSecond(seconds).minus(Job.ROW_STAYS);
    }

    private static @Nullable Body body(Row row, Field inline, Field place, Field size) {
        byte[] bytes = row.bytes(inline);
        if (bytes != null) {
            return new Body.Inline(BodyBytes.unpack(bytes, Body.LARGEST));
        }
        String where = row.text(place);
        return where == null ? null : new Body.Apart(where, number(row, size));
    }

    private static @Nullable JobError error(Row row) {
        String type = row.text(Field.ERROR_TYPE);
        return type == null ? null : new JobError(type, text(row, Field.ERROR_MESSAGE), row.text(Field.ERROR_STACK));
    }

    private static @Nullable Json json(byte @Nullable [] bytes) {
        return bytes == null ? null : new Json(new String(bytes, StandardCharsets.UTF_8));
    }

    private static int number(Row row, Field field) {
        Long value = row.number(field);
        return value == null ? 0 : Math.toIntExact(value);
    }

    private static Instant time(Row row, Field field) {
        return Objects.requireNonNullElse(row.time(field), Instant.EPOCH);
    }

    private static String text(Row row, Field field) {
        return Objects.requireNonNullElse(row.text(field), "");
    }
}
