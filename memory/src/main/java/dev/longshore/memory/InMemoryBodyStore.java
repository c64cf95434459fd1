package dev.longshore.memory;

import dev.longshore.job.Body;
import dev.longshore.job.BodyMissingException;
import dev.longshore.job.BodyStore;
import dev.longshore.job.JobId;
import dev.longshore.task.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link BodyStore} in memory, with the same contract suite as the one on DynamoDB and S3. Every body is in its row unless
 * {@link #apartAbove} sets a size above which bodies are kept apart. A body is gone at the instant at which it ends.
 */
public final class InMemoryBodyStore implements BodyStore {
    private static final String ITEM = "item:";
    private static final String FILE = "file:";

    private final InstantSource clock;
    private final Map<String, Kept> bodies = new HashMap<>();
    private final Map<Sweep, Instant> notes = new HashMap<>();
    private int largestInRow = Integer.MAX_VALUE;
    private int largestItem = Integer.MAX_VALUE;

    private record Kept(Json json, @Nullable Instant end) {}

    public InMemoryBodyStore(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Keeps larger bodies outside of the row from now on.
     *
     * @param inRow how many bytes of UTF-8 a body in its row has at most
     * @param inItem how many one has that is no file
     */
    public synchronized void apartAbove(int inRow, int inItem) {
        largestInRow = inRow;
        largestItem = inItem;
    }

    @Override
    public synchronized Body keepPayload(JobId id, String name, Json payload, Instant now) {
        return keep(id, name, payload, now.plus(LONGEST_STAY), now.plus(USUAL_STAY));
    }

    @Override
    public synchronized Body keepResult(JobId id, String name, Json result, Instant end) {
        return keep(id, name, result, end, end);
    }

    private Body keep(JobId id, String name, Json body, Instant end, Instant look) {
        int size = body.utf8Length();
        if (size <= largestInRow) {
            return new Body.Inline(body);
        }
        if (size <= largestItem) {
            return put(ITEM + id + "#" + name, body, end);
        }
        Sweep note = new Sweep(id, name.replace('#', '-'));
        notes.put(note, look);
        return put(file(note), body, null);
    }

    private Body put(String place, Json body, @Nullable Instant end) {
        bodies.put(place, new Kept(body, end));
        return new Body.Apart(place, body.utf8Length());
    }

    private static String file(Sweep note) {
        return FILE + note.job() + "/" + note.name();
    }

    @Override
    public synchronized Json read(JobId id, Body.Apart body) {
        Kept kept = bodies.get(body.place());
        if (kept == null || (kept.end() != null && !clock.instant().isBefore(kept.end()))) {
            throw new BodyMissingException(id, body);
        }
        return kept.json();
    }

    @Override
    public synchronized void endAt(JobId id, Body.Apart body, Instant at) {
        if (body.place().startsWith(FILE)) {
            notes.compute(
                    Sweep.of(id, body),
                    (note, look) ->
                            look == null || look.isBefore(at) || look.isAfter(at.plus(LONGEST_OVERTIME)) ? at : look);
        } else {
            bodies.computeIfPresent(body.place(), (place, kept) -> new Kept(kept.json(), at));
        }
    }

    @Override
    public synchronized void keepOn(JobId id, Body.Apart payload, Instant now) {
        if (!payload.place().startsWith(FILE)) {
            endAt(id, payload, now.plus(LONGEST_STAY));
        }
    }

    @Override
    public synchronized void discard(JobId id, Body.Apart body) {
        bodies.remove(body.place());
    }

    @Override
    public synchronized List<Sweep> sweeps(String shard, Instant until, int limit) {
        return notes.entrySet().stream()
                .filter(note -> note.getKey().job().shard().equals(shard))
                .filter(note -> !note.getValue().isAfter(until))
                .sorted(Map.Entry.<Sweep, Instant>comparingByValue()
                        .thenComparing(note -> note.getKey().job())
                        .thenComparing(note -> note.getKey().name()))
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public synchronized void sweep(Sweep sweep) {
        bodies.remove(file(sweep));
        notes.remove(sweep);
    }

    @Override
    public synchronized void postpone(Sweep sweep, Instant until) {
        notes.put(sweep, until);
    }

    /** The places of all bodies that are kept outside of a row and have not ended, in order. */
    public synchronized List<String> places() {
        return bodies.entrySet().stream()
                .filter(body -> body.getValue().end() == null
                        || clock.instant().isBefore(body.getValue().end()))
                .map(Map.Entry::getKey)
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    /** Until when a body is kept; null for a file, which stays while a row names it. */
    public synchronized @Nullable Instant end(Body.Apart body) {
        Kept kept = bodies.get(body.place());
        return kept == null ? null : kept.end();
    }

    /** When a file is looked at next; null when it is not noted. */
    public synchronized @Nullable Instant nextLook(Body.Apart file) {
        String name = file.place().substring(file.place().lastIndexOf('/') + 1);
        return notes.entrySet().stream()
                .filter(note -> note.getKey().name().equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }
}
