package dev.longshore.job.aws;

import dev.longshore.job.Page;
import dev.longshore.job.operatorlog.OperatorLog;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** The operators' log as items of the one table, in a partition for each day. */
public final class DynamoDbOperatorLog implements OperatorLog {
    static final int MOST_DAYS = 31;

    private static final String DAY = "oplog#";
    private static final String AT = "c";
    private static final String ID = "id";
    private static final String KEY = "k";
    private static final String ACTION = "a";
    private static final String TARGET = "t";
    private static final String STATUS = "st";

    private final DynamoDbClient dynamoDb;
    private final String table;

    public DynamoDbOperatorLog(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    @Override
    public void write(Entry entry) {
        Map<String, AttributeValue> item = new HashMap<>(Items.key(DAY + day(entry.at()), entry.place()));
        item.put(AT, Items.value(entry.at().toEpochMilli()));
        item.put(ID, Items.value(entry.id()));
        item.put(KEY, Items.value(entry.keyId()));
        item.put(ACTION, Items.value(entry.action()));
        if (entry.target() != null) {
            item.put(TARGET, Items.value(entry.target()));
        }
        if (entry.status() != null) {
            item.put(STATUS, Items.value(entry.status().longValue()));
        }
        item.put(JobTable.TIME_TO_LIVE, Items.value(entry.at().plus(RETENTION).getEpochSecond()));
        Calls.make(
                "Writing to the operators' log",
                () -> dynamoDb.putItem(put -> put.tableName(table).item(item)));
    }

    @Override
    public Page<Entry> list(Instant from, Instant to, int limit, @Nullable String before) {
        String lowest = place(from);
        String upper = place(to.plusMillis(1));
        if (before != null && before.compareTo(upper) < 0) {
            upper = before;
        }
        if (upper.compareTo(lowest) < 0) {
            return new Page<>(List.of(), null); // the cursor of a list whose earliest time has moved past it
        }
        List<Entry> found = new ArrayList<>();
        LocalDate day = day(Instant.ofEpochMilli(Long.parseLong(upper.substring(0, 13))));
        for (int days = 0; days < MOST_DAYS && !day.isBefore(day(from)); days++) {
            for (Entry entry : read(day, lowest, upper, limit + 1 - found.size())) {
                if (found.size() == limit) {
                    return new Page<>(found, found.getLast().place());
                }
                found.add(entry);
            }
            upper = place(day.atStartOfDay(ZoneOffset.UTC).toInstant());
            day = day.minusDays(1);
        }
        return new Page<>(found, day.isBefore(day(from)) ? null : upper);
    }

    /** Entries of a day from {@code lowest}, and before {@code upper}; an entry is some hundred bytes, a page a megabyte. */
    private List<Entry> read(LocalDate day, String lowest, String upper, int limit) {
        Expression expression = new Expression();
        String range = expression.name(JobTable.PARTITION_KEY) + " = " + expression.value(DAY + day) + " AND "
                + expression.name(JobTable.SORT_KEY) + " BETWEEN " + expression.value(lowest) + " AND "
                + expression.value(upper);
        QueryResponse response = Calls.make(
                "Reading the operators' log",
                () -> dynamoDb.query(query -> query.tableName(table)
                        .keyConditionExpression(range)
                        .expressionAttributeNames(expression.names())
                        .expressionAttributeValues(expression.values())
                        .scanIndexForward(false)
                        .consistentRead(true)
                        .limit(limit + 1)));
        return Items.readable(response.items(), DynamoDbOperatorLog::entry).stream()
                .filter(entry -> entry.place().compareTo(upper) < 0)
                .limit(limit)
                .toList();
    }

    private static Entry entry(Map<String, AttributeValue> item) {
        return new Entry(
                Instant.ofEpochMilli(Items.number(item, AT)),
                Items.text(item, ID),
                Items.text(item, KEY),
                Items.text(item, ACTION),
                item.containsKey(TARGET) ? Items.text(item, TARGET) : null,
                item.containsKey(STATUS) ? Integer.valueOf(Math.toIntExact(Items.number(item, STATUS))) : null);
    }

    private static String place(Instant time) {
        return "%013d".formatted(time.toEpochMilli());
    }

    private static LocalDate day(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDate();
    }
}
