package dev.longshore.job;

import dev.longshore.job.BodyStore.Kind;
import dev.longshore.task.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One named, conditional write to a job's row. Made by {@link Lifecycle} and {@link OperatorChanges} and applied by a {@link
 * JobStore}: as one conditional UpdateItem, or under a lock in memory, with the same outcome.
 */
public final class Change {
    private final String name;
    private final Condition guard;
    private final @Nullable String token;
    private final Map<Field, Object> sets = new EnumMap<>(Field.class);
    private final Map<Field, Long> additions = new EnumMap<>(Field.class);
    private final Map<Field, String> appends = new EnumMap<>(Field.class);
    private final Set<Field> removals = EnumSet.noneOf(Field.class);
    private final Map<Kind, Content> contents = new EnumMap<>(Kind.class);
    private @Nullable Dated redriven;
    private @Nullable Dated replaced;
    private @Nullable KeyTake keyTake;

    /**
     * A body that the job gets with this change; {@link JobStore} puts it where it belongs.
     *
     * @param at for a result, when it expires; for a payload, now
     */
    record Content(String name, Json json, Instant at) {}

    /** A payload that the change replaces, or that a redriven job keeps, and the time of the change. */
    record Dated(Body body, Instant at) {}

    /** The outcome of a change. */
    public sealed interface Outcome {
        /** It was applied, now or by an earlier try whose response was lost. */
        record Done(Job job) implements Outcome {}

        /** Its guard did not hold, and nothing was written. */
        record Refused(Job current) implements Outcome {}

        /** There is no such job. */
        record Missing() implements Outcome {}
    }

    Change(String name, Condition guard, @Nullable String token) {
        this.name = name;
        this.guard = guard;
        this.token = token;
        if (token != null) {
            sets.put(Field.TOKEN, token);
        }
    }

    Change set(Field field, Object value) {
        removals.remove(field); // DynamoDB refuses an expression that names a field twice
        sets.put(
                field,
                switch (value) {
                    case Instant time -> time.toEpochMilli();
                    case Integer number -> number.longValue();
                    case JobState state -> state.name();
                    default -> value;
                });
        return this;
    }

    Change setOrRemove(Field field, @Nullable Object value) {
        return value == null ? remove(field) : set(field, value);
    }

    Change add(Field field, long amount) {
        additions.put(field, amount);
        return this;
    }

    /** Adds an entry to the history without reading it: for a write that may find a newer history than the one that was read. */
    Change append(HistoryEntry entry) {
        appends.put(Field.HISTORY, entry.encode());
        return this;
    }

    /** Replaces the history, shortened by {@link HistoryEntry#append(List, HistoryEntry)}. */
    Change history(List<HistoryEntry> history) {
        sets.put(Field.HISTORY, history.stream().map(HistoryEntry::encode).toList());
        return this;
    }

    Change remove(Field... fields) {
        removals.addAll(List.of(fields));
        removals.forEach(sets::remove);
        return this;
    }

    Change content(Kind kind, String name, Json json, Instant at) {
        contents.put(kind, new Content(name, json, at));
        return this;
    }

    /** Keeps the payload of a redriven job from expiring: {@link JobStore} does so before it writes the row. */
    Change redrive(Body payload, Instant at) {
        redriven = new Dated(payload, at);
        return this;
    }

    /** Notes the payload that this change replaces: {@link JobStore} lets it expire an hour later. */
    Change replace(Body payload, Instant at) {
        replaced = new Dated(payload, at);
        return this;
    }

    /** Takes a unique key with this change: both are written, or neither. */
    Change takesKey(KeyTake take) {
        keyTake = take;
        return this;
    }

    /** The unique key that the job takes with this change; null for none. */
    public @Nullable KeyTake keyTake() {
        return keyTake;
    }

    /** The same change, which takes the key from the holder that was read. */
    Change keyAsRead(UniqueKey.@Nullable Holder holder) {
        KeyTake take = Objects.requireNonNull(keyTake, "it takes a key");
        return copy().takesKey(new KeyTake(take.key(), holder, take.version(), take.at(), take.ends()));
    }

    Map<Kind, Content> contents() {
        return contents;
    }

    @Nullable
    Dated redriven() {
        return redriven;
    }

    @Nullable
    Dated replaced() {
        return replaced;
    }

    /** The same change with its contents set as fields. Each kind has three: the body itself (inline), or its place and its size. */
    Change naming(Map<Kind, Body> places) {
        if (places.isEmpty()) {
            return this;
        }
        Change change = copy();
        places.forEach((kind, body) -> {
            switch (body) {
                case Body.Inline(Json json) ->
                    change.set(kind.inline, BodyBytes.pack(json)).remove(kind.place, kind.size);
                case Body.Apart(String place, int size) ->
                    change.set(kind.place, place).set(kind.size, size).remove(kind.inline);
            }
        });
        return change;
    }

    /** The same write of the row, without contents. */
    private Change copy() {
        Change change = new Change(name, guard, token);
        change.sets.putAll(sets);
        change.additions.putAll(additions);
        change.appends.putAll(appends);
        change.removals.addAll(removals);
        change.keyTake = keyTake;
        return change;
    }

    /** The change's name in {@code docs/lifecycle.md}. */
    public String name() {
        return name;
    }

    public Condition guard() {
        return guard;
    }

    /** Whether the row has this change's token: no other write with a token came after it. */
    public boolean wrote(Row row) {
        return token != null && Objects.equals(row.text(Field.TOKEN), token);
    }

    public Map<Field, Object> sets() {
        return sets;
    }

    /** Numbers to add; a field that is not there counts as zero. */
    public Map<Field, Long> additions() {
        return additions;
    }

    /** Entries to put at the end of lists. */
    public Map<Field, String> appends() {
        return appends;
    }

    public Set<Field> removals() {
        return removals;
    }

    /** The row after the change; the caller has checked the guard. */
    public Row applyTo(Row row) {
        Row changed = new Row(row);
        sets.forEach(changed::put);
        additions.forEach((field, amount) -> {
            Long before = row.number(field);
            changed.put(field, (before == null ? 0 : before) + amount);
        });
        appends.forEach((field, entry) -> {
            List<String> list = new ArrayList<>(row.list(field));
            list.add(entry);
            changed.put(field, list);
        });
        removals.forEach(field -> changed.put(field, null));
        return changed;
    }

    @Override
    public String toString() {
        return name;
    }
}
