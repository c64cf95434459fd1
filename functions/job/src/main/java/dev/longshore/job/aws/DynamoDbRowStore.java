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
import dev.longshore.job.KeyTake;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OutdatedScheduleException;
import dev.longshore.job.Page;
import dev.longshore.job.Row;
import dev.longshore.job.RowStore;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.UniqueKey;
import dev.longshore.job.UniqueKeyChangedException;
import dev.longshore.job.aws.Table.Answer;
import java.time.Instant;
import java.util.Arrays;
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

    private static final String CONFLICT = "TransactionConflict";

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
        if (job.idempotencyKey() == null) {
            return job.unique() == null ? createAlone(job, row) : createWithUniqueKey(job, row);
        }
        return createWithKey(job, row, job.idempotencyKey(), keyExpires);
    }

    private Creation createWithUniqueKey(NewJob job, Row row) {
        TransactWriteItem putJob = table.putting(item(job, row), Expression::isNew);
        for (int tries = 1; ; tries++) {
            try {
                transactTaking(job.keyTake(), job.id(), "Creating a job with its unique key", putJob);
                return new Creation.Created(JobRows.toJob(job.id(), row));
            } catch (TransactionCanceledException e) {
                Optional<Item> there = Table.item(e.cancellationReasons().get(0));
                if (there.isPresent()) {
                    return whatIsThere(job, there.get());
                }
                requireKeyAsRead(job.keyTake(), e);
                requireTriesLeft(tries, "Creating a job with its unique key", e);
            }
        }
    }

    /** Makes the writes, and the last of them takes a unique key if there is one to take. */
    private void transactTaking(@Nullable KeyTake take, JobId taker, String what, TransactWriteItem... writes) {
        if (take == null) {
            table.transact(what, writes);
            return;
        }
        TransactWriteItem[] all = Arrays.copyOf(writes, writes.length + 1);
        all[writes.length] = table.putting(UniqueKeys.item(take, taker), UniqueKeys.isAsRead(take.asRead()));
        table.transact(what, all);
    }

    /** Another transaction on the key counts as a change: the key is read again, and most often has a job by then. */
    private static void requireKeyAsRead(@Nullable KeyTake take, TransactionCanceledException e) {
        String why = e.cancellationReasons().getLast().code();
        if (take != null && (CONDITION_FAILED.equals(why) || CONFLICT.equals(why))) {
            throw new UniqueKeyChangedException(take.key());
        }
    }

    private static void requireTriesLeft(int tries, String what, TransactionCanceledException e) {
        if (tries == TRIES_OF_A_TRANSACTION) {
            throw new StoreUnavailableException(what + " met other transactions " + tries + " times", e);
        }
    }

    /** A job of a schedule has no idempotency key: its id, which follows from the schedule and the instant, is one. */
    private Creation createOfSchedule(NewJob job, Row row, NewJob.OfSchedule schedule) {
        TransactWriteItem putJob = table.putting(item(job, row), Expression::isNew);
        TransactWriteItem checkSchedule =
                table.checking(DynamoDbScheduleStore.key(schedule.name()), DynamoDbScheduleStore.isUnchanged(schedule));
        for (int tries = 1; ; tries++) {
            try {
                transactTaking(job.keyTake(), job.id(), "Creating a job of a schedule", putJob, checkSchedule);
                return new Creation.Created(JobRows.toJob(job.id(), row));
            } catch (TransactionCanceledException e) {
                Optional<Item> there = Table.item(e.cancellationReasons().get(0));
                if (there.isPresent()) {
                    return whatIsThere(job, there.get());
                }
                if (CONDITION_FAILED.equals(e.cancellationReasons().get(1).code())) {
                    throw new OutdatedScheduleException(schedule);
                }
                requireKeyAsRead(job.keyTake(), e);
                requireTriesLeft(tries, "Creating a job of a schedule", e);
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
                transactTaking(job.keyTake(), job.id(), "Creating a job with its key", putJob, putKey);
                return new Creation.Created(JobRows.toJob(job.id(), row));
            } catch (TransactionCanceledException e) {
                Optional<Creation> there = whatIsThere(job, e.cancellationReasons());
                if (there.isPresent()) {
                    return there.get();
                }
                requireKeyAsRead(job.keyTake(), e);
                purged = holder(e.cancellationReasons()); // purged, or without a row: the key is free
                requireTriesLeft(tries, "Creating a job with its key", e);
            }
        }
    }

    private Optional<Creation> whatIsThere(NewJob job, List<CancellationReason> reasons) {
        Optional<Item> there = Table.item(reasons.get(0));
        return there.isPresent() ? Optional.of(whatIsThere(job, there.get())) : underKey(job, holder(reasons));
    }

    private Optional<Creation> underKey(NewJob job, @Nullable JobId first) {
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
    public Optional<Creation> earlier(NewJob job) {
        Optional<Item> there = table.get("Reading a job", Item.of(shards, job.id()));
        String key = job.idempotencyKey();
        if (there.isPresent() || key == null) {
            return there.map(item -> whatIsThere(job, item));
        }
        return underKey(
                job,
                table.get("Reading a job's key", IdempotencyKeys.key(key))
                        .filter(item -> !IdempotencyKeys.isExpired(item, job.createdAt()))
                        .map(IdempotencyKeys::holder)
                        .orElse(null));
    }

    @Override
    public Optional<UniqueKey.Holder> holder(UniqueKey key) {
        return table.get("Reading a unique key", UniqueKeys.key(key)).map(UniqueKeys::holder);
    }

    @Override
    public void keepKey(UniqueKey key, JobId holder, Instant until) {
        table.update(
                "Renewing a unique key", UniqueKeys.key(key), UniqueKeys.endingAt(until), UniqueKeys.isHeldBy(holder));
    }

    @Override
    public Change.Outcome apply(JobId id, Change change) {
        KeyTake take = change.keyTake();
        if (take != null) {
            return applyTaking(take, id, change);
        }
        Answer answer = table.update(
                change.name(), Item.of(shards, id), to -> to.update(change), when -> when.condition(change.guard()));
        return switch (answer) {
            case Answer.Written(Item item) -> new Change.Outcome.Done(item.job());
            case Answer.Refused(Optional<Item> current) ->
                current.map(item -> refused(change, item)).orElseGet(Change.Outcome.Missing::new);
        };
    }

    /** A transaction does not return the row, so it is read before, and the write requires that it is still the same. */
    private Change.Outcome applyTaking(KeyTake take, JobId id, Change change) {
        for (int tries = 1; ; tries++) {
            Optional<Item> read = table.get("Reading a job", Item.of(shards, id));
            if (read.isEmpty()) {
                return new Change.Outcome.Missing();
            }
            Row row = read.get().row();
            if (!change.guard().holds(row)) {
                return refused(change, read.get());
            }
            Condition unchanged = Condition.all(
                    change.guard(), new Condition.Is(Field.TOKEN, Objects.requireNonNull(row.text(Field.TOKEN))));
            try {
                transactTaking(
                        take,
                        id,
                        change.name(),
                        table.updating(
                                Item.of(shards, id), to -> to.update(change), when -> when.condition(unchanged)));
                return new Change.Outcome.Done(JobRows.toJob(id, change.applyTo(row)));
            } catch (TransactionCanceledException e) {
                if (Table.item(e.cancellationReasons().get(0))
                        .isEmpty()) { // else the row has changed, and is read again
                    requireKeyAsRead(take, e);
                }
                requireTriesLeft(tries, "The change " + change.name(), e);
            }
        }
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
        UniqueKey unique = job.ownKey();
        if (unique != null) { // the version, since the same request may have made the job again
            String version = Objects.requireNonNull(job.token());
            table.delete(
                    "Withdrawing a job's unique key",
                    UniqueKeys.key(unique),
                    UniqueKeys.isAsRead(new UniqueKey.Holder(job.id(), version)));
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
