package dev.longshore.job.aws;

import dev.longshore.job.Quarantine;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Unreadable messages as items of one partition: there are few, or something is very wrong. */
public final class DynamoDbQuarantine implements Quarantine {
    private static final String PARTITION = "quarantine";
    private static final String POOL = "q";
    private static final String BODY = "b";
    private static final String AT = "c";

    private final DynamoDbClient dynamoDb;
    private final String table;

    public DynamoDbQuarantine(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    @Override
    public void keep(Quarantined message) {
        Map<String, AttributeValue> item = new HashMap<>(Items.key(PARTITION, message.id()));
        item.put(POOL, AttributeValue.fromS(message.pool()));
        item.put(BODY, AttributeValue.fromS(message.body()));
        item.put(AT, AttributeValue.fromS(message.at().toString()));
        item.put(
                JobTable.TIME_TO_LIVE,
                AttributeValue.fromN(Long.toString(message.expires().getEpochSecond())));
        Calls.make(
                "Writing to the quarantine",
                () -> dynamoDb.putItem(put -> put.tableName(table).item(item)));
    }

    @Override
    public List<Quarantined> all(int limit) {
        return Calls.make(
                        "Reading the quarantine",
                        () -> dynamoDb.query(query -> query.tableName(table)
                                .keyConditionExpression(JobTable.PARTITION_KEY + " = :pk")
                                .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(PARTITION)))
                                .limit(limit)))
                .items()
                .stream()
                .map(item -> new Quarantined(
                        Items.text(item, JobTable.SORT_KEY),
                        Items.text(item, POOL),
                        Items.text(item, BODY),
                        Instant.parse(Items.text(item, AT)),
                        Instant.ofEpochSecond(Items.number(item, JobTable.TIME_TO_LIVE))))
                .toList();
    }
}
