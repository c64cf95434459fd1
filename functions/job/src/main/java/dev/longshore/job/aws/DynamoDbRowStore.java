package dev.longshore.job.aws;

import dev.longshore.job.Body;
import dev.longshore.job.Change;
import dev.longshore.job.Condition;
import dev.longshore.job.DayShards;
import dev.longshore.job.Field;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobRows;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.JobStore.Query;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OutdatedScheduleException;
import dev.longshore.job.Page;
import dev.longshore.job.Row;
import dev.longshore.job.RowStore;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.aws.Table.Answer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** The jobs in DynamoDB: one conditional write for each change, which returns the row. */
public final class DynamoDbRowStore implements RowStore {
    private static final int TRIES_OF_A_TRANSACTION = 4;

    /** Why an item's condition made a transaction fail ("TransactionCanceledException", Amazon DynamoDB API Reference). */
    private static final String CONDITION_FAILED = "ConditionalCheckFailed";

    private final Table table;
    private final DayShards shards;
    private final DynamoDbJobList list;

    /** @param shards those that the table was begun with */
    public DynamoDbRowStore(DynamoDbClient dynamoDb, String table, DayShards shards) {
        this.table = new Table(dynamoDb, table);
        this.shards = shards;
        this.list = new DynamoDbJobList(this.table, shards);
    }

    @Override
    public Creation create(NewJob job, Body payload, Instant keyExpires) {
        Row row = JobRows.of(job, payload);
        if (job.ofSchedule() != null) {
            return createOfSchedule(job, row, job.ofSchedule());
        }
        return job.idempotencyKey() == null
                ? createAlone(job, row)
                : createWithKey(job, row, job.idempotencyKey(), keyExpires);
    }

    /** A job of a schedule has no idempotency key: its id, which follows from the schedule and the instant, is one. */
    private Creation createOfSchedule(NewJob job, Row row, NewJob.OfSchedule schedule) {
        TransactWriteItem putJob = table.putting(item(job, row), Expression::isNew);
        TransactWriteItem checkSchedule =
                table.checking(DynamoDbScheduleStore.key(schedule.name()), DynamoDbScheduleStore.isUnchanged(schedule));
        for (int tries = 1; ; tries++) {
            try {
                table.transact("Creating a job of a schedule", putJob, checkSchedule);
                return new Creation.Created(JobRows.toJob(job.id(), row));
            } catch (TransactionCanceledException e) {
                Optional<Item> there = Table.item(e.cancellationReasons().get(0));
                if (there.isPresent()) {
                    return whatIsThere(job, there.get());
                }
                if (CONDITION_FAILED.equals(e.cancellationReasons().get(1).code())) {
                    throw new OutdatedScheduleException(schedule);
                }
                if (tries == TRIES_OF_A_TRANSACTION) {
                    throw new StoreUnavailableException(
                            "Creating a job of a schedule met other transactions " + tries + " times", e);
                }
            }
        }
    }

    private Item item(NewJob job, Row row) {
        return Item.of(shards, job.id()).with(row);
    }

    private Creation createAlone(NewJob job, Row row) {
        return switch (table.put("Creating a job", item(job, row), Expression::isNew)) {
            case Answer.Written written -> new Creation.Created(JobRows.toJob(job.id(), row));
            case Answer.Refused(Optional<Item> there) -> whatIsThere(job, there.orElseThrow());
        };
    }

    /** The write may be our own, whose answer was lost. */
    private static Creation whatIsThere(NewJob job, Item there) {
        Job first = there.job();
        return Objects.equals(first.token(), job.token()) ? new Creation.Created(first) : new Creation.Exists(first);
    }

    private Creation createWithKey(NewJob job, Row row, String key, Instant expires) {
        TransactWriteItem putJob = table.putting(item(job, row), Expression::isNew);
        Item keyItem = IdempotencyKeys.item(key, job.id(), expires);
        JobId purged = null;
        for (int tries = 1; ; tries++) {
            TransactWriteItem putKey = table.putting(keyItem, IdempotencyKeys.isFree(job.createdAt(), purged));
            try {
                table.transact("Creating a job with its key", putJob, putKey);
                return new Creation.Created(JobRows.toJob(job.id(), row));
            } catch (TransactionCanceledException e) {
                Optional<Creation> there = whatIsThere(job, e.cancellationReasons());
                if (there.isPresent()) {
                    return there.get();
                }
                purged = holder(e.cancellationReasons()); // purged, or without a row: the key is free
                if (tries == TRIES_OF_A_TRANSACTION) {
                    throw new StoreUnavailableException(
                            "Creating a job with its key met other transactions " + tries + " times", e);
                }
            }
        }
    }

    private Optional<Creation> whatIsThere(NewJob job, List<CancellationReason> reasons) {
        Optional<Item> there = Table.item(reasons.get(0));
        if (there.isPresent()) {
            return Optional.of(whatIsThere(job, there.get()));
        }
        JobId first = holder(reasons);
        return first == null
                ? Optional.empty()
                : find(first)
                        .filter(found -> !found.isPurged(job.createdAt()))
                        .map(found ->
                                found.id().equals(job.id()) ? new Creation.Created(found) : new Creation.Exists(found));
    }

    /** The job that holds the key; null when none does and another transaction conflicted. */
    private static @Nullable JobId holder(List<CancellationReason> reasons) {
        return Table.item(reasons.get(1)).map(IdempotencyKeys::holder).orElse(null);
    }

    @Override
    public Change.Outcome apply(JobId id, Change change) {
        Answer answer = table.update(
                change.name(), Item.of(shards, id), to -> to.update(change), when -> when.condition(change.guard()));
        return switch (answer) {
            case Answer.Written(Item item) -> new Change.Outcome.Done(item.job());
            case Answer.Refused(Optional<Item> current) ->
                current.map(item -> refused(change, item)).orElseGet(Change.Outcome.Missing::new);
        };
    }

    private static Change.Outcome refused(Change change, Item current) {
        Job job = current.job();
        return change.wrote(current.row()) ? new Change.Outcome.Done(job) : new Change.Outcome.Refused(job);
    }

    @Override
    public boolean withdraw(Job job) {
        Condition untouched = new Condition.Is(Field.TOKEN, Objects.requireNonNull(job.token()));
        if (!table.delete("Withdrawing a job", Item.of(shards, job.id()), when -> when.condition(untouched))) {
            return false;
        }
        String key = job.idempotencyKey();
        if (key != null) { // another job may hold it by now: it was free from the moment at which the row was gone
            table.delete("Withdrawing a job's key", IdempotencyKeys.key(key), IdempotencyKeys.isHeldBy(job.id()));
        }
        return true;
    }

    @Override
    public Optional<Job> find(JobId id) {
        return table.get("Reading a job", Item.of(shards, id)).map(Item::job);
    }

    @Override
    public Page<Job, JobId> list(Query query) {
        return list.list(query);
    }

    @Override
    public DayShards dayShards() {
        return shards;
    }

    @Override
    public Page<Job, JobId> hour(Instant hour, String shard, @Nullable JobId after, int limit) {
        return list.hour(hour, shard, after, limit);
    }

    @Override
    public Page<Job, IndexPlace> held(
            HoldReason reason, String shard, Instant until, @Nullable IndexPlace after, int limit) {
        String index = reason.index(shard);
        return page("Reading the held jobs", ItemQuery.ofIndex(index, until).limit(limit), index, after);
    }

    @Override
    public Page<Job, IndexPlace> dead(String shard, Instant from, Instant to, @Nullable IndexPlace after, int limit) {
        String index = Lifecycle.deadIndex(shard);
        return page("Reading the dead jobs", ItemQuery.ofIndex(index, from, to).limit(limit), index, after);
    }

    private Page<Job, IndexPlace> page(String what, ItemQuery query, String index, @Nullable IndexPlace after) {
        if (after != null) {
            query.startAfter(Item.of(shards, after.id()).indexed(index, after.at()));
        }
        Found page = table.query(what, query);
        return new Page<>(page.readable(Item::job), page.next(DynamoDbRowStore::place));
    }

    private static IndexPlace place(Item item) {
        return new IndexPlace(item.time(Field.INDEX_AT.attribute()), item.id());
    }
}
