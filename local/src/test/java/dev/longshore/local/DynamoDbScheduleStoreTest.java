package dev.longshore.local;

import dev.longshore.job.aws.DynamoDbScheduleStore;
import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.suites.contract.ScheduleStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbScheduleStoreTest extends ScheduleStoreContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @Override
    protected ScheduleStore store() {
        return new DynamoDbScheduleStore(stage.dynamoDb, stage.table);
    }
}
