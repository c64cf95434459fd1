package dev.longshore.local;

import dev.longshore.job.aws.DynamoDbPauseStore;
import dev.longshore.job.pause.PauseStore;
import dev.longshore.suites.contract.PauseStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbPauseStoreTest extends PauseStoreContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @Override
    protected PauseStore store() {
        return new DynamoDbPauseStore(stage.dynamoDb, stage.table);
    }
}
