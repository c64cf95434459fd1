package dev.longshore.local;

import dev.longshore.job.aws.DynamoDbOperatorLog;
import dev.longshore.job.operatorlog.OperatorLog;
import dev.longshore.suites.contract.OperatorLogContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbOperatorLogTest extends OperatorLogContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @Override
    protected OperatorLog log() {
        return new DynamoDbOperatorLog(stage.dynamoDb, stage.table);
    }
}
