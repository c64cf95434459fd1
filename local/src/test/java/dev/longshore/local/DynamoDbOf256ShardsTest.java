package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.DayShards;
import dev.longshore.job.aws.JobTable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contracts on a table whose days have 256 shards. */
class DynamoDbOf256ShardsTest extends DynamoDbContracts {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage(new DayShards(256));

    @Override
    DynamoDbStage stage() {
        return stage;
    }

    /** Every row that begins with a day has two digits behind it. */
    @AfterAll
    static void noRowIsInOneOfSixteenShards() {
        assertThat(stage.dynamoDb.scanPaginator(scan -> scan.tableName(stage.table)).items().stream()
                        .map(item -> item.get(JobTable.PARTITION_KEY).s())
                        .filter(key -> key.matches("\\d{4}-.*")))
                .isNotEmpty()
                .allMatch(key -> key.matches("\\d{4}-\\d{2}-\\d{2}#[0-9a-f]{2}(#bodies)?"));
    }
}
