package dev.longshore.job.aws;

import dev.longshore.job.Page;
import dev.longshore.job.deadletter.Quarantine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

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
    private static final String READING = "Reading the quarantine";
    private static final String DELETING = "Deleting from the quarantine";
    private static final int LARGEST_PIECE = 350 * 1024;

    private final Table table;

    public DynamoDbQuarantine(DynamoDbClient dynamoDb, String table) {
        this.table = new Table(dynamoDb, table);
    }

    @Override
    public void keep(Quarantined message) {
        byte[] body = message.body().getBytes(StandardCharsets.UTF_8);
        for (int piece = 0; piece * LARGEST_PIECE < body.length; piece++) {
            byte[] bytes =
                    Arrays.copyOfRange(body, piece * LARGEST_PIECE, Math.min(body.length, (piece + 1) * LARGEST_PIECE));
            put(pieceKey(message.id(), piece).with(PIECE, bytes).expiring(message.expires()));
        }
        put(Item.of(LABELS, message.id())
                .with(POOL, message.pool())
                .with(SIZE, body.length)
                .with(AT, message.at())
                .expiring(message.expires()));
    }

    private void put(Item item) {
        table.put("Writing to the quarantine", item);
    }

    @Override
    public Page<Label, String> list(int limit, @Nullable String after) {
        ItemQuery query = ItemQuery.of(LABELS)
                .startAfter(after == null ? null : Item.of(LABELS, after))
                .limit(limit);
        Found page = table.query(READING, query);
        return new Page<>(page.readable(DynamoDbQuarantine::label), page.next(Item::sort));
    }

    @Override
    public Optional<Quarantined> find(String id) {
        return table.get(READING, Item.of(LABELS, id))
                .map(DynamoDbQuarantine::label)
                .map(this::withBody);
    }

    private Quarantined withBody(Label label) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(label.size());
        ItemQuery pieces = ItemQuery.of(BODY + label.id()).limit(10); // a query reads 1 MB at most
        table.all(READING, pieces).items().forEach(piece -> body.writeBytes(piece.bytes(PIECE)));
        return new Quarantined(
                label.id(), label.pool(), body.toString(StandardCharsets.UTF_8), label.at(), label.expires());
    }

    @Override
    public boolean remove(String id) {
        Optional<Item> label = table.take(DELETING, Item.of(LABELS, id));
        if (label.isEmpty()) {
            return false;
        }
        long pieces = (label.get().number(SIZE) + LARGEST_PIECE - 1) / LARGEST_PIECE;
        for (int piece = 0; piece < pieces; piece++) {
            table.delete(DELETING, pieceKey(id, piece));
        }
        return true;
    }

    private static Item pieceKey(String id, int piece) {
        return Item.of(BODY + id, "%02d".formatted(piece));
    }

    private static Label label(Item item) {
        return new Label(
                item.sort(),
                item.text(POOL),
                Math.toIntExact(item.number(SIZE)),
                item.time(AT),
                Instant.ofEpochSecond(item.number(JobTable.TIME_TO_LIVE)));
    }
}
