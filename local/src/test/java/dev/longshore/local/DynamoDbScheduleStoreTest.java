package dev.longshore.local;

import dev.longshore.job.ScheduleStore;
import dev.longshore.job.aws.DynamoDbScheduleStore;
import dev.longshore.testkit.contract.ScheduleStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class DynamoDbScheduleStoreTest extends ScheduleStoreContract {
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
    protected ScheduleStore store() {
        return new DynamoDbScheduleStore(stage.dynamoDb, DynamoDbStage.TABLE);
    }
}
