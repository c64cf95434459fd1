package dev.longshore.local;

import dev.longshore.job.Quarantine;
import dev.longshore.job.aws.DynamoDbQuarantine;
import dev.longshore.testkit.contract.QuarantineContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class DynamoDbQuarantineTest extends QuarantineContract {
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
    protected Quarantine quarantine() {
        return new DynamoDbQuarantine(stage.dynamoDb, DynamoDbStage.TABLE);
    }
}
