package dev.longshore.job.aws;

import dev.longshore.job.Body;
import dev.longshore.job.BodyBytes;
import dev.longshore.job.BodyMissingException;
import dev.longshore.job.BodyStore;
import dev.longshore.job.DayShards;
import dev.longshore.job.Field;
import dev.longshore.job.JobId;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.task.FileStore;
import dev.longshore.task.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Payloads and results that do not fit their job's row: an item of their own, or a file (the claim check of "Enterprise
 * Integration Patterns") from the size on at which S3 costs less (ADR 20). Sizes count packed bytes. Bodies are written
 * before the row that names them, and under a name of their own each time, so that a refused write never changes what
 * another row names.
 */
public final class DynamoDbBodyStore implements BodyStore {
    /** A row stays under 1 KB, the unit that a write is paid by, if its payload takes no more than this. */
    static final int LARGEST_IN_ROW = 512;
    /** Larger than for a payload, since only the last write has the result. */
    static final int LARGEST_RESULT_IN_ROW = 4 * 1024;

    /**
     * An item of six write units, its keys included. It is written twice, since the date by which DynamoDB deletes it is set
     * when its job ends; seven units cost more than a file.
     */
    public static final int LARGEST_PAYLOAD_ITEM = 6_000;

    /** An item of eleven write units. It is written once, with its date. */
    public static final int LARGEST_RESULT_ITEM = 11_000;

    private static final String ITEM = "item:";
    private static final String FILE = "file:";
    private static final String SWEEP = "#sweep#";
    private static final String SWEEP_INDEX = "sweep#";
    private static final String BYTES = "b";

    private final Table table;
    private final DayShards shards;
    private final FileStore files;

    /**
     * @param shards those that the table was begun with
     * @param files where bodies go that are too large for an item
     */
    public DynamoDbBodyStore(DynamoDbClient dynamoDb, String table, DayShards shards, FileStore files) {
        this.table = new Table(dynamoDb, table);
        this.shards = shards;
        this.files = files;
    }

    @Override
    public Body keepPayload(JobId id, String name, Json payload, Instant now) {
        byte[] packed = BodyBytes.pack(payload);
        if (packed.length <= LARGEST_IN_ROW) {
            return new Body.Inline(payload);
        }
        String place = packed.length <= LARGEST_PAYLOAD_ITEM
                ? keepItem(id, name, packed, now.plus(LONGEST_STAY))
                : keepFile(id, name, packed, now.plus(USUAL_STAY));
        return new Body.Apart(place, payload.utf8Length());
    }

    @Override
    public Body keepResult(JobId id, String name, Json result, Instant end) {
        byte[] packed = BodyBytes.pack(result);
        if (packed.length <= LARGEST_RESULT_IN_ROW) {
            return new Body.Inline(result);
        }
        String place = packed.length <= LARGEST_RESULT_ITEM
                ? keepItem(id, name, packed, end)
                : keepFile(id, name, packed, end);
        return new Body.Apart(place, result.utf8Length());
    }

    private String keepItem(JobId id, String name, byte[] packed, Instant end) {
        String sort = id + "#" + name;
        table.put(
                "Writing a body",
                Item.of(partition(id), sort).with(BYTES, packed).expiring(end));
        return ITEM + sort;
    }

    @Override
    public Json read(JobId id, Body.Apart body) {
        byte[] packed = isFile(body) ? readFile(id, body) : readItem(id, body);
        return BodyBytes.unpack(packed, body.size());
    }

    private static boolean isFile(Body.Apart body) {
        return body.place().startsWith(FILE);
    }

    /** An item ends by DynamoDB's time to live, a file by a note in the index that the dispatcher reads. */
    @Override
    public void endAt(JobId id, Body.Apart body, Instant at) {
        if (isFile(body)) {
            endFileAt(Sweep.of(id, body), at);
            return;
        }
        endItemAt(id, body, at);
    }

    /** Reading the note is one read unit; writing it again is three write units, of the table and of the index's two places. */
    private void endFileAt(Sweep sweep, Instant at) {
        Instant look = nextLook(sweep);
        if (look == null || look.isBefore(at) || look.isAfter(at.plus(LONGEST_OVERTIME))) {
            note(sweep, at);
        }
    }

    private @Nullable Instant nextLook(Sweep sweep) {
        return table.get("Reading the note of a body's end", key(sweep))
                .map(note -> note.time(Field.INDEX_AT.attribute()))
                .orElse(null);
    }

    /** Written again, it is the same note with another time. */
    private void note(Sweep sweep, Instant at) {
        table.put(
                "Noting a body's end",
                key(sweep).indexed(SWEEP_INDEX + sweep.job().shard(), at));
    }

    @Override
    public List<Sweep> sweeps(String shard, Instant until, int limit) {
        ItemQuery due = ItemQuery.ofIndex(SWEEP_INDEX + shard, until).limit(limit);
        return table.query("Reading which bodies end", due).readable(DynamoDbBodyStore::sweep);
    }

    private static Sweep sweep(Item note) {
        String[] sides = note.sort().split(SWEEP, 2);
        return new Sweep(new JobId(sides[0]), sides[1]);
    }

    @Override
    public void sweep(Sweep sweep) {
        deleteFile(sweep.file());
        table.delete("Deleting the note of a body's end", key(sweep));
    }

    private Item key(Sweep sweep) {
        return Item.of(partition(sweep.job()), sweep.job() + SWEEP + sweep.name());
    }

    @Override
    public void postpone(Sweep sweep, Instant until) {
        note(sweep, until);
    }

    @Override
    public void keepOn(JobId id, Body.Apart payload, Instant now) {
        if (!isFile(payload)) {
            endItemAt(id, payload, now.plus(LONGEST_STAY));
        }
    }

    @Override
    public void discard(JobId id, Body.Apart body) {
        if (isFile(body)) {
            deleteFile(body.place().substring(FILE.length()));
            return;
        }
        table.delete("Deleting a body", itemKey(id, body));
    }

    private Item itemKey(JobId id, Body.Apart body) {
        return Item.of(partition(id), body.place().substring(ITEM.length()));
    }

    private void deleteFile(String name) {
        try {
            files.delete(name);
        } catch (IOException e) {
            throw new StoreUnavailableException("Deleting the body's file " + name, e);
        }
    }

    private void endItemAt(JobId id, Body.Apart body, Instant at) {
        table.update(
                "Dating a body",
                itemKey(id, body),
                to -> "SET " + to.equal(JobTable.TIME_TO_LIVE, at.getEpochSecond()));
    }

    private byte[] readItem(JobId id, Body.Apart body) {
        return table.get("Reading a body", itemKey(id, body))
                .filter(item -> item.has(BYTES))
                .orElseThrow(() -> new BodyMissingException(id, body))
                .bytes(BYTES);
    }

    /** The note is written before the file: after any crash the file is checked, and deleted when no row names it. */
    private String keepFile(JobId id, String name, byte[] packed, Instant look) {
        Sweep sweep = new Sweep(id, name.replace('#', '-'));
        note(sweep, look);
        try {
            files.write(sweep.file(), packed);
        } catch (IOException e) {
            throw new StoreUnavailableException("Writing the body's file " + sweep.file(), e);
        }
        return FILE + sweep.file();
    }

    /** Reads at most one byte more than the body's size: packed it is never longer, so {@link BodyBytes} detects a longer file. */
    private byte[] readFile(JobId id, Body.Apart body) {
        try (InputStream in = files.read(body.place().substring(FILE.length()))) {
            return in.readNBytes(body.size() + 1);
        } catch (NoSuchFileException e) {
            throw new BodyMissingException(id, body);
        } catch (IOException e) {
            throw new StoreUnavailableException("Reading the body's file " + body.place(), e);
        }
    }

    /** Apart from the jobs' own partition, so that a list of jobs does not read, and pay for, their bodies. */
    private String partition(JobId id) {
        return shards.partition(id) + "#bodies";
    }
}
