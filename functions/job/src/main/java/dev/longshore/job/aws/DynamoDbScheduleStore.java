package dev.longshore.job.aws;

import dev.longshore.job.Body;
import dev.longshore.job.BodyBytes;
import dev.longshore.job.Field;
import dev.longshore.job.JobId;
import dev.longshore.job.NewJob;
import dev.longshore.job.Page;
import dev.longshore.job.Parallel;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.Schedule.Firing;
import dev.longshore.job.schedule.Schedule.FiringResult;
import dev.longshore.job.schedule.Schedule.Outdated;
import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
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
    private static final String LAST_DUPLICATE = "ld";

    private final Table table;

    public DynamoDbScheduleStore(DynamoDbClient dynamoDb, String table) {
        this.table = new Table(dynamoDb, table);
    }

    // ---- one schedule

    @Override
    public Optional<Schedule> find(String name) {
        return read(name).map(DynamoDbScheduleStore::schedule);
    }

    private Optional<Item> read(String name) {
        return table.get("Reading a schedule", key(name));
    }

    @Override
    public boolean write(Schedule schedule) {
        return isWritten(() -> table.put(
                        "Writing a schedule",
                        item(schedule.written()),
                        schedule.isNew() ? Expression::isNew : isAsRead(schedule))
                .isWritten());
    }

    @Override
    public boolean delete(Schedule schedule) {
        return isWritten(() -> table.delete("Deleting a schedule", key(schedule.name()), isAsRead(schedule)));
    }

    private static Function<Expression, String> isAsRead(Schedule schedule) {
        return when -> when.equal(VERSION, schedule.version());
    }

    /**
     * A write while a job of the schedule is being created is refused too: the creation checks the schedule's item ("Transaction
     * conflict handling", Amazon DynamoDB Developer Guide). The caller reads again and writes again, as after another writer.
     */
    private static boolean isWritten(BooleanSupplier write) {
        try {
            return write.getAsBoolean();
        } catch (StoreUnavailableException e) {
            if (e.getCause() instanceof TransactionConflictException) {
                return false;
            }
            throw e;
        }
    }

    // ---- many

    /** One shard's page: all of its names up to {@code reached} were read; null when all there are were read. */
    private record Slice(List<Schedule> schedules, @Nullable String reached) {}

    @Override
    public Page<Schedule, String> list(int limit, @Nullable String after) {
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
        ItemQuery query = ItemQuery.of(partition).after(after).limit(limit);
        Found found = table.query("Listing schedules", query);
        return new Slice(found.readable(DynamoDbScheduleStore::schedule), found.next(Item::sort));
    }

    /** The index says which; their rows say what they are now. */
    @Override
    public Page<Schedule, String> due(String shard, Instant until, int limit, @Nullable String after) {
        ItemQuery query = ItemQuery.ofIndex(INDEX + shard, until)
                .startAfter(after == null ? null : position(shard, after))
                .limit(limit);
        Found found = table.query("Reading the due schedules", query);
        List<Schedule> due = found.items().stream()
                .flatMap(item -> read(item.sort()).stream())
                .flatMap(row -> row.readable(DynamoDbScheduleStore::schedule).stream())
                .filter(schedule ->
                        schedule.wakesAt().filter(time -> !time.isAfter(until)).isPresent())
                .toList();
        return new Page<>(due, found.next(DynamoDbScheduleStore::position));
    }

    /** A position in the index: its time and its schedule's name. */
    private static String position(Item last) {
        return last.number(Field.INDEX_AT.attribute()) + " " + last.sort();
    }

    /** The key of the index that a position was made of. */
    private static Item position(String shard, String after) {
        String[] sides = after.split(" ", 2);
        return key(sides[1]).indexed(INDEX + shard, Instant.ofEpochMilli(Long.parseLong(sides[0])));
    }

    // ---- what the code declares

    @Override
    public Optional<String> agreement() {
        return table.get("Reading the agreement on schedules", Item.of(AGREEMENT, AGREEMENT_SORT))
                .map(item -> item.text(FINGERPRINT));
    }

    @Override
    public void agree(String fingerprint) {
        table.put(
                "Writing the agreement on schedules",
                Item.of(AGREEMENT, AGREEMENT_SORT).with(FINGERPRINT, fingerprint));
    }

    // ---- items

    /** The schedule is there and has not been changed since it was read. */
    static Function<Expression, String> isUnchanged(NewJob.OfSchedule schedule) {
        return when -> schedule.generation() == 0
                ? when.exists() + " AND " + when.absent(GENERATION)
                : when.equal(GENERATION, schedule.generation());
    }

    static Item key(String name) {
        return Item.of(PARTITION + Schedule.shardOf(name), name);
    }

    private static Item item(Schedule schedule) {
        Item item = key(schedule.name())
                .with(FORMAT, schedule.format())
                .with(TASK, schedule.task())
                .with(EVERY, BodyBytes.pack(Json.of(schedule.spec())))
                .with(PAUSED, schedule.paused())
                .with(DECLARED, schedule.declared())
                .with(NEXT, schedule.next())
                .with(SKIPPED, schedule.skipped())
                .with(VERSION, schedule.version());
        if (schedule.generation() != 0) {
            item = item.with(GENERATION, schedule.generation()).with(SERIES, schedule.series());
        }
        if (!schedule.outdated().isEmpty()) {
            item = item.with(
                    OUTDATED,
                    schedule.outdated().stream()
                            .map(outdated -> Json.of(outdated).text())
                            .toList());
        }
        Firing last = schedule.last();
        if (last != null) {
            item = item.with(LAST, last.instant())
                    .with(LAST_OUTCOME, forOlderCode(last.outcome()).name())
                    .with(LAST_DUPLICATE, last.outcome() == FiringResult.DUPLICATE ? true : null)
                    .with(LAST_JOB, last.job() == null ? null : last.job().text());
        }
        Instant wakesAt = schedule.wakesAt().orElse(null);
        return wakesAt == null ? item : item.indexed(INDEX + schedule.shard(), wakesAt);
    }

    /** Code from before there were unique jobs reads a duplicate as an instant that was skipped. */
    private static FiringResult forOlderCode(FiringResult result) {
        return result == FiringResult.DUPLICATE ? FiringResult.SKIPPED : result;
    }

    private static Schedule schedule(Item item) {
        return new Schedule(
                item.sort(),
                item.text(TASK),
                BodyBytes.unpack(item.bytes(EVERY), Body.LARGEST).as(ScheduleSpec.class),
                item.flag(PAUSED),
                item.flag(DECLARED),
                item.time(NEXT),
                item.has(LAST) ? firing(item) : null,
                item.number(SKIPPED),
                Math.toIntExact(item.number(FORMAT)),
                item.number(VERSION),
                item.has(GENERATION) ? item.number(GENERATION) : 0,
                item.has(SERIES) ? item.number(SERIES) : 0,
                item.has(OUTDATED) ? outdated(item) : List.of());
    }

    private static List<Outdated> outdated(Item item) {
        return item.list(OUTDATED).stream()
                .map(definition -> Json.parse(definition.s()).as(Outdated.class))
                .toList();
    }

    private static Firing firing(Item item) {
        return new Firing(
                item.time(LAST),
                item.has(LAST_JOB) ? new JobId(item.text(LAST_JOB)) : null,
                item.has(LAST_DUPLICATE) ? FiringResult.DUPLICATE : FiringResult.valueOf(item.text(LAST_OUTCOME)));
    }
}
