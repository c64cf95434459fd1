package dev.longshore.reliability;

import dev.longshore.job.Body;
import dev.longshore.job.Change;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobRows;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.Row;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * All rows that the model has reached, each under a number, and the steps between them. It is always {@link #NOW}; time
 * passes by changing times in the future to the past.
 */
final class ModelRows {
    static final int NONE = -1;
    static final JobId ID = JobId.of(1_773_144_000_000L, 1, 2);
    static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
    static final Instant SOON = NOW.plusSeconds(60);

    /** Further than the queue's longest delay. */
    static final Instant FAR = NOW.plus(Duration.ofHours(1));

    /** Fields that no guard and no flow reads; they would only make equal rows differ. */
    private static final Set<Field> IGNORED = EnumSet.of(
            Field.HISTORY,
            Field.ERROR_TYPE,
            Field.ERROR_MESSAGE,
            Field.ERROR_STACK,
            Field.FINGERPRINT,
            Field.STARTED,
            Field.PROGRESS,
            Field.CHECKPOINT,
            Field.PAYLOAD,
            Field.CREATED,
            Field.RUN_AT,
            Field.CANCEL_BY,
            Field.TASK,
            Field.POOL);

    private final List<Row> rows = new ArrayList<>();
    private final List<Job> jobs = new ArrayList<>();
    private final Map<Map<Field, Object>, Integer> numbers = new HashMap<>();
    private final Set<String> steps = new TreeSet<>();
    private final Set<String> wrong = new LinkedHashSet<>();

    /** New jobs: for now, for soon, for much later; with and without a time at which they expire. */
    static List<Row> newJobs(boolean withExpiry) {
        List<Row> news = new ArrayList<>();
        Json payload = new Json("1");
        for (Instant due : List.of(NOW, SOON, FAR)) {
            NewJob job = NewJob.of(ID, "t", "p", 2, payload, NOW, "creation").at(due);
            news.add(JobRows.of(job, new Body.Inline(payload)));
            if (withExpiry) {
                news.add(JobRows.of(job, new Body.Inline(payload)).put(Field.EXPIRES, FAR.plusSeconds(60)));
            }
        }
        return news;
    }

    int add(Row row) {
        Row plain = plain(row);
        Integer existing = numbers.get(plain.values());
        if (existing != null) {
            return existing;
        }
        check(plain);
        return keep(plain);
    }

    /** What an actor remembers of a row: only some fields, so not a row of the table. */
    int remember(int number, Field... fields) {
        Row seen = new Row();
        for (Field field : fields) {
            seen.put(field, rows.get(number).values().get(field));
        }
        seen.put(Field.STATE, rows.get(number).text(Field.STATE));
        Integer existing = numbers.get(seen.values());
        return existing == null ? keep(seen) : existing;
    }

    private int keep(Row row) {
        rows.add(row);
        jobs.add(JobRows.toJob(ID, row));
        numbers.put(row.values(), rows.size() - 1);
        return rows.size() - 1;
    }

    /** Without what makes no difference to any guard or flow. */
    private static Row plain(Row row) {
        Row plain = new Row(row);
        IGNORED.forEach(field -> plain.put(field, null));
        String token = Objects.requireNonNullElse(row.text(Field.TOKEN), "");
        if (!token.equals("creation") && !token.startsWith("held")) {
            plain.put(Field.TOKEN, "another");
        }
        if (!Objects.equals(row.number(Field.FENCE), 0L)) {
            plain.put(Field.EXPIRES, null); // it counts only before the first start
        }
        if (!JobState.valueOf(Objects.requireNonNull(row.text(Field.STATE))).isWaiting()) {
            plain.put(Field.DUE, NOW);
        }
        return plain.put(Field.DEAD_REASON, row.has(Field.DEAD_REASON) ? "EXHAUSTED" : null);
    }

    Row row(int number) {
        return new Row(rows.get(number));
    }

    Job job(int number) {
        return jobs.get(number);
    }

    JobState state(int number) {
        return job(number).state();
    }

    /** The row after a change; {@link #NONE} when its guard does not hold. Written once or twice, it is the same. */
    int apply(int number, Change change) {
        Row row = rows.get(number);
        if (!change.guard().holds(row)) {
            return NONE;
        }
        Row changed = change.applyTo(row);
        int after = add(changed);
        steps.add(LifecyclePage.step(change.name(), state(number), state(after)));
        long fence = Objects.requireNonNullElse(row.number(Field.FENCE), 0L);
        long fenceAfter = Objects.requireNonNullElse(changed.number(Field.FENCE), 0L);
        if (fenceAfter != fence + (change.name().equals("claim") ? 1 : 0)) {
            wrong.add(change.name() + " moves the fence from " + fence + " to " + fenceAfter);
        }
        if (change.guard().holds(changed) ? add(change.applyTo(changed)) != after : isNotRecognised(change, changed)) {
            wrong.add(change.name() + ", retried after a lost response, is not recognised: " + text(number));
        }
        return after;
    }

    /** A retried change of state must recognise its own write; any other change may be refused the second time. */
    private static boolean isNotRecognised(Change change, Row changed) {
        return change.sets().containsKey(Field.STATE) && !change.wrote(changed);
    }

    /** What must hold in every row. */
    private void check(Row row) {
        Job job = JobRows.toJob(ID, row);
        boolean terminal = job.state().isTerminal();
        String index = Objects.requireNonNullElse(job.index(), "");
        require(row, terminal == row.has(Field.TTL), "a time-to-live is for what has ended, and for all of it");
        require(row, terminal == row.has(Field.FINISHED), "what has ended has a time of that, and nothing else has");
        require(row, (job.state() == JobState.DEAD) == row.has(Field.DEAD_REASON), "a reason of death is for the dead");
        require(row, (job.state() == JobState.RUNNING) == row.has(Field.LEASE), "a lease is for what runs");
        require(row, job.attempt() >= 0 && job.attempt() <= job.maxAttempts(), "attempts are within bounds");
        require(row, !job.state().isWaiting() || job.attempt() < job.maxAttempts(), "what waits has an attempt left");
        require(row, job.state() != JobState.RUNNING || job.attempt() >= 1, "what runs is counted");
        require(
                row,
                (job.state() == JobState.DEAD && !job.isPurged(NOW)) == index.startsWith("dead#"),
                "dead jobs are in their index until they are purged");
        require(row, job.state().isWaiting() || !index.startsWith("due#"), "only what waits is in the due index");
        require(row, job.state().isWaiting() || !index.startsWith("paused#"), "only what waits is set held");
        require(row, index.isEmpty() == (job.indexedAt() == null), "an index has a time");
    }

    private void require(Row row, boolean holds, String what) {
        if (!holds) {
            wrong.add(what + ": " + row.values());
        }
    }

    /** The rows that time alone makes of a row. */
    List<Integer> later(int number) {
        Job job = job(number);
        List<Integer> later = new ArrayList<>();
        if (job.due().isAfter(NOW)) {
            later.add(add(row(number).put(Field.DUE, NOW)));
            if (job.due().isAfter(SOON)) {
                later.add(add(row(number).put(Field.DUE, SOON)));
            }
        }
        if (job.leaseUntil() != null && job.leaseUntil().isAfter(NOW)) {
            later.add(add(row(number).put(Field.LEASE, NOW.minus(Lifecycle.CLOCK_SKEW))));
        }
        if (job.expiresAt() != null && job.expiresAt().isAfter(NOW)) {
            later.add(add(row(number).put(Field.EXPIRES, NOW)));
        }
        return later;
    }

    boolean isIndexed(int number) {
        return rows.get(number).has(Field.INDEX);
    }

    boolean isAtItsEnd(int number) {
        Job job = job(number);
        return job.state().isTerminal() && (job.state() != JobState.DEAD || job.deathHandled());
    }

    boolean isAtTheBound(int number) {
        return job(number).fence() >= ModelMoves.MOST_CLAIMS;
    }

    String text(int number) {
        return rows.get(number).values().toString();
    }

    int size() {
        return rows.size();
    }

    Set<String> steps() {
        return steps;
    }

    List<String> wrong() {
        return List.copyOf(wrong);
    }
}
