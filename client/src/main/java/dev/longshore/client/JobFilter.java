package dev.longshore.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list; null for any.
 *
 * @param task by its name or an alias
 * @param from created at or after; seven days before {@code to}, or before now, when null
 * @param to created at or before
 * @param pageSize jobs in one request, 1 to 100
 */
public record JobFilter(
        @Nullable String task,
        @Nullable JobState state,
        @Nullable String tag,
        @Nullable Instant from,
        @Nullable Instant to,
        int pageSize) {
    /** All jobs of the last seven days. */
    public static JobFilter all() {
        return new JobFilter(null, null, null, null, null, 100);
    }

    /** Of this task. */
    public JobFilter task(String name) {
        return new JobFilter(name, state, tag, from, to, pageSize);
    }

    /** In this state. */
    public JobFilter state(JobState only) {
        return new JobFilter(task, only, tag, from, to, pageSize);
    }

    /** With this tag. */
    public JobFilter tag(String only) {
        return new JobFilter(task, state, only, from, to, pageSize);
    }

    /** Created at or after this time. */
    public JobFilter from(Instant time) {
        return new JobFilter(task, state, tag, time, to, pageSize);
    }

    /** Created at or before this time. */
    public JobFilter to(Instant time) {
        return new JobFilter(task, state, tag, from, time, pageSize);
    }

    /** Jobs in one request, 1 to 100. */
    public JobFilter pageSize(int jobs) {
        return new JobFilter(task, state, tag, from, to, jobs);
    }

    Call call(@Nullable String cursor) {
        return Call.of("GET", "/v1/jobs")
                .query("limit", pageSize)
                .query("task", task)
                .query("state", state)
                .query("tag", tag)
                .query("from", from)
                .query("to", to)
                .query("cursor", cursor);
    }
}
