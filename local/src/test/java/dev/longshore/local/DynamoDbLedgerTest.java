package dev.longshore.local;

import dev.longshore.job.LedgerStore;
import dev.longshore.job.aws.DynamoDbLedger;
import dev.longshore.testkit.contract.LedgerContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class DynamoDbLedgerTest extends LedgerContract {
    @TempDir
    static Path data;

    private static DynamoDbStage stage;

    @BeforeAll
    static void open() {
        stage = DynamoDbStage.open(data);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Override
    protected LedgerStore ledger() {
        return new DynamoDbLedger(stage.dynamoDb, DynamoDbStage.TABLE);
    }
}
