package dev.longshore.job.aws;

import dev.longshore.job.Body;
import dev.longshore.job.BodyBytes;
import dev.longshore.job.BodyMissingException;
import dev.longshore.job.BodyStore;
import dev.longshore.job.JobId;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.task.FileStore;
import dev.longshore.task.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Payloads and results that do not fit their job's row. Up to 256 KB, packed, they are an item of their own; above that a
 * file (the claim check of "Enterprise Integration Patterns"). They are written before the row that names them, and under
 * a name of their own each time, so that a refused write never changes what another row names.
 */
public final class DynamoDbBodyStore implements BodyStore {
    /** A row stays under 1 KB, the unit that a write is paid by, if its payload takes no more than this. */
    static final int LARGEST_IN_ROW = 512;
    /** A result is in no write but the last one. */
    static final int LARGEST_RESULT_IN_ROW = 4 * 1024;
    /** An item can have 400 KB ("Quotas in Amazon DynamoDB"). */
    static final int LARGEST_ITEM = 256 * 1024;

    /** When a new file is first looked at: long after the write of the row that names it, or is given up. */
    private static final Duration FIRST_LOOK = Duration.ofDays(1);

    private static final String ITEM = "item:";
    private static final String FILE = "file:";
    private static final String SWEEP = "#sweep#";
    private static final String SWEEP_INDEX = "sweep#";
    private static final String BYTES = "b";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final FileStore files;

    /** @param files where bodies go that are too large for an item */
    public DynamoDbBodyStore(DynamoDbClient dynamoDb, String table, FileStore files) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.files = files;
    }

    @Override
    public Body keep(JobId id, Kind kind, String name, Json body, Instant now) {
        byte[] packed = BodyBytes.pack(body);
        if (packed.length <= (kind == Kind.PAYLOAD ? LARGEST_IN_ROW : LARGEST_RESULT_IN_ROW)) {
            return new Body.Inline(body);
        }
        if (packed.length > LARGEST_ITEM) {
            return new Body.Apart(keepFile(id, fileName(name), packed, now), body.utf8Length());
        }
        String sort = id + "#" + name;
        Map<String, AttributeValue> item = new HashMap<>(Items.key(partition(id), sort));
        item.put(BYTES, AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(packed)));
        Calls.make(
                "Writing a body",
                () -> dynamoDb.putItem(put -> put.tableName(table).item(item)));
        return new Body.Apart(ITEM + sort, body.utf8Length());
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
            note(new Sweep(id, body.place().substring(body.place().lastIndexOf('/') + 1)), at);
            return;
        }
        Expression expression = new Expression();
        String update = "SET " + expression.name(JobTable.TIME_TO_LIVE) + " = " + expression.value(at.getEpochSecond());
        touch(id, body, update, expression);
    }

    /** Written again, it is the same note with another time. */
    private void note(Sweep sweep, Instant at) {
        Map<String, AttributeValue> item = new HashMap<>(key(sweep));
        AttentionIndex.place(item, SWEEP_INDEX + sweep.job().shard(), at);
        Calls.make(
                "Noting a body's end",
                () -> dynamoDb.putItem(put -> put.tableName(table).item(item)));
    }

    @Override
    public List<Sweep> sweeps(String shard, Instant until, int limit) {
        QueryRequest due = AttentionIndex.until(table, SWEEP_INDEX + shard, until)
                .limit(limit)
                .build();
        QueryResponse response = Calls.make("Reading which bodies end", () -> dynamoDb.query(due));
        return Items.readable(response.items(), DynamoDbBodyStore::sweep);
    }

    private static Sweep sweep(Map<String, AttributeValue> note) {
        String[] sides = Items.text(note, JobTable.SORT_KEY).split(SWEEP, 2);
        return new Sweep(new JobId(sides[0]), sides[1]);
    }

    @Override
    public void sweep(Sweep sweep) {
        deleteFile(sweep.file());
        Calls.make(
                "Deleting the note of a body's end",
                () -> dynamoDb.deleteItem(delete -> delete.tableName(table).key(key(sweep))));
    }

    private static Map<String, AttributeValue> key(Sweep sweep) {
        return Items.key(partition(sweep.job()), sweep.job() + SWEEP + sweep.name());
    }

    @Override
    public void postpone(Sweep sweep, Instant until) {
        note(sweep, until);
    }

    /** A file stays anyway: it is not deleted while its job's row names it. */
    @Override
    public void keepOn(JobId id, Body.Apart body) {
        if (!isFile(body)) {
            Expression expression = new Expression();
            touch(id, body, "REMOVE " + expression.name(JobTable.TIME_TO_LIVE), expression);
        }
    }

    @Override
    public void discard(JobId id, Body.Apart body) {
        if (isFile(body)) {
            deleteFile(body.place().substring(FILE.length()));
            return;
        }
        Calls.make(
                "Deleting a body",
                () -> dynamoDb.deleteItem(delete -> delete.tableName(table).key(itemKey(id, body))));
    }

    private static Map<String, AttributeValue> itemKey(JobId id, Body.Apart body) {
        return Items.key(partition(id), body.place().substring(ITEM.length()));
    }

    private void deleteFile(String name) {
        try {
            files.delete(name);
        } catch (IOException e) {
            throw new StoreUnavailableException("Deleting the body's file " + name, e);
        }
    }

    private void touch(JobId id, Body.Apart body, String update, Expression expression) {
        Calls.make(
                "Dating a body",
                () -> dynamoDb.updateItem(request -> request.tableName(table)
                        .key(itemKey(id, body))
                        .updateExpression(update)
                        .expressionAttributeNames(expression.names())
                        .expressionAttributeValues(expression.values().isEmpty() ? null : expression.values())));
    }

    private byte[] readItem(JobId id, Body.Apart body) {
        GetItemResponse response = Calls.make(
                "Reading a body",
                () -> dynamoDb.getItem(
                        get -> get.tableName(table).key(itemKey(id, body)).consistentRead(true)));
        AttributeValue bytes = response.item().get(BYTES);
        if (bytes == null) {
            throw new BodyMissingException(id, body);
        }
        return bytes.b().asByteArray();
    }

    /** Noted before it is written: whatever crashes from here on, the file is looked at, and ends when no row names it. */
    private String keepFile(JobId id, String file, byte[] packed, Instant now) {
        note(new Sweep(id, file), now.plus(FIRST_LOOK));
        String name = Sweep.folder(id) + file;
        try {
            files.write(name, packed);
        } catch (IOException e) {
            throw new StoreUnavailableException("Writing the body's file " + name, e);
        }
        return FILE + name;
    }

    /** Packed it is no longer than it is plain; one byte more tells {@link BodyBytes} that it is. */
    private byte[] readFile(JobId id, Body.Apart body) {
        try (InputStream in = files.read(body.place().substring(FILE.length()))) {
            return in.readNBytes(body.size() + 1);
        } catch (NoSuchFileException e) {
            throw new BodyMissingException(id, body);
        } catch (IOException e) {
            throw new StoreUnavailableException("Reading the body's file " + body.place(), e);
        }
    }

    private static String fileName(String name) {
        return name.replace('#', '-');
    }

    /** Beside the jobs' own partition: a list of jobs must not read, and pay for, their bodies. */
    private static String partition(JobId id) {
        return id.partition() + "#bodies";
    }
}
