package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Body;
import dev.longshore.job.BodyBytes;
import dev.longshore.job.BodyStore;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.Row;
import dev.longshore.job.RowStore;
import dev.longshore.job.UniqueKey;
import dev.longshore.job.aws.DynamoDbScheduleStore;
import dev.longshore.job.aws.JobTable;
import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.suites.contract.AttentionIndexContract;
import dev.longshore.suites.contract.BodyContract;
import dev.longshore.suites.contract.JobListContract;
import dev.longshore.suites.contract.JobStoreContract;
import dev.longshore.suites.contract.OperatorChangesContract;
import dev.longshore.suites.contract.ReplacementContract;
import dev.longshore.suites.contract.ScheduledJobsContract;
import dev.longshore.suites.contract.UniqueJobsContract;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The contracts of jobs and their bodies, on one table. */
abstract class DynamoDbContracts {
    abstract DynamoDbStage stage();

    @Nested
    class Jobs extends JobStoreContract {
        @Override
        protected JobStore store() {
            return stage().store();
        }

        @Override
        protected void deleteRow(JobId id) {
            stage().deleteRow(id);
        }
    }

    @Nested
    class Lists extends JobListContract {
        @Override
        protected JobStore store() {
            return stage().store();
        }

        @Override
        protected void plant(JobId id, Row row) {
            stage().plant(id, row);
        }
    }

    @Nested
    class Attention extends AttentionIndexContract {
        @Override
        protected JobStore store() {
            return stage().store();
        }

        @Override
        protected void plant(JobId id, Row row) {
            stage().plant(id, row);
        }
    }

    @Nested
    class Bodies extends BodyContract {
        @Override
        protected JobStore store() {
            return stage().store();
        }

        @Override
        protected BodyStore bodies() {
            return stage().bodies(stage().dynamoDb);
        }

        @Override
        protected @Nullable Instant endOfItem(JobId id, Body.Apart body) {
            return stage().endOfItem(id, body);
        }

        @Override
        protected @Nullable Instant nextLook(JobId id, Body.Apart body) {
            return stage().nextLook(id, body);
        }

        /** Code before ADR 20 wrote bodies of up to 256 KB as items. */
        @Test
        void largePayloadThatOlderCodeWroteAsAnItemIsReadAndEndsWithItsJob() {
            Json old = noise(200_000);
            Job job = created(noise(4_300));
            String sort = ((Body.Apart) job.payload()).place().substring("item:".length());
            Map<String, AttributeValue> item = new HashMap<>(key(job.id(), "#bodies", sort));
            item.put("b", AttributeValue.fromB(SdkBytes.fromByteArray(BodyBytes.pack(old))));
            stage().dynamoDb.putItem(put -> put.tableName(stage().table).item(item));
            stage().dynamoDb
                    .updateItem(update -> update.tableName(stage().table)
                            .key(key(job.id(), "", job.id().text()))
                            .updateExpression("SET #size = :size")
                            .expressionAttributeNames(Map.of("#size", Field.PAYLOAD_SIZE.attribute()))
                            .expressionAttributeValues(Map.of(":size", AttributeValue.fromN("" + old.utf8Length()))));

            Job waiting = store().find(job.id()).orElseThrow();
            assertThat(store().payload(waiting)).isEqualTo(old);
            Instant end = job.createdAt().plus(Duration.ofDays(5));
            store().apply(
                            job.id(),
                            new OperatorChanges(job.createdAt(), "a token")
                                    .cancelWaiting(job, Duration.ofDays(5), null));

            assertThat(endOfItem(job.id(), (Body.Apart) job.payload())).isEqualTo(end);
        }

        private Map<String, AttributeValue> key(JobId id, String partition, String sort) {
            return Map.of(
                    JobTable.PARTITION_KEY, AttributeValue.fromS(stage().shards.partition(id) + partition),
                    JobTable.SORT_KEY, AttributeValue.fromS(sort));
        }
    }

    @Nested
    class Operators extends OperatorChangesContract {
        @Override
        protected JobStore store() {
            return stage().store();
        }
    }

    @Nested
    class UniqueOnes extends UniqueJobsContract {
        @Override
        protected JobStore store() {
            return stage().store();
        }

        @Override
        protected RowStore rows() {
            return stage().rows(stage().dynamoDb);
        }

        @Override
        protected BodyStore bodies() {
            return stage().bodies(stage().dynamoDb);
        }

        @Override
        protected void deleteRow(JobId id) {
            stage().deleteRow(id);
        }

        @Override
        protected Instant endOf(UniqueKey key) {
            return stage().endOf(key);
        }
    }

    @Nested
    class Replacements extends ReplacementContract {
        @Override
        protected JobStore store() {
            return stage().store();
        }
    }

    @Nested
    class JobsOfSchedules extends ScheduledJobsContract {
        @Override
        protected JobStore store() {
            return stage().store();
        }

        @Override
        protected ScheduleStore schedules() {
            return new DynamoDbScheduleStore(stage().dynamoDb, stage().table);
        }
    }
}
