package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Body;
import dev.longshore.job.BodyMissingException;
import dev.longshore.job.DayShards;
import dev.longshore.job.HoldReason;
import dev.longshore.job.JobId;
import dev.longshore.job.pause.Pausable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Who reads one item sees every write before it. DynamoDB Local always answers so, AWS only when it is asked to
 * ("Read consistency", Amazon DynamoDB Developer Guide): hence a look at the requests.
 */
class ConsistentReadsTest {
    private static final String TABLE = "jobs";
    private static final JobId ID = JobId.of(1_770_000_000_000L, 1, 2);
    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

    private final List<GetItemRequest> reads = new ArrayList<>();
    private final List<QueryRequest> queries = new ArrayList<>();

    private final DynamoDbClient dynamoDb = new DynamoDbClient() {
        @Override
        public GetItemResponse getItem(GetItemRequest request) {
            reads.add(request);
            return GetItemResponse.builder().build();
        }

        @Override
        public QueryResponse query(QueryRequest request) {
            synchronized (queries) {
                queries.add(request);
            }
            return QueryResponse.builder().items(List.of()).build();
        }

        @Override
        public String serviceName() {
            return "dynamodb";
        }

        @Override
        public void close() {}
    };

    @Test
    void everyReadOfOneItemIsConsistent() {
        new DynamoDbRowStore(dynamoDb, TABLE, DayShards.SIXTEEN).find(ID);
        DynamoDbBodyStore bodies = new DynamoDbBodyStore(dynamoDb, TABLE, DayShards.SIXTEEN, new NoFiles());
        assertThatThrownBy(() -> bodies.read(ID, new Body.Apart("item:" + ID + "#payload#x", 1)))
                .isInstanceOf(BodyMissingException.class);
        DynamoDbScheduleStore schedules = new DynamoDbScheduleStore(dynamoDb, TABLE);
        schedules.find("nightly");
        schedules.agreement();
        DynamoDbLedger ledger = new DynamoDbLedger(dynamoDb, TABLE);
        ledger.hour(NOW);
        ledger.progress();
        ledger.requested();
        ledger.lastTick();
        new DynamoDbKeyStore(dynamoDb, TABLE, new Random(1)).apiKey("me");
        new DynamoDbQuarantine(dynamoDb, TABLE).find("m");

        assertThat(reads)
                .hasSize(10)
                .allSatisfy(read -> assertThat(read.consistentRead())
                        .as(read.key().toString())
                        .isTrue());
    }

    @Test
    void whatIsPausedTheLedgerAndTheListsOfSchedulesAreReadConsistently() {
        new DynamoDbPauseStore(dynamoDb, TABLE).all();
        new DynamoDbLedger(dynamoDb, TABLE).hours(NOW.minusSeconds(60), NOW);
        new DynamoDbScheduleStore(dynamoDb, TABLE).list(10, null);

        assertThat(queries)
                .hasSizeGreaterThan(16)
                .allSatisfy(query -> assertThat(query.consistentRead())
                        .as(query.keyConditionExpression())
                        .isTrue());
    }

    /** DynamoDB refuses a consistent read of a global secondary index. */
    @Test
    void theIndexIsNotReadConsistently() {
        DynamoDbRowStore rows = new DynamoDbRowStore(dynamoDb, TABLE, DayShards.SIXTEEN);
        rows.held(HoldReason.DUE, "0", NOW, null, 10);
        rows.dead("0", NOW, NOW, null, 10);
        rows.held(HoldReason.paused(Pausable.task("t")), "0", NOW, null, 10);

        assertThat(queries).hasSize(3).allSatisfy(query -> {
            assertThat(query.indexName()).isEqualTo(JobTable.ATTENTION_INDEX);
            assertThat(query.consistentRead()).isNotEqualTo(true);
        });
    }
}
