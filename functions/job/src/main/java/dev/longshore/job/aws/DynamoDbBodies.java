package dev.longshore.job.aws;

import dev.longshore.job.Body;
import dev.longshore.job.BodyBytes;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.Sweep;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.task.FileStore;
import dev.longshore.task.Json;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Payloads and results that do not fit their job's row. Up to 256 KB, packed, they are an item of their own; above that a
 * file (the claim check of "Enterprise Integration Patterns"). They are written before the row that names them, and under
 * a name of their own each time, so that a refused write never changes what another row names.
 */
final class DynamoDbBodies {
    /** A row stays under 1 KB, the unit that a write is paid by, if its payload takes no more than this. */
    static final int LARGEST_IN_ROW = 512;
    /** A result is in no write but the last one. */
    static final int LARGEST_RESULT_IN_ROW = 4 * 1024;
    /** An item can have 400 KB ("Quotas in Amazon DynamoDB"). */
    static final int LARGEST_ITEM = 256 * 1024;

    private static final String ITEM = "item:";
    private static final String FILE = "file:";
    private static final String SWEEP = "#sweep#";
    private static final String SWEEP_INDEX = "sweep#";
    private static final String BYTES = "b";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final FileStore files;

    DynamoDbBodies(DynamoDbClient dynamoDb, String table, FileStore files) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.files = files;
    }

    Body keep(JobId id, String name, Json json, int largestInRow) {
        byte[] packed = BodyBytes.pack(json);
        if (packed.length <= largestInRow) {
            return new Body.Inline(json);
        }
        if (packed.length > LARGEST_ITEM) {
            return new Body.Apart(keepFile(fileName(id, name), packed), json.utf8Length());
        }
        String sort = id + "#" + name;
        Map<String, AttributeValue> item = new HashMap<>(Items.key(partition(id), sort));
        item.put(BYTES, AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(packed)));
        Calls.make(
                "Writing a body",
                () -> dynamoDb.putItem(put -> put.tableName(table).item(item)));
        return new Body.Apart(ITEM + sort, json.utf8Length());
    }

    Json read(JobId id, Body body) {
        return switch (body) {
            case Body.Inline(Json json) -> json;
            case Body.Apart(String place, int size) ->
                BodyBytes.unpack(place.startsWith(FILE) ? readFile(place, size) : readItem(id, place), size);
        };
    }

    /** Lets a body end: an item by DynamoDB's time to live, a file by a note in the index that the dispatcher reads. */
    void expire(JobId id, Body body, Instant at) {
        if (!(body instanceof Body.Apart(String place, int size))) {
            return;
        }
        if (place.startsWith(FILE)) {
            note(new Sweep(id, place.substring(place.lastIndexOf('/') + 1)), at);
            return;
        }
        Expression expression = new Expression();
        String update = "SET " + expression.name(JobTable.TIME_TO_LIVE) + " = " + expression.value(at.getEpochSecond());
        touch(id, place, update, expression);
    }

    /** Written again, it is the same note with another time. */
    void note(Sweep sweep, Instant at) {
        Map<String, AttributeValue> item = new HashMap<>(key(sweep));
        AttentionIndex.place(item, SWEEP_INDEX + sweep.job().shard(), at);
        Calls.make(
                "Noting a body's end",
                () -> dynamoDb.putItem(put -> put.tableName(table).item(item)));
    }

    List<Sweep> sweeps(String shard, Instant until, int limit) {
        QueryRequest due = AttentionIndex.until(table, SWEEP_INDEX + shard, until)
                .limit(limit)
                .build();
        return Calls.make("Reading which bodies end", () -> dynamoDb.query(due)).items().stream()
                .map(item -> Items.text(item, JobTable.SORT_KEY).split(SWEEP, 2))
                .map(sides -> new Sweep(new JobId(sides[0]), sides[1]))
                .toList();
    }

    void sweep(Sweep sweep) {
        deleteFile(folder(sweep.job()) + sweep.name());
        Calls.make(
                "Deleting the note of a body's end",
                () -> dynamoDb.deleteItem(delete -> delete.tableName(table).key(key(sweep))));
    }

    private static Map<String, AttributeValue> key(Sweep sweep) {
        return Items.key(partition(sweep.job()), sweep.job() + SWEEP + sweep.name());
    }

    /** Lets a body stay for as long as its job. One that is a file does: it is not deleted while its job's row is kept. */
    void keepOn(JobId id, Body body) {
        if (body instanceof Body.Apart(String place, int size) && place.startsWith(ITEM)) {
            Expression expression = new Expression();
            touch(id, place, "REMOVE " + expression.name(JobTable.TIME_TO_LIVE), expression);
        }
    }

    /** Takes away a body whose row was never written. */
    void discard(JobId id, Body body) {
        if (!(body instanceof Body.Apart(String place, int size))) {
            return;
        }
        if (place.startsWith(ITEM)) {
            Calls.make(
                    "Deleting a body",
                    () -> dynamoDb.deleteItem(delete ->
                            delete.tableName(table).key(Items.key(partition(id), place.substring(ITEM.length())))));
            return;
        }
        deleteFile(place.substring(FILE.length()));
    }

    private void deleteFile(String name) {
        try {
            files.delete(name);
        } catch (IOException e) {
            throw new StoreUnavailableException("Deleting the body's file " + name, e);
        }
    }

    private void touch(JobId id, String place, String update, Expression expression) {
        Calls.make(
                "Dating a body",
                () -> dynamoDb.updateItem(request -> request.tableName(table)
                        .key(Items.key(partition(id), place.substring(ITEM.length())))
                        .updateExpression(update)
                        .expressionAttributeNames(expression.names())
                        .expressionAttributeValues(expression.values().isEmpty() ? null : expression.values())));
    }

    private byte[] readItem(JobId id, String place) {
        GetItemResponse response = Calls.make(
                "Reading a body",
                () -> dynamoDb.getItem(get -> get.tableName(table)
                        .key(Items.key(partition(id), place.substring(ITEM.length())))
                        .consistentRead(true)));
        AttributeValue bytes = response.item().get(BYTES);
        if (bytes == null) {
            throw new IllegalStateException("The body " + place + " of job " + id + " is gone");
        }
        return bytes.b().asByteArray();
    }

    private String keepFile(String name, byte[] packed) {
        try {
            files.write(name, packed);
        } catch (IOException e) {
            throw new StoreUnavailableException("Writing the body's file " + name, e);
        }
        return FILE + name;
    }

    /** Packed it is no longer than it is plain; one byte more tells {@link BodyBytes} that it is. */
    private byte[] readFile(String place, int size) {
        try (InputStream in = files.read(place.substring(FILE.length()))) {
            return in.readNBytes(size + 1);
        } catch (IOException e) {
            throw new StoreUnavailableException("Reading the body's file " + place, e);
        }
    }

    private static String fileName(JobId id, String name) {
        return folder(id) + name.replace('#', '-');
    }

    private static String folder(JobId id) {
        return "jobs/" + id.time().toString().substring(0, 10) + "/" + id + "/";
    }

    /** Beside the jobs' own partition: a list of jobs must not read, and pay for, their bodies. */
    private static String partition(JobId id) {
        return id.partition() + "#bodies";
    }
}
