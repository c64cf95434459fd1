package dev.longshore.job.aws;

import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.ledger.LedgerStore;
import dev.longshore.job.ledger.LedgerStore.AuditProgress;
import dev.longshore.job.ledger.LedgerStore.Expected;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The ledger in the one table: a partition a month, an item an hour. Open hours are in the attention index, too. */
public final class DynamoDbLedger implements LedgerStore {
    /** How long a closed hour is kept. */
    static final Duration KEPT = Duration.ofDays(400);

    private static final String PARTITION = "ledger";
    private static final String PROGRESS = "progress";
    private static final String REQUEST = "request";
    private static final String TICK = "tick";
    private static final String EXPECTED = "expected#";

    /** How many written expectations a process remembers before it drops them all. */
    private static final int MOST_REMEMBERED = 1_000;

    private static final String READING = "Reading the ledger";
    private static final String CONTENT = "j";
    private static final String AT = "c";
    private static final String VERSION = "n";

    private final Table table;
    private final Set<Expected> announced = ConcurrentHashMap.newKeySet();

    public DynamoDbLedger(DynamoDbClient dynamoDb, String table) {
        this.table = new Table(dynamoDb, table);
    }

    @Override
    public List<LedgerHour> hours(Instant from, Instant to) {
        List<LedgerHour> hours = new ArrayList<>();
        for (YearMonth month = month(from); !month.isAfter(month(to)); month = month.plusMonths(1)) {
            ItemQuery query = ItemQuery.of(PARTITION + "#" + month).between(from.toString(), to.toString());
            table.all(READING, query).readable(DynamoDbLedger::hour).stream()
                    .filter(hour -> hour.hour().isBefore(to))
                    .forEach(hours::add);
        }
        return hours;
    }

    @Override
    public Optional<LedgerHour> hour(Instant hour) {
        return table.get(READING, key(hour)).flatMap(item -> item.readable(DynamoDbLedger::hour));
    }

    private static LedgerHour hour(Item item) {
        return content(item, LedgerHour.class);
    }

    @Override
    public List<Instant> open(Instant until, int limit) {
        return table.first("Reading which hours are open", ItemQuery.ofIndex(PARTITION, until), limit)
                .readable(item -> Instant.parse(item.sort()));
    }

    @Override
    public boolean put(LedgerHour hour, @Nullable Instant replaced) {
        Item item = key(hour.hour()).with(CONTENT, Json.of(hour).text()).with(AT, hour.at());
        Instant next = hour.next();
        Item placed = next == null ? item.expiring(hour.at().plus(KEPT)) : item.indexed(PARTITION, next);
        return putIf(placed, AT, replaced);
    }

    @Override
    public Optional<AuditProgress> progress() {
        return table.get(READING, Item.of(PARTITION, PROGRESS)).map(item -> content(item, AuditProgress.class));
    }

    @Override
    public boolean keep(AuditProgress progress) {
        AuditProgress kept = progress.kept();
        Item item =
                Item.of(PARTITION, PROGRESS).with(CONTENT, Json.of(kept).text()).with(VERSION, kept.version());
        return putIf(item, VERSION, progress.version() == 0 ? null : progress.version());
    }

    @Override
    public void expect(Instant hour, Instant until) {
        Expected expected = new Expected(hour, until);
        if (announced.contains(expected)) {
            return;
        }
        putIf(key(expected).indexed(EXPECTED, until), VERSION, null); // false when another process wrote it first
        if (announced.size() >= MOST_REMEMBERED) {
            announced.clear();
        }
        announced.add(expected);
    }

    @Override
    public List<Expected> expected(Instant by, int limit) {
        return table.first("Reading which hours are expected", ItemQuery.ofIndex(EXPECTED, by), limit)
                .readable(DynamoDbLedger::expected);
    }

    private static Expected expected(Item item) {
        String[] parts = item.sort().split("#", 3);
        return new Expected(Instant.parse(parts[1]), Instant.parse(parts[2]));
    }

    @Override
    public void met(Expected expected) {
        table.delete("Ending an expectation", key(expected));
    }

    private static Item key(Expected expected) {
        return Item.of(PARTITION, EXPECTED + expected.hour() + "#" + expected.until());
    }

    @Override
    public void request(Instant at) {
        table.put("Requesting an audit", Item.of(PARTITION, REQUEST).with(AT, at));
    }

    @Override
    public Optional<Instant> requested() {
        return table.get(READING, Item.of(PARTITION, REQUEST)).map(item -> item.time(AT));
    }

    @Override
    public void ticked(Instant at) {
        table.put("Keeping the time of a tick", Item.of(PARTITION, TICK).with(AT, at));
    }

    @Override
    public Optional<Instant> lastTick() {
        return table.get(READING, Item.of(PARTITION, TICK)).map(item -> item.time(AT));
    }

    /** Writes an item if the one there has this value; null for none there. */
    private boolean putIf(Item item, String attribute, @Nullable Object value) {
        return table.put(
                        "Writing the ledger", item, when -> value == null ? when.isNew() : when.equal(attribute, value))
                .isWritten();
    }

    private static <T> T content(Item item, Class<T> type) {
        return Json.parse(item.text(CONTENT)).as(type);
    }

    private static Item key(Instant hour) {
        return Item.of(PARTITION + "#" + month(hour), hour.toString());
    }

    private static YearMonth month(Instant time) {
        return YearMonth.from(time.atOffset(ZoneOffset.UTC));
    }
}
