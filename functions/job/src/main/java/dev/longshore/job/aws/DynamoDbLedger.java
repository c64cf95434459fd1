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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** The ledger in the one table: a partition a month, an item an hour. Open hours are in the attention index, too. */
public final class DynamoDbLedger implements LedgerStore {
    /** How long a closed hour is kept. */
    static final Duration KEPT = Duration.ofDays(400);

    private static final String PARTITION = "ledger";
    private static final String PROGRESS = "progress";
    private static final String REQUEST = "request";
    private static final String EXPECTED = "expected#";

    /** How many written expectations a process remembers before it drops them all. */
    private static final int MOST_REMEMBERED = 1_000;

    private static final String CONTENT = "j";
    private static final String AT = "c";
    private static final String VERSION = "n";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Set<Expected> announced = ConcurrentHashMap.newKeySet();

    public DynamoDbLedger(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    @Override
    public List<LedgerHour> hours(Instant from, Instant to) {
        List<LedgerHour> hours = new ArrayList<>();
        for (YearMonth month = month(from); !month.isAfter(month(to)); month = month.plusMonths(1)) {
            Expression expression = new Expression();
            String range = expression.name(JobTable.PARTITION_KEY) + " = " + expression.value(PARTITION + "#" + month)
                    + " AND " + expression.name(JobTable.SORT_KEY) + " BETWEEN " + expression.value(from.toString())
                    + " AND " + expression.value(to.toString());
            QueryRequest query = QueryRequest.builder()
                    .tableName(table)
                    .keyConditionExpression(range)
                    .expressionAttributeNames(expression.names())
                    .expressionAttributeValues(expression.values())
                    .consistentRead(true)
                    .build();
            Items.readable(all("Reading the ledger", query, Integer.MAX_VALUE), item -> content(item, LedgerHour.class))
                    .stream()
                    .filter(hour -> hour.hour().isBefore(to))
                    .forEach(hours::add);
        }
        return hours;
    }

    @Override
    public Optional<LedgerHour> hour(Instant hour) {
        return read(key(hour))
                .flatMap(item -> Items.readable(List.of(item), entry -> content(entry, LedgerHour.class)).stream()
                        .findFirst());
    }

    @Override
    public List<Instant> open(Instant until, int limit) {
        QueryRequest query = AttentionIndex.until(table, PARTITION, until).build();
        return Items.readable(
                all("Reading which hours are open", query, limit),
                item -> Instant.parse(Items.text(item, JobTable.SORT_KEY)));
    }

    @Override
    public boolean put(LedgerHour hour, @Nullable Instant replaced) {
        Map<String, AttributeValue> item = new HashMap<>(key(hour.hour()));
        item.put(CONTENT, AttributeValue.fromS(Json.of(hour).text()));
        item.put(AT, Items.value(hour.at().toEpochMilli()));
        Instant next = hour.next();
        if (next == null) {
            item.put(JobTable.TIME_TO_LIVE, Items.value(hour.at().plus(KEPT).getEpochSecond()));
        } else {
            AttentionIndex.place(item, PARTITION, next);
        }
        return putIf(item, AT, replaced == null ? null : replaced.toEpochMilli());
    }

    @Override
    public Optional<AuditProgress> progress() {
        return read(Items.key(PARTITION, PROGRESS)).map(item -> content(item, AuditProgress.class));
    }

    @Override
    public boolean keep(AuditProgress progress) {
        AuditProgress kept = progress.kept();
        Map<String, AttributeValue> item = new HashMap<>(Items.key(PARTITION, PROGRESS));
        item.put(CONTENT, AttributeValue.fromS(Json.of(kept).text()));
        item.put(VERSION, Items.value(kept.version()));
        return putIf(item, VERSION, progress.version() == 0 ? null : progress.version());
    }

    @Override
    public void expect(Instant hour, Instant until) {
        Expected expected = new Expected(hour, until);
        if (announced.contains(expected)) {
            return;
        }
        Map<String, AttributeValue> item = new HashMap<>(key(expected));
        AttentionIndex.place(item, EXPECTED, until);
        putIf(item, VERSION, null); // of two processes the second finds it there, which is as good
        if (announced.size() >= MOST_REMEMBERED) {
            announced.clear();
        }
        announced.add(expected);
    }

    @Override
    public List<Expected> expected(Instant by, int limit) {
        QueryRequest query = AttentionIndex.until(table, EXPECTED, by).build();
        return Items.readable(all("Reading which hours are expected", query, limit), DynamoDbLedger::expected);
    }

    private static Expected expected(Map<String, AttributeValue> item) {
        String[] parts = Items.text(item, JobTable.SORT_KEY).split("#", 3);
        return new Expected(Instant.parse(parts[1]), Instant.parse(parts[2]));
    }

    @Override
    public void met(Expected expected) {
        Calls.make(
                "Ending an expectation",
                () -> dynamoDb.deleteItem(delete -> delete.tableName(table).key(key(expected))));
    }

    private static Map<String, AttributeValue> key(Expected expected) {
        return Items.key(PARTITION, EXPECTED + expected.hour() + "#" + expected.until());
    }

    @Override
    public void request(Instant at) {
        Map<String, AttributeValue> item = new HashMap<>(Items.key(PARTITION, REQUEST));
        item.put(AT, Items.value(at.toEpochMilli()));
        Calls.make(
                "Requesting an audit",
                () -> dynamoDb.putItem(put -> put.tableName(table).item(item)));
    }

    @Override
    public Optional<Instant> requested() {
        return read(Items.key(PARTITION, REQUEST)).map(item -> Instant.ofEpochMilli(Items.number(item, AT)));
    }

    private boolean putIf(Map<String, AttributeValue> item, String attribute, @Nullable Long value) {
        Expression expression = new Expression();
        String condition = value == null
                ? "attribute_not_exists(" + expression.name(JobTable.PARTITION_KEY) + ")"
                : expression.name(attribute) + " = " + expression.value(value);
        try {
            Calls.make(
                    "Writing the ledger",
                    () -> dynamoDb.putItem(put -> put.tableName(table)
                            .item(item)
                            .conditionExpression(condition)
                            .expressionAttributeNames(expression.names())
                            .expressionAttributeValues(expression.values().isEmpty() ? null : expression.values())));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    private Optional<Map<String, AttributeValue>> read(Map<String, AttributeValue> key) {
        Map<String, AttributeValue> item = Calls.make(
                        "Reading the ledger",
                        () -> dynamoDb.getItem(
                                get -> get.tableName(table).key(key).consistentRead(true)))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(item);
    }

    private List<Map<String, AttributeValue>> all(String what, QueryRequest query, int limit) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        QueryRequest next = query;
        while (true) {
            QueryRequest page = next;
            QueryResponse response = Calls.make(what, () -> dynamoDb.query(page));
            items.addAll(response.items());
            Map<String, AttributeValue> last = Items.next(response);
            if (items.size() >= limit || last == null) {
                return items.subList(0, Math.min(limit, items.size()));
            }
            next = query.toBuilder().exclusiveStartKey(last).build();
        }
    }

    private static <T> T content(Map<String, AttributeValue> item, Class<T> type) {
        return Json.parse(Items.text(item, CONTENT)).as(type);
    }

    private static Map<String, AttributeValue> key(Instant hour) {
        return Items.key(PARTITION + "#" + month(hour), hour.toString());
    }

    private static YearMonth month(Instant time) {
        return YearMonth.from(time.atOffset(ZoneOffset.UTC));
    }
}
