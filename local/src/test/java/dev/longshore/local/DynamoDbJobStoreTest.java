package dev.longshore.local;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.testkit.contract.JobStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbJobStoreTest extends JobStoreContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @Override
    protected JobStore store() {
        return stage.store();
    }

    @Override
    protected void forget(JobId id) {
        stage.forget(id);
    }
}
