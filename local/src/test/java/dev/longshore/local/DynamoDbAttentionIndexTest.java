package dev.longshore.local;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Row;
import dev.longshore.testkit.contract.AttentionIndexContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbAttentionIndexTest extends AttentionIndexContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @Override
    protected JobStore store() {
        return stage.store();
    }

    @Override
    protected void plant(JobId id, Row row) {
        stage.plant(id, row);
    }
}
