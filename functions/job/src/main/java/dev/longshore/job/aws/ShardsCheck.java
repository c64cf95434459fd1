package dev.longshore.job.aws;

import dev.longshore.job.DayShards;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Stops a function whose {@link DayShards} are not those of its table: it would look for every job in another partition. The
 * first function to start on an unused table with 256 shards writes a row that says so; a table without that row has 16.
 */
final class ShardsCheck {
    private static final Item KEY = Item.of("settings", "shards-per-day");
    private static final String COUNT = "n";

    private final String name;
    private final Table table;
    private final DynamoDbLedger ledger;
    private final DayShards shards;
    private volatile boolean passed;

    ShardsCheck(DynamoDbClient dynamoDb, String name, DayShards shards) {
        this.name = name;
        this.table = new Table(dynamoDb, name);
        this.ledger = new DynamoDbLedger(dynamoDb, name);
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
            throw new IllegalStateException("Table " + name + " has " + ofTable
                    + " shards a day, and this deployment is set to " + shards.count()
                    + "; the number cannot change once a table is in use: set StorageSettings.shardsPerDay(" + ofTable
                    + ")");
        }
        passed = true;
    }

    private int shardsOfTable() {
        Optional<Item> settings = table.get("Reading how many shards the table has", KEY);
        if (settings.isPresent()) {
            return Math.toIntExact(settings.get().number(COUNT));
        }
        if (shards.equals(DayShards.SIXTEEN) || isInUse()) {
            return DayShards.SIXTEEN.count();
        }
        begin();
        return shards.count();
    }

    /** The first tick of a deployment leaves the progress of its audit. */
    private boolean isInUse() {
        return ledger.progress().isPresent();
    }

    /** Functions that start at once all write the same. */
    private void begin() {
        table.put("Writing how many shards the table has", KEY.with(COUNT, shards.count()));
    }
}
