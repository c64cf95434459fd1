package dev.longshore.job.aws;

import dev.longshore.job.pause.Pausable;
import dev.longshore.job.pause.Pause;
import dev.longshore.job.pause.PauseStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** Pauses as items of one partition, so that one consistent Query, of one read unit, reads them all. */
public final class DynamoDbPauseStore implements PauseStore {
    private static final String PARTITION = "pauses";
    private static final String SINCE = "c";
    private static final String BY = "b";
    private static final String RESUMED = "r";

    private final DynamoDbClient dynamoDb;
    private final String table;

    public DynamoDbPauseStore(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    @Override
    public List<Pause> all() {
        QueryResponse response = Calls.make(
                "Reading what is paused",
                () -> dynamoDb.query(query -> query.tableName(table)
                        .keyConditionExpression(JobTable.PARTITION_KEY + " = :pk")
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(PARTITION)))
                        .consistentRead(true)));
        return Items.readable(response.items(), DynamoDbPauseStore::pause).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public Pause pause(Pausable what, Instant now, String by) {
        Map<String, AttributeValue> item = new HashMap<>(key(what));
        item.put(SINCE, millis(now));
        item.put(BY, AttributeValue.fromS(by));
        try {
            Calls.make(
                    "Pausing",
                    () -> dynamoDb.putItem(put -> put.tableName(table)
                            .item(item)
                            .conditionExpression("attribute_not_exists(" + JobTable.PARTITION_KEY
                                    + ") OR attribute_exists(" + RESUMED + ")")
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
            return new Pause(what, now, by, null);
        } catch (ConditionalCheckFailedException pausedBefore) {
            return pause(what, pausedBefore.item());
        }
    }

    @Override
    public Optional<Pause> resume(Pausable what, Instant now) {
        try {
            Map<String, AttributeValue> item = Calls.make(
                            "Resuming",
                            () -> dynamoDb.updateItem(update -> update.tableName(table)
                                    .key(key(what))
                                    .updateExpression("SET " + RESUMED + " = if_not_exists(" + RESUMED + ", :now)")
                                    .conditionExpression("attribute_exists(" + JobTable.PARTITION_KEY + ")")
                                    .expressionAttributeValues(Map.of(":now", millis(now)))
                                    .returnValues(ReturnValue.ALL_NEW)))
                    .attributes();
            return Optional.of(pause(what, item));
        } catch (ConditionalCheckFailedException notPaused) {
            return Optional.empty();
        }
    }

    @Override
    public void remove(Pause resumed) {
        Instant resumedAt = resumed.resumedAt();
        if (resumedAt == null) {
            throw new IllegalArgumentException(resumed.what() + " is paused; it must be resumed first");
        }
        try {
            Calls.make(
                    "Removing a pause",
                    () -> dynamoDb.deleteItem(delete -> delete.tableName(table)
                            .key(key(resumed.what()))
                            .conditionExpression(SINCE + " = :since AND " + RESUMED + " = :resumed")
                            .expressionAttributeValues(
                                    Map.of(":since", millis(resumed.since()), ":resumed", millis(resumedAt)))));
        } catch (ConditionalCheckFailedException changed) {
            return; // it was paused again, or another tick has removed it
        }
    }

    private static Map<String, AttributeValue> key(Pausable what) {
        return Items.key(PARTITION, what.text());
    }

    /** Empty for a kind of thing that only newer code can pause. */
    private static Optional<Pause> pause(Map<String, AttributeValue> item) {
        return Pausable.parse(Items.text(item, JobTable.SORT_KEY)).map(what -> pause(what, item));
    }

    private static Pause pause(Pausable what, Map<String, AttributeValue> item) {
        return new Pause(
                what, time(item, SINCE), Items.text(item, BY), item.containsKey(RESUMED) ? time(item, RESUMED) : null);
    }

    private static AttributeValue millis(Instant time) {
        return AttributeValue.fromN(Long.toString(time.toEpochMilli()));
    }

    private static Instant time(Map<String, AttributeValue> item, String attribute) {
        return Instant.ofEpochMilli(Items.number(item, attribute));
    }
}
