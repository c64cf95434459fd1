package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;

class DynamoDbLedgerTest {
    private static final Instant HOUR = Instant.parse("2026-03-10T12:00:00Z");
    private static final Instant UNTIL = Instant.parse("2026-03-12T14:00:00Z");

    private final Puts puts = new Puts();
    private final DynamoDbLedger ledger = new DynamoDbLedger(puts, "table");

    @Test
    void oneProcessWritesAnExpectationOnce() {
        ledger.expect(HOUR, UNTIL);
        ledger.expect(HOUR, UNTIL);
        assertThat(puts.requests).hasSize(1);

        ledger.expect(HOUR, UNTIL.plus(Duration.ofHours(1)));
        ledger.expect(HOUR.plus(Duration.ofHours(1)), UNTIL);
        assertThat(puts.requests.stream().map(PutItemRequest::item)).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void expectationOfAnotherProcessIsLeftAndRemembered() {
        puts.failure = ConditionalCheckFailedException.builder().build();

        ledger.expect(HOUR, UNTIL);
        ledger.expect(HOUR, UNTIL);

        assertThat(puts.requests)
                .hasSize(1)
                .allSatisfy(put -> assertThat(put.conditionExpression()).contains("attribute_not_exists"));
    }

    @Test
    void expectationThatCouldNotBeWrittenIsWrittenByTheNextCall() {
        puts.failure = DynamoDbException.builder().statusCode(500).build();
        assertThatThrownBy(() -> ledger.expect(HOUR, UNTIL)).isInstanceOf(StoreUnavailableException.class);

        puts.failure = null;
        ledger.expect(HOUR, UNTIL);

        assertThat(puts.requests).hasSize(2);
    }

    /** A table that takes items, or fails. */
    private static final class Puts implements DynamoDbClient {
        private final List<PutItemRequest> requests = new ArrayList<>();
        private RuntimeException failure;

        @Override
        public PutItemResponse putItem(PutItemRequest request) {
            requests.add(request);
            if (failure != null) {
                throw failure;
            }
            return PutItemResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
