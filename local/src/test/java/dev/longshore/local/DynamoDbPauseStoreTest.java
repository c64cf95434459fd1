package dev.longshore.local;

import dev.longshore.job.PauseStore;
import dev.longshore.job.aws.DynamoDbPauseStore;
import dev.longshore.testkit.contract.PauseStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class DynamoDbPauseStoreTest extends PauseStoreContract {
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
    protected PauseStore store() {
        return new DynamoDbPauseStore(stage.dynamoDb, DynamoDbStage.TABLE);
    }
}
