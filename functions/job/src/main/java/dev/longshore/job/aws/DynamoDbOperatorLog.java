package dev.longshore.job.aws;

import dev.longshore.job.Page;
import dev.longshore.job.operatorlog.OperatorLog;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

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

    private final Table table;

    public DynamoDbOperatorLog(DynamoDbClient dynamoDb, String table) {
        this.table = new Table(dynamoDb, table);
    }

    @Override
    public void write(Entry entry) {
        Item item = Item.of(DAY + day(entry.at()), entry.place())
                .with(AT, entry.at())
                .with(ID, entry.id())
                .with(KEY, entry.keyId())
                .with(ACTION, entry.action())
                .with(TARGET, entry.target())
                .with(STATUS, entry.status())
                .expiring(entry.at().plus(RETENTION));
        table.put("Writing to the operators' log", item);
    }

    @Override
    public Page<Entry, String> list(Instant from, Instant to, int limit, @Nullable String before) {
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
        ItemQuery query =
                ItemQuery.of(DAY + day).between(lowest, upper).backward().limit(limit + 1);
        return table.query("Reading the operators' log", query).readable(DynamoDbOperatorLog::entry).stream()
                .filter(entry -> entry.place().compareTo(upper) < 0)
                .limit(limit)
                .toList();
    }

    private static Entry entry(Item item) {
        return new Entry(
                item.time(AT),
                item.text(ID),
                item.text(KEY),
                item.text(ACTION),
                item.has(TARGET) ? item.text(TARGET) : null,
                item.has(STATUS) ? Integer.valueOf(Math.toIntExact(item.number(STATUS))) : null);
    }

    private static String place(Instant time) {
        return "%013d".formatted(time.toEpochMilli());
    }

    private static LocalDate day(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDate();
    }
}
