package dev.longshore.memory;

import dev.longshore.job.Body;
import dev.longshore.job.Change;
import dev.longshore.job.DayShards;
import dev.longshore.job.Field;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobRows;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.JobStore.Query;
import dev.longshore.job.KeyTake;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OutdatedScheduleException;
import dev.longshore.job.Page;
import dev.longshore.job.Row;
import dev.longshore.job.RowStore;
import dev.longshore.job.UniqueKey;
import dev.longshore.job.UniqueKeyChangedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A {@link RowStore} in memory, held to the same contract as the one on DynamoDB. All of it under one lock. */
public final class InMemoryRowStore implements RowStore {
    private final TreeMap<JobId, Row> rows = new TreeMap<>(Comparator.reverseOrder());
    private final Map<String, Key> keys = new HashMap<>();
    private final Map<UniqueKey, UniqueHold> uniqueKeys = new HashMap<>();
    private final TreeSet<Entry> attention = new TreeSet<>(
            Comparator.comparing(Entry::key).thenComparing(Entry::at).thenComparing(Entry::id));
    private final InMemoryScheduleStore schedules;
    private final DayShards shards;
    private int writes;

    private static final JobId FIRST = JobId.of(0, 0, 0);

    /** A row's place in the attention index. */
    private record Entry(String key, long at, JobId id) {}

    private record Key(JobId job, Instant expires) {}

    private record UniqueHold(UniqueKey.Holder holder, Instant ends) {}

    /** A store beside no schedules. */
    public InMemoryRowStore() {
        this(new InMemoryScheduleStore(), DayShards.SIXTEEN);
    }

    /** A store whose jobs of schedules are created only while these have not changed. */
    public InMemoryRowStore(InMemoryScheduleStore schedules, DayShards shards) {
        this.schedules = schedules;
        this.shards = shards;
    }

    @Override
    public synchronized Creation create(NewJob job, Body payload, Instant keyExpires) {
        synchronized (schedules) { // so that no schedule changes between the look at it and the creation
            return createNow(job, payload, keyExpires);
        }
    }

    private Creation createNow(NewJob job, Body payload, Instant keyExpires) {
        String key = job.idempotencyKey();
        Optional<Creation> there = ofId(job);
        if (there.isPresent()) {
            return there.get();
        }
        if (job.ofSchedule() != null && !schedules.isUnchanged(job.ofSchedule())) {
            throw new OutdatedScheduleException(job.ofSchedule());
        }
        Optional<Creation> first = underKey(job);
        if (first.isPresent()) {
            return first.get();
        }
        take(job.keyTake(), job.id());
        if (key != null) {
            keys.put(key, new Key(job.id(), keyExpires));
        }
        writes++;
        Row row = JobRows.of(job, payload);
        put(job.id(), row);
        return new Creation.Created(JobRows.toJob(job.id(), row));
    }

    private Optional<Creation> ofId(NewJob job) {
        return Optional.ofNullable(rows.get(job.id())).map(there -> {
            Job first = JobRows.toJob(job.id(), there);
            return Objects.equals(there.text(Field.TOKEN), job.token())
                    ? new Creation.Created(first)
                    : new Creation.Exists(first);
        });
    }

    private Optional<Creation> underKey(NewJob job) {
        return Optional.ofNullable(job.idempotencyKey())
                .map(keys::get)
                .filter(held -> !held.expires().isBefore(job.createdAt()))
                .flatMap(held -> find(held.job()))
                .filter(holder -> !holder.isPurged(job.createdAt()))
                .map(Creation.Exists::new);
    }

    /** @throws UniqueKeyChangedException when it was taken since it was read */
    private void take(@Nullable KeyTake take, JobId taker) {
        if (take == null) {
            return;
        }
        if (!Objects.equals(holder(take.key()).orElse(null), take.asRead())) {
            throw new UniqueKeyChangedException(take.key());
        }
        uniqueKeys.put(take.key(), new UniqueHold(new UniqueKey.Holder(taker, take.version()), take.ends()));
    }

    @Override
    public synchronized Optional<UniqueKey.Holder> holder(UniqueKey key) {
        return Optional.ofNullable(uniqueKeys.get(key)).map(UniqueHold::holder);
    }

    @Override
    public synchronized Optional<Creation> earlier(NewJob job) {
        return ofId(job).or(() -> underKey(job));
    }

    @Override
    public synchronized void keepKey(UniqueKey key, JobId holder, Instant until) {
        uniqueKeys.computeIfPresent(
                key, (same, hold) -> hold.holder().job().equals(holder) ? new UniqueHold(hold.holder(), until) : hold);
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
        take(change.keyTake(), id);
        writes++;
        Row changed = change.applyTo(row);
        put(id, changed);
        return new Change.Outcome.Done(JobRows.toJob(id, changed));
    }

    @Override
    public synchronized boolean withdraw(Job job) {
        Row row = rows.get(job.id());
        if (row == null || !Objects.equals(row.text(Field.TOKEN), job.token())) {
            return false;
        }
        remove(job.id());
        Key held = keys.get(job.idempotencyKey());
        if (held != null && held.job().equals(job.id())) {
            keys.remove(job.idempotencyKey());
        }
        UniqueKey unique = job.ownKey();
        if (unique != null
                && holder(unique)
                        .filter(new UniqueKey.Holder(job.id(), Objects.requireNonNull(job.token()))::equals)
                        .isPresent()) {
            uniqueKeys.remove(unique);
        }
        return true;
    }

    @Override
    public synchronized Optional<Job> find(JobId id) {
        return Optional.ofNullable(rows.get(id)).map(row -> JobRows.toJob(id, row));
    }

    @Override
    public synchronized Page<Job, JobId> list(Query query) {
        return page(
                rows.entrySet().stream()
                        .filter(entry ->
                                query.before() == null || entry.getKey().compareTo(query.before()) < 0)
                        .filter(entry -> !entry.getKey().time().isBefore(query.from()))
                        .filter(entry -> !entry.getKey().time().isAfter(query.to()))
                        .filter(entry -> query.filter().holds(entry.getValue())),
                query.limit());
    }

    @Override
    public DayShards dayShards() {
        return shards;
    }

    @Override
    public synchronized Page<Job, JobId> hour(Instant hour, String shard, @Nullable JobId after, int limit) {
        JobId first = JobId.of(hour.toEpochMilli(), 0, 0);
        JobId end = JobId.of(hour.plus(Duration.ofHours(1)).toEpochMilli(), 0, 0);
        return page(
                rows.subMap(end, false, first, true).descendingMap().entrySet().stream()
                        .filter(entry -> shards.of(entry.getKey()).equals(shard))
                        .filter(entry -> after == null || entry.getKey().compareTo(after) > 0),
                limit);
    }

    /** Rows that cannot be read count in a page, as on DynamoDB: they must not make it look like the last one. */
    private static Page<Job, JobId> page(Stream<Map.Entry<JobId, Row>> found, int limit) {
        List<Map.Entry<JobId, Row>> entries = found.limit(limit + 1L).toList();
        boolean all = entries.size() <= limit;
        List<Map.Entry<JobId, Row>> page = all ? entries : entries.subList(0, limit);
        return new Page<>(
                page.stream()
                        .flatMap(entry -> readable(entry.getKey(), entry.getValue()))
                        .toList(),
                all ? null : page.getLast().getKey());
    }

    @Override
    public synchronized Page<Job, IndexPlace> held(
            HoldReason reason, String shard, Instant until, @Nullable IndexPlace after, int limit) {
        return indexed(reason.index(shard), Long.MIN_VALUE, until.toEpochMilli(), after, limit);
    }

    @Override
    public synchronized Page<Job, IndexPlace> dead(
            String shard, Instant from, Instant to, @Nullable IndexPlace after, int limit) {
        return indexed(Lifecycle.deadIndex(shard), from.toEpochMilli(), to.toEpochMilli(), after, limit);
    }

    private Page<Job, IndexPlace> indexed(String key, long from, long to, @Nullable IndexPlace after, int limit) {
        Entry first = after == null
                ? new Entry(key, from, FIRST)
                : new Entry(key, after.at().toEpochMilli(), after.id());
        List<Entry> entries = attention.subSet(first, false, new Entry(key, to + 1, FIRST), false).stream()
                .limit(limit + 1L)
                .toList();
        boolean all = entries.size() <= limit;
        List<Entry> page = all ? entries : entries.subList(0, limit);
        Entry last = all ? null : page.getLast();
        return new Page<>(
                page.stream()
                        .flatMap(entry -> readable(entry.id(), inIndex(Objects.requireNonNull(rows.get(entry.id())))))
                        .toList(),
                last == null ? null : new IndexPlace(Instant.ofEpochMilli(last.at()), last.id()));
    }

    /** None for a row that broken code has written; as the store on DynamoDB, it keeps none of the others from being read. */
    private static Stream<Job> readable(JobId id, Row row) {
        try {
            return Stream.of(JobRows.toJob(id, row));
        } catch (RuntimeException e) {
            return Stream.empty();
        }
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

    private void put(JobId id, Row row) {
        remove(id);
        rows.put(id, row);
        entry(id, row).ifPresent(attention::add);
    }

    private void remove(JobId id) {
        Row before = rows.remove(id);
        if (before != null) {
            entry(id, before).ifPresent(attention::remove);
        }
    }

    private static Optional<Entry> entry(JobId id, Row row) {
        String key = row.text(Field.INDEX);
        Long at = row.number(Field.INDEX_AT);
        return key == null || at == null ? Optional.empty() : Optional.of(new Entry(key, at, id));
    }

    /** All jobs there are, newest first. */
    public synchronized List<Job> all() {
        return rows.entrySet().stream()
                .flatMap(entry -> readable(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** How many writes to jobs' rows took effect so far. */
    public synchronized int writes() {
        return writes;
    }

    /** Writes a row without any check: one that only older, newer or broken code would write. */
    public synchronized void plant(JobId id, Row row) {
        put(id, new Row(row));
    }

    /** Deletes a row, as DynamoDB does when its time to live is over. */
    public synchronized void deleteRow(JobId id) {
        remove(id);
    }

    /** When DynamoDB may delete the item of a unique key; empty when there is none. */
    public synchronized Optional<Instant> endOf(UniqueKey key) {
        return Optional.ofNullable(uniqueKeys.get(key)).map(UniqueHold::ends);
    }

    /** A copy of a job's row. */
    public synchronized Row row(JobId id) {
        return new Row(Objects.requireNonNull(rows.get(id), "there is no such job"));
    }
}
