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
import dev.longshore.job.JobStore.IndexPage;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.JobStore.Page;
import dev.longshore.job.JobStore.Query;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OutdatedScheduleException;
import dev.longshore.job.Row;
import dev.longshore.job.RowStore;
import dev.longshore.job.StoreUnavailableException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** The jobs in DynamoDB: one conditional write for each change, which returns the row. */
public final class DynamoDbRowStore implements RowStore {
    private static final int TRIES_OF_A_TRANSACTION = 4;

    /** Why an item's condition made a transaction fail ("TransactionCanceledException", Amazon DynamoDB API Reference). */
    private static final String CONDITION_FAILED = "ConditionalCheckFailed";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final DayShards shards;
    private final DynamoDbJobList list;

    /** @param shards those that the table was begun with */
    public DynamoDbRowStore(DynamoDbClient dynamoDb, String table, DayShards shards) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.shards = shards;
        this.list = new DynamoDbJobList(dynamoDb, table, shards);
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
        Put jobPut = ifAbsent(job, row);
        for (int tries = 1; ; tries++) {
            try {
                Calls.make(
                        "Creating a job of a schedule",
                        () -> dynamoDb.transactWriteItems(write -> write.transactItems(
                                TransactWriteItem.builder().put(jobPut).build(),
                                TransactWriteItem.builder()
                                        .conditionCheck(DynamoDbScheduleStore.unchanged(table, schedule))
                                        .build())));
                return new Creation.Created(JobRows.toJob(job.id(), row));
            } catch (TransactionCanceledException e) {
                CancellationReason ofJob = e.cancellationReasons().get(0);
                if (ofJob.hasItem() && !ofJob.item().isEmpty()) {
                    return whatIsThere(job, Items.row(ofJob.item()));
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

    private Put ifAbsent(NewJob job, Row row) {
        return Put.builder()
                .tableName(table)
                .item(Items.item(shards, job.id(), row))
                .conditionExpression("attribute_not_exists(" + JobTable.PARTITION_KEY + ")")
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }

    private Creation createAlone(NewJob job, Row row) {
        try {
            Calls.make(
                    "Creating a job",
                    () -> dynamoDb.putItem(put -> put.tableName(table)
                            .item(Items.item(shards, job.id(), row))
                            .conditionExpression("attribute_not_exists(" + JobTable.PARTITION_KEY + ")")
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
            return new Creation.Created(JobRows.toJob(job.id(), row));
        } catch (ConditionalCheckFailedException e) {
            return whatIsThere(job, Items.row(e.item()));
        }
    }

    /** The write may be our own, whose answer was lost. */
    private static Creation whatIsThere(NewJob job, Row there) {
        Job first = JobRows.toJob(job.id(), there);
        return Objects.equals(there.text(Field.TOKEN), job.token())
                ? new Creation.Created(first)
                : new Creation.Exists(first);
    }

    private Creation createWithKey(NewJob job, Row row, String key, Instant expires) {
        Put jobPut = ifAbsent(job, row);
        JobId purged = null;
        for (int tries = 1; ; tries++) {
            Put keyPut = IdempotencyKeys.put(table, key, job.id(), job.createdAt(), expires, purged);
            try {
                Calls.make(
                        "Creating a job with its key",
                        () -> dynamoDb.transactWriteItems(write -> write.transactItems(
                                TransactWriteItem.builder().put(jobPut).build(),
                                TransactWriteItem.builder().put(keyPut).build())));
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
        CancellationReason ofJob = reasons.get(0);
        if (ofJob.hasItem() && !ofJob.item().isEmpty()) {
            return Optional.of(whatIsThere(job, Items.row(ofJob.item())));
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
        CancellationReason ofKey = reasons.get(1);
        return ofKey.hasItem() && !ofKey.item().isEmpty() ? IdempotencyKeys.jobOf(ofKey.item()) : null;
    }

    @Override
    public Change.Outcome apply(JobId id, Change change) {
        Expression expression = new Expression();
        String update = expression.update(change);
        String condition = expression.condition(change.guard());
        try {
            UpdateItemResponse response = Calls.make(
                    change.name(),
                    () -> dynamoDb.updateItem(request -> request.tableName(table)
                            .key(Items.key(shards, id))
                            .updateExpression(update)
                            .conditionExpression(condition)
                            .expressionAttributeNames(expression.names())
                            .expressionAttributeValues(expression.values())
                            .returnValues(ReturnValue.ALL_NEW)
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
            return new Change.Outcome.Done(JobRows.toJob(id, Items.row(response.attributes())));
        } catch (ConditionalCheckFailedException e) {
            return refused(id, change, e);
        }
    }

    private static Change.Outcome refused(JobId id, Change change, ConditionalCheckFailedException e) {
        if (!e.hasItem() || e.item().isEmpty()) {
            return new Change.Outcome.Missing();
        }
        Row current = Items.row(e.item());
        Job job = JobRows.toJob(id, current);
        return change.wrote(current) ? new Change.Outcome.Done(job) : new Change.Outcome.Refused(job);
    }

    @Override
    public boolean withdraw(Job job) {
        Expression expression = new Expression();
        String untouched = expression.condition(new Condition.Is(Field.TOKEN, Objects.requireNonNull(job.token())));
        try {
            Calls.make(
                    "Withdrawing a job",
                    () -> dynamoDb.deleteItem(delete -> delete.tableName(table)
                            .key(Items.key(shards, job.id()))
                            .conditionExpression(untouched)
                            .expressionAttributeNames(expression.names())
                            .expressionAttributeValues(expression.values())));
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
        String key = job.idempotencyKey();
        if (key != null) {
            free(key, job.id());
        }
        return true;
    }

    /** Another job may hold the key by now: it was free from the moment at which the row was gone. */
    private void free(String key, JobId holder) {
        try {
            Calls.make(
                    "Withdrawing a job's key", () -> dynamoDb.deleteItem(IdempotencyKeys.delete(table, key, holder)));
        } catch (ConditionalCheckFailedException another) {
            // it stays with that one
        }
    }

    @Override
    public Optional<Job> find(JobId id) {
        GetItemResponse response = Calls.make(
                "Reading a job",
                () -> dynamoDb.getItem(
                        get -> get.tableName(table).key(Items.key(shards, id)).consistentRead(true)));
        return response.hasItem() && !response.item().isEmpty()
                ? Optional.of(JobRows.toJob(id, Items.row(response.item())))
                : Optional.empty();
    }

    @Override
    public Page list(Query query) {
        return list.list(query);
    }

    @Override
    public DayShards dayShards() {
        return shards;
    }

    @Override
    public Page hour(Instant hour, String shard, @Nullable JobId after, int limit) {
        return list.hour(hour, shard, after, limit);
    }

    @Override
    public IndexPage held(HoldReason reason, String shard, Instant until, @Nullable IndexPlace after, int limit) {
        String index = reason.index(shard);
        return page("Reading the held jobs", AttentionIndex.until(table, index, until), index, after, limit);
    }

    @Override
    public IndexPage dead(String shard, Instant from, Instant to, @Nullable IndexPlace after, int limit) {
        String index = Lifecycle.deadIndex(shard);
        return page("Reading the dead jobs", AttentionIndex.between(table, index, from, to), index, after, limit);
    }

    private IndexPage page(
            String call, QueryRequest.Builder query, String index, @Nullable IndexPlace after, int limit) {
        if (after != null) {
            query.exclusiveStartKey(place(index, after.at(), after.id()));
        }
        QueryResponse response =
                Calls.make(call, () -> dynamoDb.query(query.limit(limit).build()));
        Map<String, AttributeValue> last = Items.next(response);
        return new IndexPage(
                Items.readable(response.items(), DynamoDbRowStore::job),
                last == null
                        ? null
                        : new IndexPlace(
                                Instant.ofEpochMilli(Items.number(last, Field.INDEX_AT.attribute())), Items.id(last)));
    }

    /** The four parts of the index's key: its own, and the table's. */
    private Map<String, AttributeValue> place(String index, Instant at, JobId id) {
        Map<String, AttributeValue> key = new HashMap<>(Items.key(shards, id));
        AttentionIndex.place(key, index, at);
        return key;
    }

    private static Job job(Map<String, AttributeValue> item) {
        return JobRows.toJob(Items.id(item), Items.row(item));
    }
}
