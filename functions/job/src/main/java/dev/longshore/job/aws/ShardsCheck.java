package dev.longshore.job.aws;

import dev.longshore.job.DayShards;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/**
 * Stops a function whose {@link DayShards} are not those of its table: it would look for every job in another partition. The
 * first function to start on an unused table with 256 shards writes a row that says so; a table without that row has 16.
 */
final class ShardsCheck {
    private static final Map<String, AttributeValue> KEY = Items.key("settings", "shards-per-day");
    private static final String COUNT = "n";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final DayShards shards;
    private volatile boolean passed;

    ShardsCheck(DynamoDbClient dynamoDb, String table, DayShards shards) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.shards = shards;
    }

    /**
     * Compares, once in a process.
     *
     * @throws IllegalStateException when the table has another number of shards
     * @throws dev.longshore.job.StoreUnavailableException when a DynamoDB call failed; the next call compares again
     */
    void pass() {
        if (passed) {
            return;
        }
        int ofTable = shardsOfTable();
        if (ofTable != shards.count()) {
            throw new IllegalStateException("Table " + table + " has " + ofTable
                    + " shards a day, and this deployment is set to " + shards.count()
                    + "; the number cannot change once a table is in use: set StorageSettings.shardsPerDay(" + ofTable
                    + ")");
        }
        passed = true;
    }

    private int shardsOfTable() {
        GetItemResponse row = Calls.make(
                "Reading how many shards the table has",
                () -> dynamoDb.getItem(get -> get.tableName(table).key(KEY).consistentRead(true)));
        if (row.hasItem() && !row.item().isEmpty()) {
            return Math.toIntExact(Items.number(row.item(), COUNT));
        }
        if (shards.equals(DayShards.SIXTEEN) || isInUse()) {
            return DayShards.SIXTEEN.count();
        }
        begin();
        return shards.count();
    }

    /** The first tick of a deployment leaves the progress of its audit. */
    private boolean isInUse() {
        return new DynamoDbLedger(dynamoDb, table).progress().isPresent();
    }

    /** Functions that start at once all write the same. */
    private void begin() {
        Map<String, AttributeValue> row = new HashMap<>(KEY);
        row.put(COUNT, Items.value((long) shards.count()));
        Calls.make(
                "Writing how many shards the table has",
                () -> dynamoDb.putItem(put -> put.tableName(table).item(row)));
    }
}
