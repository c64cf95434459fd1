package dev.longshore.local;

import dev.longshore.job.aws.DynamoDbLedger;
import dev.longshore.job.ledger.LedgerStore;
import dev.longshore.suites.contract.LedgerContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbLedgerTest extends LedgerContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @Override
    protected LedgerStore ledger() {
        return new DynamoDbLedger(stage.dynamoDb, stage.table);
    }
}
