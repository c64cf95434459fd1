package dev.longshore.job.aws;

import dev.longshore.job.Field;
import dev.longshore.job.JobId;
import dev.longshore.job.LimitKey;
import dev.longshore.job.Page;
import dev.longshore.job.aws.Table.Answer;
import dev.longshore.job.limit.LimitState;
import dev.longshore.job.limit.LimitStore;
import dev.longshore.job.limit.Slot;
import dev.longshore.job.limit.Waiter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The slots of each limit and key as one item, written only while it has the token that was read. It is in the attention index while
 * jobs wait for it. A slot takes some 60 bytes, so a write costs one unit up to about 15 slots.
 */
public final class DynamoDbLimitStore implements LimitStore {
    private static final String PARTITION = "limit#";
    private static final String SORT = "slots";
    private static final String INDEX = "limits#";
    private static final String NUMBERS = "limits";
    private static final String SLOTS = "sl";
    private static final String NEXT = "nx";
    private static final String OTHERS = "os";
    private static final String ATTENDED = "at";
    private static final String TOKEN =
            "lt"; // not the rows' token, which the index carries: each write would cost twice
    private static final String JOBS = "n";
    private static final String SINCE = "c";
    private static final String BY = "b";

    /** How long an item is kept for which no job waits, after its last lease. */
    private static final Duration IDLE_STAYS = Duration.ofDays(1);

    private final Table table;

    public DynamoDbLimitStore(DynamoDbClient dynamoDb, String table) {
        this.table = new Table(dynamoDb, table);
    }

    @Override
    public LimitState find(LimitKey key) {
        return table.get("Reading a limit's slots", key(key))
                .map(DynamoDbLimitStore::state)
                .orElse(LimitState.EMPTY);
    }

    @Override
    public boolean replace(LimitKey key, LimitState before, LimitState after, Instant now) {
        String token = before.token();
        Answer answer = table.put(
                "Writing a limit's slots",
                item(key, after, now),
                when -> token == null ? when.isNew() : when.equal(TOKEN, token));
        return switch (answer) {
            case Answer.Written _ -> true;
            case Answer.Refused(Optional<Item> current) ->
                current.filter(item -> item.text(TOKEN).equals(after.token())).isPresent();
        };
    }

    @Override
    public Page<LimitKey, String> waiting(String shard, Instant attendedUntil, @Nullable String after, int limit) {
        ItemQuery query = ItemQuery.ofIndex(INDEX + shard, attendedUntil)
                .startAfter(after == null ? null : place(shard, after))
                .limit(limit);
        Found found = table.query("Reading the limits for which jobs wait", query);
        List<LimitKey> keys = found.items().stream()
                .flatMap(item -> LimitKey.parse(partition(item).substring(PARTITION.length())).stream())
                .toList();
        return new Page<>(keys, found.next(DynamoDbLimitStore::place));
    }

    private static String partition(Item item) {
        return item.text(JobTable.PARTITION_KEY);
    }

    /** A place in the index: a time and an item's partition key. */
    private static String place(Item last) {
        return last.number(Field.INDEX_AT.attribute()) + " " + partition(last);
    }

    private static Item place(String shard, String after) {
        String[] sides = after.split(" ", 2);
        return Item.of(sides[1], SORT).indexed(INDEX + shard, Instant.ofEpochMilli(Long.parseLong(sides[0])));
    }

    // ---- numbers of operators

    @Override
    public Map<String, SetNumber> numbers() {
        return table.all("Reading the numbers of limits", ItemQuery.of(NUMBERS)).items().stream()
                .collect(Collectors.toMap(
                        Item::sort,
                        item -> new SetNumber(Math.toIntExact(item.number(JOBS)), item.time(SINCE), item.text(BY))));
    }

    @Override
    public void set(String name, SetNumber number) {
        table.put(
                "Setting the number of a limit",
                Item.of(NUMBERS, name)
                        .with(JOBS, number.jobs())
                        .with(SINCE, number.since())
                        .with(BY, number.by()));
    }

    @Override
    public void reset(String name) {
        table.delete("Resetting the number of a limit", Item.of(NUMBERS, name));
    }

    // ---- items

    private static Item key(LimitKey key) {
        return Item.of(PARTITION + key.text(), SORT);
    }

    private static Item item(LimitKey key, LimitState state, Instant now) {
        Item item = key(key).with(
                        SLOTS,
                        state.slots().stream().map(DynamoDbLimitStore::text).toList())
                .with(NEXT, state.next().stream().map(DynamoDbLimitStore::text).toList())
                .with(OTHERS, state.othersSince())
                .with(ATTENDED, state.attendedAt())
                .with(TOKEN, state.token());
        Instant attended = state.attendedAt();
        if (state.isWatched() && attended != null) {
            return item.indexed(INDEX + key.shard(), attended);
        }
        Instant lastLease = state.slots().stream()
                .map(Slot::until)
                .filter(now::isBefore)
                .max(Comparator.naturalOrder())
                .orElse(now);
        return item.expiring(lastLease.plus(IDLE_STAYS));
    }

    private static LimitState state(Item item) {
        return new LimitState(
                item.list(SLOTS).stream().map(DynamoDbLimitStore::slot).toList(),
                item.list(NEXT).stream().map(DynamoDbLimitStore::waiter).toList(),
                item.has(OTHERS) ? item.time(OTHERS) : null,
                item.has(ATTENDED) ? item.time(ATTENDED) : null,
                item.text(TOKEN));
    }

    /** {@code <until> <job> <fence>}; without a fence while it is reserved. */
    private static String text(Slot slot) {
        return slot.until().toEpochMilli() + " " + slot.job() + (slot.fence() == null ? "" : " " + slot.fence());
    }

    private static Slot slot(AttributeValue value) {
        String[] parts = value.s().split(" ", -1);
        return new Slot(
                new JobId(parts[1]),
                Instant.ofEpochMilli(Long.parseLong(parts[0])),
                parts.length == 2 ? null : Long.valueOf(parts[2]));
    }

    /** {@code <since> <job>}. */
    private static String text(Waiter waiter) {
        return waiter.since().toEpochMilli() + " " + waiter.job();
    }

    private static Waiter waiter(AttributeValue value) {
        String[] parts = value.s().split(" ", -1);
        return new Waiter(new JobId(parts[1]), Instant.ofEpochMilli(Long.parseLong(parts[0])));
    }
}
