package dev.longshore.job.aws;

import dev.longshore.job.Body;
import dev.longshore.job.BodyBytes;
import dev.longshore.job.Field;
import dev.longshore.job.JobId;
import dev.longshore.job.NewJob;
import dev.longshore.job.Page;
import dev.longshore.job.Parallel;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.Schedule.Firing;
import dev.longshore.job.schedule.Schedule.Outdated;
import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Schedules as small items of the one table, in sixteen partitions. One that is not paused is in the attention index under
 * its next time, so that a tick of the dispatcher reads those that are due and no other.
 */
public final class DynamoDbScheduleStore implements ScheduleStore {
    private static final String PARTITION = "schedule#";
    private static final String INDEX = "cron#";
    private static final String AGREEMENT = "schedules";
    private static final String AGREEMENT_SORT = "agreement";
    private static final String FINGERPRINT = "h";
    private static final String FORMAT = Field.FORMAT.attribute();
    private static final String TASK = Field.TASK.attribute();
    private static final String EVERY = "e";
    private static final String PAUSED = "pa";
    private static final String DECLARED = "de";
    private static final String NEXT = "n";
    private static final String SKIPPED = "sn";
    private static final String VERSION = "ve";
    private static final String GENERATION = "gn";
    private static final String SERIES = "se";
    private static final String OUTDATED = "od";
    private static final String LAST = "l";
    private static final String LAST_JOB = "lj";
    private static final String LAST_OUTCOME = "lo";

    private final DynamoDbClient dynamoDb;
    private final String table;

    public DynamoDbScheduleStore(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    // ---- one schedule

    @Override
    public Optional<Schedule> find(String name) {
        return read(name).map(DynamoDbScheduleStore::schedule);
    }

    private Optional<Map<String, AttributeValue>> read(String name) {
        Map<String, AttributeValue> item = Calls.make(
                        "Reading a schedule",
                        () -> dynamoDb.getItem(
                                get -> get.tableName(table).key(key(name)).consistentRead(true)))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(item);
    }

    @Override
    public boolean write(Schedule schedule) {
        Map<String, AttributeValue> item = item(schedule.written());
        return Calls.make(
                "Writing a schedule",
                () -> isUnchanged(() -> dynamoDb.putItem(put -> {
                    put.tableName(table).item(item);
                    if (schedule.isNew()) {
                        put.conditionExpression("attribute_not_exists(" + JobTable.PARTITION_KEY + ")");
                    } else {
                        put.conditionExpression(VERSION + " = :version").expressionAttributeValues(version(schedule));
                    }
                })));
    }

    @Override
    public boolean delete(Schedule schedule) {
        return Calls.make(
                "Deleting a schedule",
                () -> isUnchanged(() -> dynamoDb.deleteItem(delete -> delete.tableName(table)
                        .key(key(schedule.name()))
                        .conditionExpression(VERSION + " = :version")
                        .expressionAttributeValues(version(schedule)))));
    }

    /**
     * A write while a job of the schedule is being created is refused too: the creation checks the schedule's item ("Transaction
     * conflict handling", Amazon DynamoDB Developer Guide). The caller reads again and writes again, as after another writer.
     */
    private static boolean isUnchanged(Runnable write) {
        try {
            write.run();
            return true;
        } catch (ConditionalCheckFailedException | TransactionConflictException e) {
            return false;
        }
    }

    private static Map<String, AttributeValue> version(Schedule schedule) {
        return Map.of(":version", Items.value(schedule.version()));
    }

    // ---- many

    /** One shard's page: all of its names up to {@code reached} were read; null when all there are were read. */
    private record Slice(List<Schedule> schedules, @Nullable String reached) {}

    @Override
    public Page<Schedule> list(int limit, @Nullable String after) {
        List<Slice> slices = read(limit, after);
        String watermark = slices.stream()
                .map(Slice::reached)
                .filter(reached -> reached != null)
                .min(Comparator.naturalOrder())
                .orElse(null);
        List<Schedule> found = slices.stream()
                .flatMap(slice -> slice.schedules().stream())
                .filter(schedule -> watermark == null || schedule.name().compareTo(watermark) <= 0)
                .sorted(Comparator.comparing(Schedule::name))
                .toList();
        if (found.size() > limit) {
            List<Schedule> page = found.subList(0, limit);
            return new Page<>(page, page.getLast().name());
        }
        return new Page<>(found, watermark);
    }

    private List<Slice> read(int limit, @Nullable String after) {
        return Parallel.each(JobId.SHARDS, shard -> readShard(PARTITION + shard, limit, after));
    }

    private Slice readShard(String partition, int limit, @Nullable String after) {
        Expression expression = new Expression();
        String range = expression.name(JobTable.PARTITION_KEY) + " = " + expression.value(partition)
                + (after == null ? "" : " AND " + expression.name(JobTable.SORT_KEY) + " > " + expression.value(after));
        QueryResponse response = Calls.make(
                "Listing schedules",
                () -> dynamoDb.query(query -> query.tableName(table)
                        .keyConditionExpression(range)
                        .expressionAttributeNames(expression.names())
                        .expressionAttributeValues(expression.values())
                        .consistentRead(true)
                        .limit(limit)));
        Map<String, AttributeValue> last = Items.next(response);
        return new Slice(
                Items.readable(response.items(), DynamoDbScheduleStore::schedule),
                last == null ? null : Items.text(last, JobTable.SORT_KEY));
    }

    /** The index says which; their rows say what they are now. */
    @Override
    public Page<Schedule> due(String shard, Instant until, int limit, @Nullable String after) {
        QueryRequest.Builder query =
                AttentionIndex.until(table, INDEX + shard, until).limit(limit);
        if (after != null) {
            query.exclusiveStartKey(position(shard, after));
        }
        QueryResponse response = Calls.make("Reading the due schedules", () -> dynamoDb.query(query.build()));
        List<Map<String, AttributeValue>> rows = response.items().stream()
                .flatMap(item -> read(Items.text(item, JobTable.SORT_KEY)).stream())
                .toList();
        List<Schedule> due = Items.readable(rows, DynamoDbScheduleStore::schedule).stream()
                .filter(schedule ->
                        schedule.wakesAt().filter(time -> !time.isAfter(until)).isPresent())
                .toList();
        Map<String, AttributeValue> last = Items.next(response);
        return new Page<>(
                due,
                last == null
                        ? null
                        : Items.number(last, Field.INDEX_AT.attribute()) + " " + Items.text(last, JobTable.SORT_KEY));
    }

    /** The key of the index that a position was made of: its time and its schedule's name. */
    private static Map<String, AttributeValue> position(String shard, String after) {
        String[] sides = after.split(" ", 2);
        Map<String, AttributeValue> position = new HashMap<>(key(sides[1]));
        AttentionIndex.place(position, INDEX + shard, Instant.ofEpochMilli(Long.parseLong(sides[0])));
        return position;
    }

    // ---- what the code declares

    @Override
    public Optional<String> agreement() {
        Map<String, AttributeValue> item = Calls.make(
                        "Reading the agreement on schedules",
                        () -> dynamoDb.getItem(get -> get.tableName(table)
                                .key(Items.key(AGREEMENT, AGREEMENT_SORT))
                                .consistentRead(true)))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(Items.text(item, FINGERPRINT));
    }

    @Override
    public void agree(String fingerprint) {
        Map<String, AttributeValue> item = new HashMap<>(Items.key(AGREEMENT, AGREEMENT_SORT));
        item.put(FINGERPRINT, AttributeValue.fromS(fingerprint));
        Calls.make(
                "Writing the agreement on schedules",
                () -> dynamoDb.putItem(put -> put.tableName(table).item(item)));
    }

    // ---- items

    /** Holds while a schedule is there and has not been changed since it was read. */
    static ConditionCheck unchanged(String table, NewJob.OfSchedule schedule) {
        ConditionCheck.Builder check = ConditionCheck.builder()
                .tableName(table)
                .key(key(schedule.name()))
                .expressionAttributeNames(
                        schedule.generation() == 0
                                ? Map.of("#gn", GENERATION, "#pk", JobTable.PARTITION_KEY)
                                : Map.of("#gn", GENERATION));
        return schedule.generation() == 0
                ? check.conditionExpression("attribute_exists(#pk) AND attribute_not_exists(#gn)")
                        .build()
                : check.conditionExpression("#gn = :gn")
                        .expressionAttributeValues(Map.of(":gn", Items.value(schedule.generation())))
                        .build();
    }

    private static Map<String, AttributeValue> key(String name) {
        return Items.key(PARTITION + Schedule.shardOf(name), name);
    }

    private static Map<String, AttributeValue> item(Schedule schedule) {
        Map<String, AttributeValue> item = new HashMap<>(key(schedule.name()));
        item.put(FORMAT, Items.value((long) schedule.format()));
        item.put(TASK, AttributeValue.fromS(schedule.task()));
        item.put(EVERY, AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(BodyBytes.pack(Json.of(schedule.spec())))));
        item.put(PAUSED, AttributeValue.fromBool(schedule.paused()));
        item.put(DECLARED, AttributeValue.fromBool(schedule.declared()));
        item.put(NEXT, Items.value(schedule.next().toEpochMilli()));
        item.put(SKIPPED, Items.value(schedule.skipped()));
        item.put(VERSION, Items.value(schedule.version()));
        if (schedule.generation() != 0) {
            item.put(GENERATION, Items.value(schedule.generation()));
            item.put(SERIES, Items.value(schedule.series()));
        }
        if (!schedule.outdated().isEmpty()) {
            item.put(
                    OUTDATED,
                    Items.value(schedule.outdated().stream()
                            .map(outdated -> Json.of(outdated).text())
                            .toList()));
        }
        Firing last = schedule.last();
        if (last != null) {
            item.put(LAST, Items.value(last.instant().toEpochMilli()));
            item.put(LAST_OUTCOME, AttributeValue.fromS(last.outcome().name()));
            if (last.job() != null) {
                item.put(LAST_JOB, AttributeValue.fromS(last.job().text()));
            }
        }
        schedule.wakesAt().ifPresent(time -> AttentionIndex.place(item, INDEX + schedule.shard(), time));
        return item;
    }

    private static Schedule schedule(Map<String, AttributeValue> item) {
        return new Schedule(
                Items.text(item, JobTable.SORT_KEY),
                Items.text(item, TASK),
                BodyBytes.unpack(Items.attribute(item, EVERY).b().asByteArray(), Body.LARGEST)
                        .as(ScheduleSpec.class),
                Items.attribute(item, PAUSED).bool(),
                Items.attribute(item, DECLARED).bool(),
                Instant.ofEpochMilli(Items.number(item, NEXT)),
                item.containsKey(LAST) ? firing(item) : null,
                Items.number(item, SKIPPED),
                Math.toIntExact(Items.number(item, FORMAT)),
                Items.number(item, VERSION),
                item.containsKey(GENERATION) ? Items.number(item, GENERATION) : 0,
                item.containsKey(SERIES) ? Items.number(item, SERIES) : 0,
                item.containsKey(OUTDATED) ? outdated(item) : List.of());
    }

    private static List<Outdated> outdated(Map<String, AttributeValue> item) {
        return Items.attribute(item, OUTDATED).l().stream()
                .map(definition -> Json.parse(definition.s()).as(Outdated.class))
                .toList();
    }

    private static Firing firing(Map<String, AttributeValue> item) {
        return new Firing(
                Instant.ofEpochMilli(Items.number(item, LAST)),
                item.containsKey(LAST_JOB) ? new JobId(Items.text(item, LAST_JOB)) : null,
                Schedule.Outcome.valueOf(Items.text(item, LAST_OUTCOME)));
    }
}
