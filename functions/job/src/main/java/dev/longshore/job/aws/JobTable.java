package dev.longshore.job.aws;

import dev.longshore.job.Field;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The one table: its keys, its index, and how it is created without the CDK. */
public final class JobTable {
    public static final String PARTITION_KEY = "pk";
    public static final String SORT_KEY = "sk";
    /**
     * Has only rows that need attention: jobs held until they are due by that time, jobs held by a pause and dead jobs by the
     * time of the pause or the death, schedules by their next time.
     */
    public static final String ATTENTION_INDEX = "attention";

    public static final String TIME_TO_LIVE = Field.TTL.attribute();

    /** What the index carries of a row, besides the keys. */
    public static final List<String> INDEX_PROJECTION =
            Field.IN_INDEX.stream().map(Field::attribute).toList();

    private JobTable() {}

    /** Creates the table with its index and time to live, if it does not exist. */
    public static void createIfAbsent(DynamoDbClient dynamoDb, String table) {
        try {
            dynamoDb.createTable(request -> request.tableName(table)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(
                            attribute(PARTITION_KEY, ScalarAttributeType.S),
                            attribute(SORT_KEY, ScalarAttributeType.S),
                            attribute(Field.INDEX.attribute(), ScalarAttributeType.S),
                            attribute(Field.INDEX_AT.attribute(), ScalarAttributeType.N))
                    .keySchema(key(PARTITION_KEY, KeyType.HASH), key(SORT_KEY, KeyType.RANGE))
                    .globalSecondaryIndexes(GlobalSecondaryIndex.builder()
                            .indexName(ATTENTION_INDEX)
                            .keySchema(
                                    key(Field.INDEX.attribute(), KeyType.HASH),
                                    key(Field.INDEX_AT.attribute(), KeyType.RANGE))
                            .projection(projection -> projection
                                    .projectionType(ProjectionType.INCLUDE)
                                    .nonKeyAttributes(INDEX_PROJECTION))
                            .build()));
        } catch (ResourceInUseException alreadyThere) {
            return;
        }
        dynamoDb.waiter().waitUntilTableExists(request -> request.tableName(table));
        dynamoDb.updateTimeToLive(request -> request.tableName(table)
                .timeToLiveSpecification(ttl -> ttl.attributeName(TIME_TO_LIVE).enabled(true)));
    }

    private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(type)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }
}
