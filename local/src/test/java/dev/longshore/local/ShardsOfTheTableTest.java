package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.longshore.job.DayShards;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.NewJob;
import dev.longshore.job.Parallel;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.job.engines.Engines;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions that start on one table, as Lambda starts them, with the same number of shards a day and with another. */
class ShardsOfTheTableTest {
    private static final List<String> OF_THE_SDK =
            List.of("aws.endpointUrl", "aws.region", "aws.accessKeyId", "aws.secretAccessKey");

    @TempDir
    Path data;

    private LocalEngines local;

    @BeforeEach
    void open() {
        local = LocalEngines.start(data, List.of(), new FolderFileStore(data.resolve("files")));
        System.setProperty("aws.endpointUrl", local.dynamoDbEndpoint().toString());
        System.setProperty("aws.region", "us-east-1");
        System.setProperty("aws.accessKeyId", "local");
        System.setProperty("aws.secretAccessKey", "local");
    }

    @AfterEach
    void close() {
        OF_THE_SDK.forEach(System::clearProperty);
        local.close();
    }

    @Test
    void aNewTableTakes256ShardsAndKeepsThem() throws IOException {
        List<Engines> atOnce = Parallel.each(List.of(1, 2, 3, 4), i -> start("256"));
        Engines first = atOnce.getFirst();
        JobId id = create(first);
        tick(first);

        assertThat(start("256").jobs().find(id)).isPresent();
        assertThat(local.dynamoDb()
                        .getItem(
                                get -> get.tableName(LocalEngines.TABLE).key(DynamoDbStage.key(new DayShards(256), id)))
                        .hasItem())
                .isTrue();
        for (String other : List.of("", "16")) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> start(other))
                    .withMessage(
                            "Table longshore has 256 shards a day, and this deployment is set to 16; the number cannot"
                                    + " change once a table is in use: set StorageSettings.shardsPerDay(256)");
        }
    }

    @Test
    void aTableInUseWith16ShardsKeepsThem() throws IOException {
        Engines first = start("");
        JobId id = create(first);
        tick(first);

        assertThatIllegalStateException()
                .isThrownBy(() -> start("256"))
                .withMessageContaining("Table longshore has 16 shards a day, and this deployment is set to 256");
        assertThat(start("16").jobs().find(id)).isPresent();
    }

    private static Engines start(String shardsPerDay) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "LONGSHORE_TABLE",
                LocalEngines.TABLE,
                "LONGSHORE_QUEUES",
                "default=http://127.0.0.1:1/a,http://127.0.0.1:1/b",
                "LONGSHORE_BUCKET",
                "none"));
        if (!shardsPerDay.isEmpty()) {
            environment.put("LONGSHORE_SHARDS_PER_DAY", shardsPerDay);
        }
        return AwsEngines.fromEnvironment(environment);
    }

    private static JobId create(Engines engines) {
        Instant now = engines.clock().instant();
        NewJob job =
                NewJob.of(JobId.next(now, engines.random()), "greet", "default", 3, Json.parse("{}"), now, "token");
        assertThat(engines.jobs().create(job, now)).isInstanceOf(Creation.Created.class);
        return job.id();
    }

    private static void tick(Engines engines) {
        new LambdaRunner(new DispatcherFunction(engines, List.of()), engines.clock(), Duration.ofMinutes(1))
                .invoke(new Json("{}"));
    }
}
