package dev.longshore.job.aws;

import dev.longshore.job.Page;
import dev.longshore.job.deadletter.Quarantine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/**
 * Unreadable messages as items of the one table: a label each in one partition, so that a list reads no bodies, and the body
 * in pieces in a partition of its own, for a message may have 1 MB ("Amazon SQS message quotas") and an item 400 KB. The
 * pieces are written first: where there is a label, there is a body.
 */
public final class DynamoDbQuarantine implements Quarantine {
    private static final String LABELS = "quarantine";
    private static final String BODY = "quarantine#";
    private static final String POOL = "q";
    private static final String PIECE = "b";
    private static final String SIZE = "n";
    private static final String AT = "c";
    private static final int LARGEST_PIECE = 350 * 1024;

    private final DynamoDbClient dynamoDb;
    private final String table;

    public DynamoDbQuarantine(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    @Override
    public void keep(Quarantined message) {
        byte[] body = message.body().getBytes(StandardCharsets.UTF_8);
        AttributeValue expires = Items.value(message.expires().getEpochSecond());
        for (int piece = 0; piece * LARGEST_PIECE < body.length; piece++) {
            byte[] bytes =
                    Arrays.copyOfRange(body, piece * LARGEST_PIECE, Math.min(body.length, (piece + 1) * LARGEST_PIECE));
            Map<String, AttributeValue> item = new HashMap<>(pieceKey(message.id(), piece));
            item.put(PIECE, AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes)));
            item.put(JobTable.TIME_TO_LIVE, expires);
            put(item);
        }
        Map<String, AttributeValue> label = new HashMap<>(Items.key(LABELS, message.id()));
        label.put(POOL, Items.value(message.pool()));
        label.put(SIZE, Items.value((long) body.length));
        label.put(AT, Items.value(message.at().toEpochMilli()));
        label.put(JobTable.TIME_TO_LIVE, expires);
        put(label);
    }

    @Override
    public Page<Label> list(int limit, @Nullable String after) {
        QueryResponse response = query(LABELS, limit, after == null ? null : Items.key(LABELS, after));
        Map<String, AttributeValue> last = Items.next(response);
        return new Page<>(
                Items.readable(response.items(), DynamoDbQuarantine::label),
                last == null ? null : Items.text(last, JobTable.SORT_KEY));
    }

    @Override
    public Optional<Quarantined> find(String id) {
        Map<String, AttributeValue> item = Calls.make(
                        "Reading the quarantine",
                        () -> dynamoDb.getItem(get ->
                                get.tableName(table).key(Items.key(LABELS, id)).consistentRead(true)))
                .item();
        if (item.isEmpty()) {
            return Optional.empty();
        }
        Label label = label(item);
        String body = new String(body(label), StandardCharsets.UTF_8);
        return Optional.of(new Quarantined(id, label.pool(), body, label.at(), label.expires()));
    }

    private byte[] body(Label label) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(label.size());
        Map<String, AttributeValue> next = null;
        do {
            QueryResponse pieces = query(BODY + label.id(), 10, next); // a query reads 1 MB at most
            pieces.items()
                    .forEach(piece ->
                            body.writeBytes(Items.attribute(piece, PIECE).b().asByteArrayUnsafe()));
            next = Items.next(pieces);
        } while (next != null);
        return body.toByteArray();
    }

    @Override
    public boolean remove(String id) {
        Map<String, AttributeValue> label = delete(Items.key(LABELS, id));
        if (label.isEmpty()) {
            return false;
        }
        long pieces = (Items.number(label, SIZE) + LARGEST_PIECE - 1) / LARGEST_PIECE;
        for (int piece = 0; piece < pieces; piece++) {
            delete(pieceKey(id, piece));
        }
        return true;
    }

    private static Map<String, AttributeValue> pieceKey(String id, int piece) {
        return Items.key(BODY + id, "%02d".formatted(piece));
    }

    private static Label label(Map<String, AttributeValue> item) {
        return new Label(
                Items.text(item, JobTable.SORT_KEY),
                Items.text(item, POOL),
                Math.toIntExact(Items.number(item, SIZE)),
                Instant.ofEpochMilli(Items.number(item, AT)),
                Instant.ofEpochSecond(Items.number(item, JobTable.TIME_TO_LIVE)));
    }

    private void put(Map<String, AttributeValue> item) {
        Calls.make(
                "Writing to the quarantine",
                () -> dynamoDb.putItem(put -> put.tableName(table).item(item)));
    }

    private Map<String, AttributeValue> delete(Map<String, AttributeValue> key) {
        return Calls.make(
                        "Deleting from the quarantine",
                        () -> dynamoDb.deleteItem(
                                delete -> delete.tableName(table).key(key).returnValues(ReturnValue.ALL_OLD)))
                .attributes();
    }

    private QueryResponse query(String partition, int limit, @Nullable Map<String, AttributeValue> start) {
        return Calls.make(
                "Reading the quarantine",
                () -> dynamoDb.query(query -> query.tableName(table)
                        .keyConditionExpression(JobTable.PARTITION_KEY + " = :pk")
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(partition)))
                        .exclusiveStartKey(start)
                        .consistentRead(true)
                        .limit(limit)));
    }
}
