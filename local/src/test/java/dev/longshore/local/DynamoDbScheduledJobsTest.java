package dev.longshore.local;

import dev.longshore.job.JobStore;
import dev.longshore.job.ScheduleStore;
import dev.longshore.job.aws.DynamoDbScheduleStore;
import dev.longshore.testkit.contract.ScheduledJobsContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbScheduledJobsTest extends ScheduledJobsContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @Override
    protected JobStore store() {
        return stage.store();
    }

    @Override
    protected ScheduleStore schedules() {
        return new DynamoDbScheduleStore(stage.dynamoDb, DynamoDbStage.TABLE);
    }
}
