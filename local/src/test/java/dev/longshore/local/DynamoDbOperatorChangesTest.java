package dev.longshore.local;

import dev.longshore.job.JobStore;
import dev.longshore.testkit.contract.OperatorChangesContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbOperatorChangesTest extends OperatorChangesContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @Override
    protected JobStore store() {
        return stage.store();
    }
}
