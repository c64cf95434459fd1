package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Body;
import dev.longshore.job.BodyStore;
import dev.longshore.job.DayShards;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Row;
import dev.longshore.job.ScheduleStore;
import dev.longshore.job.aws.DynamoDbScheduleStore;
import dev.longshore.job.aws.JobTable;
import dev.longshore.testkit.contract.AttentionIndexContract;
import dev.longshore.testkit.contract.BodyContract;
import dev.longshore.testkit.contract.JobListContract;
import dev.longshore.testkit.contract.JobStoreContract;
import dev.longshore.testkit.contract.OperatorChangesContract;
import dev.longshore.testkit.contract.ScheduledJobsContract;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contracts of jobs on a table whose days have 256 shards. */
class DynamoDbOf256ShardsTest {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage(new DayShards(256));

    /** Every row that begins with a day has two digits behind it. */
    @AfterAll
    static void noRowIsInOneOfSixteenShards() {
        assertThat(stage.dynamoDb.scanPaginator(scan -> scan.tableName(DynamoDbStage.TABLE)).items().stream()
                        .map(item -> item.get(JobTable.PARTITION_KEY).s())
                        .filter(key -> key.matches("\\d{4}-.*")))
                .isNotEmpty()
                .allMatch(key -> key.matches("\\d{4}-\\d{2}-\\d{2}#[0-9a-f]{2}(#bodies)?"));
    }

    @Nested
    class Jobs extends JobStoreContract {
        @Override
        protected JobStore store() {
            return stage.store();
        }

        @Override
        protected void forget(JobId id) {
            stage.forget(id);
        }
    }

    @Nested
    class Lists extends JobListContract {
        @Override
        protected JobStore store() {
            return stage.store();
        }

        @Override
        protected void plant(JobId id, Row row) {
            stage.plant(id, row);
        }
    }

    @Nested
    class Attention extends AttentionIndexContract {
        @Override
        protected JobStore store() {
            return stage.store();
        }

        @Override
        protected void plant(JobId id, Row row) {
            stage.plant(id, row);
        }
    }

    @Nested
    class Bodies extends BodyContract {
        @Override
        protected JobStore store() {
            return stage.store();
        }

        @Override
        protected BodyStore bodies() {
            return stage.bodies(stage.dynamoDb);
        }

        @Override
        protected @Nullable Instant endOfItem(JobId id, Body.Apart body) {
            return stage.endOfItem(id, body);
        }

        @Override
        protected @Nullable Instant nextLook(JobId id, Body.Apart body) {
            return stage.nextLook(id, body);
        }
    }

    @Nested
    class Operators extends OperatorChangesContract {
        @Override
        protected JobStore store() {
            return stage.store();
        }
    }

    @Nested
    class JobsOfSchedules extends ScheduledJobsContract {
        @Override
        protected JobStore store() {
            return stage.store();
        }

        @Override
        protected ScheduleStore schedules() {
            return new DynamoDbScheduleStore(stage.dynamoDb, DynamoDbStage.TABLE);
        }
    }
}
