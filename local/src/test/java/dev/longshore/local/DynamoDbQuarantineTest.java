package dev.longshore.local;

import dev.longshore.job.aws.DynamoDbQuarantine;
import dev.longshore.job.deadletter.Quarantine;
import dev.longshore.suites.contract.QuarantineContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbQuarantineTest extends QuarantineContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @Override
    protected Quarantine quarantine() {
        return new DynamoDbQuarantine(stage.dynamoDb, stage.table);
    }
}
