package dev.longshore.local;

import dev.longshore.job.JobStore;
import dev.longshore.testkit.contract.JobListContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbJobListTest extends JobListContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @Override
    protected JobStore store() {
        return stage.store();
    }
}
