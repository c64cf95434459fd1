package dev.longshore.local;

import dev.longshore.job.aws.DynamoDbLimitStore;
import dev.longshore.job.limit.LimitStore;
import dev.longshore.suites.contract.LimitStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbLimitStoreTest extends LimitStoreContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @Override
    protected LimitStore store() {
        return new DynamoDbLimitStore(stage.dynamoDb, stage.table);
    }
}
