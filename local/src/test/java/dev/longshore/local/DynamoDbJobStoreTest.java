package dev.longshore.local;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.testkit.contract.JobStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class DynamoDbJobStoreTest extends JobStoreContract {
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
    protected JobStore store() {
        return stage.store();
    }

    @Override
    protected void forget(JobId id) {
        stage.forget(id);
    }
}
