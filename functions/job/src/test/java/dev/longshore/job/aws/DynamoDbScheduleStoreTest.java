package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.task.ScheduleSpec;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

class DynamoDbScheduleStoreTest {
    private static final Schedule SCHEDULE = Schedule.of(
            "s", "t", ScheduleSpec.cron("@daily", ZoneId.of("UTC")), false, Instant.parse("2026-03-10T12:00:00Z"));

    @Test
    void writeDuringTheCreationOfAJobIsMadeAgainByItsCaller() {
        ScheduleStore store = new DynamoDbScheduleStore(new MidTransaction(), "table");

        assertThat(store.write(SCHEDULE)).isFalse();
        assertThat(store.delete(SCHEDULE.written())).isFalse();
    }

    /** A table on whose item a transaction is in progress. */
    private static final class MidTransaction implements DynamoDbClient {
        @Override
        public PutItemResponse putItem(PutItemRequest request) {
            throw TransactionConflictException.builder().statusCode(400).build();
        }

        @Override
        public DeleteItemResponse deleteItem(DeleteItemRequest request) {
            throw TransactionConflictException.builder().statusCode(400).build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
