package dev.longshore.local;

import dev.longshore.job.OperatorLog;
import dev.longshore.job.aws.DynamoDbOperatorLog;
import dev.longshore.testkit.contract.OperatorLogContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class DynamoDbOperatorLogTest extends OperatorLogContract {
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
    protected OperatorLog log() {
        return new DynamoDbOperatorLog(stage.dynamoDb, DynamoDbStage.TABLE);
    }
}
