package dev.longshore.testkit;

import dev.longshore.job.Body;
import dev.longshore.job.Change;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobRows;
import dev.longshore.job.JobStore;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.Row;
import dev.longshore.task.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A {@link JobStore} in memory, held to the same contract as the one on DynamoDB. All of it under one lock. */
public final class InMemoryJobStore implements JobStore {
    private static final Comparator<DeadPlace> BY_TIME =
            Comparator.comparing(DeadPlace::diedAt).thenComparing(DeadPlace::id);

    private final TreeMap<JobId, Row> rows = new TreeMap<>(Comparator.reverseOrder());
    private final Map<String, NavigableSet<DeadPlace>> indexes = new HashMap<>();
    private final Map<String, Key> keys = new HashMap<>();
    private int writes;

    private record Key(JobId job, Instant expires) {}

    @Override
    public synchronized Creation create(NewJob job, Instant keyExpires) {
        String key = job.idempotencyKey();
        Row there = rows.get(job.id());
        if (there != null) {
            Job first = JobRows.toJob(job.id(), there);
            return Objects.equals(there.text(Field.TOKEN), job.token())
                    ? new Creation.Created(first)
                    : new Creation.Exists(first);
        }
        Key held = key == null ? null : keys.get(key);
        if (held != null && !held.expires().isBefore(job.createdAt()) && rows.containsKey(held.job())) {
            return new Creation.Exists(JobRows.toJob(held.job(), rows.get(held.job())));
        }
        if (key != null) {
            keys.put(key, new Key(job.id(), keyExpires));
        }
        writes++;
        Row row = JobRows.of(job, new Body.Inline(job.payload()));
        keep(job.id(), row);
        return new Creation.Created(JobRows.toJob(job.id(), row));
    }

    @Override
    public synchronized Change.Outcome apply(JobId id, Change change) {
        Row row = rows.get(id);
        if (row == null) {
            return new Change.Outcome.Missing();
        }
        if (!change.guard().holds(row)) {
            Job current = JobRows.toJob(id, row);
            return change.wrote(row) ? new Change.Outcome.Done(current) : new Change.Outcome.Refused(current);
        }
        writes++;
        Row changed = change.applyTo(row);
        keep(id, changed);
        return new Change.Outcome.Done(JobRows.toJob(id, changed));
    }

    @Override
    public synchronized boolean withdraw(Job job) {
        Row row = rows.get(job.id());
        if (row == null || !Objects.equals(row.text(Field.TOKEN), job.token())) {
            return false;
        }
        keep(job.id(), null);
        keys.remove(job.idempotencyKey());
        return true;
    }

    @Override
    public synchronized Optional<Job> find(JobId id) {
        return Optional.ofNullable(rows.get(id)).map(row -> JobRows.toJob(id, row));
    }

    @Override
    public Json payload(Job job) {
        return inline(job.payload());
    }

    @Override
    public @Nullable Json result(Job job) {
        return job.result() == null ? null : inline(job.result());
    }

    private static Json inline(Body body) {
        return switch (body) {
            case Body.Inline(Json json) -> json;
            case Body.Apart apart ->
                throw new IllegalStateException("This store keeps no body apart: " + apart.place());
        };
    }

    @Override
    public Body keepResult(Job job, Json result) {
        return new Body.Inline(result);
    }

    @Override
    public void expireBodies(Job job, Instant expires) {
        // Bodies are in the rows here.
    }

    @Override
    public void keepBodies(Job job) {
        // Bodies are in the rows here.
    }

    @Override
    public Body keepPayload(Job job, Json payload) {
        return new Body.Inline(payload);
    }

    @Override
    public void discardBody(Job job, Body body) {
        // Bodies are in the rows here.
    }

    @Override
    public synchronized Page list(Query query) {
        List<Job> jobs = rows.entrySet().stream()
                .filter(entry -> query.before() == null || entry.getKey().compareTo(query.before()) < 0)
                .filter(entry -> !entry.getKey().time().isBefore(query.from()))
                .filter(entry -> !entry.getKey().time().isAfter(query.to()))
                .filter(entry -> query.filter().holds(entry.getValue()))
                .limit(query.limit() + 1L)
                .map(entry -> JobRows.toJob(entry.getKey(), entry.getValue()))
                .toList();
        return jobs.size() > query.limit()
                ? new Page(
                        jobs.subList(0, query.limit()),
                        jobs.get(query.limit() - 1).id())
                : new Page(jobs, null);
    }

    @Override
    public synchronized List<Job> due(String shard, Instant until, int limit) {
        return index(Lifecycle.dueIndex(shard)).stream()
                .takeWhile(place -> !place.diedAt().isAfter(until))
                .limit(limit)
                .map(place -> JobRows.toJob(place.id(), row(place.id())))
                .toList();
    }

    @Override
    public synchronized DeadPage dead(String shard, Instant from, Instant to, @Nullable DeadPlace after, int limit) {
        List<DeadPlace> places = index(Lifecycle.deadIndex(shard)).stream()
                .filter(place -> !place.diedAt().isBefore(from))
                .takeWhile(place -> !place.diedAt().isAfter(to))
                .filter(place -> after == null || BY_TIME.compare(place, after) > 0)
                .limit(limit + 1L)
                .toList();
        boolean more = places.size() > limit;
        List<DeadPlace> page = more ? places.subList(0, limit) : places;
        return new DeadPage(
                page.stream()
                        .map(place -> JobRows.toJob(place.id(), inIndex(row(place.id()))))
                        .toList(),
                more ? page.getLast() : null);
    }

    private NavigableSet<DeadPlace> index(String key) {
        return indexes.computeIfAbsent(key, any -> new TreeSet<>(BY_TIME));
    }

    /** Writes a row, or takes it away, and the sparse index follows. */
    private void keep(JobId id, @Nullable Row row) {
        Row before = row == null ? rows.remove(id) : rows.put(id, row);
        if (before != null && before.has(Field.INDEX_AT)) {
            index(String.valueOf(before.text(Field.INDEX))).remove(place(id, before));
        }
        if (row != null && row.has(Field.INDEX_AT)) {
            index(String.valueOf(row.text(Field.INDEX))).add(place(id, row));
        }
    }

    private static DeadPlace place(JobId id, Row row) {
        return new DeadPlace(
                Objects.requireNonNull(row.time(Field.INDEX_AT), "what is in the index has its time there"), id);
    }

    /** What the index has of a row. */
    private static Row inIndex(Row row) {
        Row part = new Row();
        row.values().forEach((field, value) -> {
            if (Field.IN_INDEX.contains(field) || field == Field.INDEX || field == Field.INDEX_AT) {
                part.put(field, value);
            }
        });
        return part;
    }

    /** All jobs there are, newest first. */
    public synchronized List<Job> all() {
        return rows.entrySet().stream()
                .map(entry -> JobRows.toJob(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** How many writes to jobs' rows took effect so far. */
    public synchronized int writes() {
        return writes;
    }

    /** Puts a row in as it stands: what only older, newer or broken code would write. */
    public synchronized void plant(JobId id, Row row) {
        keep(id, new Row(row));
    }

    /** A copy of a job's row. */
    public synchronized Row row(JobId id) {
        return new Row(Objects.requireNonNull(rows.get(id), "there is no such job"));
    }
}
