package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.NewJob;
import dev.longshore.job.aws.JobTable;
import dev.longshore.task.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * The plan of the next index (ADR 23), on a table of today with rows: it is added beside the first one, read once it is complete,
 * and the first one is read all the while.
 */
class SecondIndexTest {
    private static final String OUTBOX = "outbox";
    private static final String KEY = "ox";
    private static final Instant CREATED = Instant.parse("2096-03-10T12:00:00Z");
    private static final Instant DUE = CREATED.plusSeconds(3_600);

    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    private final Random random = new Random(23);

    @Test
    @Timeout(60)
    void anIndexAddedBesideTheFirstFindsRowsOfBeforeAndAfter() {
        Job before = heldJob();
        Job withoutKey = heldJob();
        putInOutbox(before);

        addOutbox();
        Job meanwhile = heldJob();
        putInOutbox(meanwhile);
        assertThat(List.of(before, withoutKey, meanwhile)).allMatch(SecondIndexTest::isInTheFirstIndex);
        while (!isReadable(outbox())) {
            Thread.onSpinWait(); // each look is a call of DescribeTable
        }
        Job after = heldJob();
        putInOutbox(after);

        assertThat(inOutbox()).containsExactlyInAnyOrder(before.id(), meanwhile.id(), after.id());
        assertThat(List.of(before, withoutKey, meanwhile, after)).allMatch(SecondIndexTest::isInTheFirstIndex);
    }

    private Job heldJob() {
        NewJob job = NewJob.of(JobId.next(CREATED, random), "greet", "default", 3, Json.parse("{}"), CREATED, "token")
                .at(DUE);
        return ((Creation.Created) stage.store().create(job, DUE)).job();
    }

    /** As a change of newer code does it. */
    private static void putInOutbox(Job job) {
        stage.dynamoDb.updateItem(update -> update.tableName(stage.table)
                .key(DynamoDbStage.key(stage.shards, job.id()))
                .updateExpression("SET " + KEY + " = :shard")
                .expressionAttributeValues(Map.of(":shard", AttributeValue.fromS(OUTBOX))));
    }

    private static void addOutbox() {
        stage.dynamoDb.updateTable(update -> update.tableName(stage.table)
                .attributeDefinitions(AttributeDefinition.builder()
                        .attributeName(KEY)
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .globalSecondaryIndexUpdates(GlobalSecondaryIndexUpdate.builder()
                        .create(index -> index.indexName(OUTBOX)
                                .keySchema(KeySchemaElement.builder()
                                        .attributeName(KEY)
                                        .keyType(KeyType.HASH)
                                        .build())
                                .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY)))
                        .build()));
    }

    private static GlobalSecondaryIndexDescription outbox() {
        return stage
                .dynamoDb
                .describeTable(describe -> describe.tableName(stage.table))
                .table()
                .globalSecondaryIndexes()
                .stream()
                .filter(index -> index.indexName().equals(OUTBOX))
                .findFirst()
                .orElseThrow();
    }

    /** An index that is being filled answers without the rows that it does not have yet. */
    private static boolean isReadable(GlobalSecondaryIndexDescription index) {
        return index.indexStatus() == IndexStatus.ACTIVE && !Boolean.TRUE.equals(index.backfilling());
    }

    private static List<JobId> inOutbox() {
        List<Map<String, AttributeValue>> items = stage.dynamoDb
                .query(query -> query.tableName(stage.table)
                        .indexName(OUTBOX)
                        .keyConditionExpression(KEY + " = :shard")
                        .expressionAttributeValues(Map.of(":shard", AttributeValue.fromS(OUTBOX))))
                .items();
        assertThat(items)
                .allSatisfy(item -> assertThat(item).containsOnlyKeys(JobTable.PARTITION_KEY, JobTable.SORT_KEY, KEY));
        return items.stream()
                .map(item -> new JobId(item.get(JobTable.SORT_KEY).s()))
                .toList();
    }

    private static boolean isInTheFirstIndex(Job job) {
        return stage.store().held(HoldReason.DUE, job.id().shard(), DUE, null, 100).items().stream()
                .anyMatch(due -> due.id().equals(job.id()));
    }
}
