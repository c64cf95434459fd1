package dev.longshore.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A schedule as it is.
 *
 * @param payload what each job gets; null in lists
 * @param cron five fields; null for one with {@code every}
 * @param zone of {@code cron}
 * @param every distance between two instants; null for one with {@code cron}
 * @param anchor from which the instants of {@code every} are counted
 * @param overlap allow, skip or cancel: while the job before is not finished
 * @param catchUp none, latest or all: what an outage has missed
 * @param catchUpLimit the newest so many of {@code all}
 * @param jitterSeconds by how much each job is put off at most
 * @param declared whether it is declared in code
 * @param next its next five instants
 * @param skipped how many instants made no job
 */
public record Schedule(
        String name,
        String task,
        @Nullable JsonNode payload,
        @Nullable String cron,
        @Nullable String zone,
        @Nullable String every,
        @Nullable Instant anchor,
        String overlap,
        String catchUp,
        int catchUpLimit,
        int jitterSeconds,
        boolean paused,
        @Nullable Integer maxAttempts,
        List<String> tags,
        @Nullable String fairKey,
        boolean declared,
        List<Instant> next,
        @Nullable Last last,
        long skipped) {
    /** Lists that the answer left out are empty. */
    public Schedule {
        tags = Answers.list(tags);
        next = Answers.list(next);
    }

    /**
     * The instant before.
     *
     * @param outcome created, run_now, skipped, duplicate, missed or unknown_task
     * @param job the last job that the schedule made
     */
    public record Last(Instant at, String outcome, @Nullable String job) {}

    @Override
    public String toString() {
        return "Schedule[name=" + name + ", task=" + task + "]";
    }
}
