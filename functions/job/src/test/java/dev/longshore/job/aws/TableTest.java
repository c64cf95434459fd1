package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.aws.Table.Answer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

class TableTest {
    private static final Item MINE = Item.of("p", "s").with("a", "mine");
    private static final Item THEIRS = Item.of("p", "s").with("a", "theirs");

    private final Answers dynamoDb = new Answers();
    private final Table table = new Table(dynamoDb, "jobs");

    @Test
    void conditionThatHoldsWritesTheItem() {
        assertThat(table.put("Writing", MINE, when -> when.equal("v", 3L))).isEqualTo(new Answer.Written(MINE));

        assertThat(dynamoDb.put.conditionExpression()).isEqualTo("#v = :0");
        assertThat(dynamoDb.put.expressionAttributeNames()).isEqualTo(Map.of("#v", "v"));
        assertThat(dynamoDb.put.expressionAttributeValues()).isEqualTo(Map.of(":0", Item.value(3L)));
    }

    @Test
    void refusedWriteAnswersWithTheItemThatIsThere() {
        dynamoDb.failure = ConditionalCheckFailedException.builder()
                .item(THEIRS.attributes())
                .build();
        assertThat(table.put("Writing", MINE, Expression::isNew)).isEqualTo(new Answer.Refused(Optional.of(THEIRS)));
        assertThat(dynamoDb.put.returnValuesOnConditionCheckFailure())
                .isEqualTo(ReturnValuesOnConditionCheckFailure.ALL_OLD);

        dynamoDb.failure = ConditionalCheckFailedException.builder().build();
        assertThat(table.put("Writing", MINE, Expression::exists)).isEqualTo(new Answer.Refused(Optional.empty()));
    }

    /** DynamoDB refuses an empty map of values. */
    @Test
    void conditionWithoutValuesSendsNoValues() {
        table.put("Writing", MINE, Expression::isNew);

        assertThat(dynamoDb.put.hasExpressionAttributeValues()).isFalse();
    }

    @Test
    void failedCallSaysWhatItWasFor() {
        dynamoDb.failure = DynamoDbException.builder().statusCode(500).build();

        assertThatThrownBy(() -> table.put("Pausing", MINE))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageStartingWith("Pausing");
    }

    @Test
    void allItemsAreReadPageAfterPage() {
        dynamoDb.pages.add(page(MINE, MINE));
        dynamoDb.pages.add(page(THEIRS, null));

        assertThat(table.all("Reading", ItemQuery.of("p")).items()).containsExactly(MINE, THEIRS);
        assertThat(dynamoDb.query.exclusiveStartKey()).isEqualTo(MINE.attributes());
    }

    @Test
    void noPageIsReadAfterTheFirstItemsAreFound() {
        dynamoDb.pages.add(page(MINE, MINE));
        dynamoDb.pages.add(page(THEIRS, THEIRS));

        assertThat(table.first("Reading", ItemQuery.of("p"), 1).items()).containsExactly(MINE);
        assertThat(dynamoDb.pages).hasSize(1);
    }

    /** The attributes may be a payload or a secret. */
    @Test
    void itemIsLoggedByItsKeyAlone() {
        assertThat(MINE).hasToString("p s");
    }

    private static QueryResponse page(Item item, Item last) {
        return QueryResponse.builder()
                .items(List.of(item.attributes()))
                .lastEvaluatedKey(last == null ? Map.of() : last.attributes())
                .build();
    }

    /** A table that takes items, or fails, and whose queries find these pages. */
    private static final class Answers implements DynamoDbClient {
        private final Queue<QueryResponse> pages = new ArrayDeque<>();
        private RuntimeException failure;
        private PutItemRequest put;
        private QueryRequest query;

        @Override
        public PutItemResponse putItem(PutItemRequest request) {
            put = request;
            if (failure != null) {
                throw failure;
            }
            return PutItemResponse.builder().build();
        }

        @Override
        public QueryResponse query(QueryRequest request) {
            query = request;
            return pages.remove();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
