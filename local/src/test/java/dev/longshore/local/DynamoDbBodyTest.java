package dev.longshore.local;

import dev.longshore.job.Body;
import dev.longshore.job.BodyStore;
import dev.longshore.job.Field;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.aws.JobTable;
import dev.longshore.testkit.contract.BodyContract;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class DynamoDbBodyTest extends BodyContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @Override
    protected JobStore store() {
        return stage.store();
    }

    @Override
    protected BodyStore bodies() {
        return stage.bodies(stage.dynamoDb);
    }

    @Override
    protected Instant endOfItem(JobId id, Body.Apart body) {
        AttributeValue end = item(id, body.place().substring("item:".length())).get(JobTable.TIME_TO_LIVE);
        return end == null ? null : Instant.ofEpochSecond(Long.parseLong(end.n()));
    }

    @Override
    protected Instant nextLook(JobId id, Body.Apart body) {
        String name = body.place().substring(body.place().lastIndexOf('/') + 1);
        AttributeValue at = item(id, id + "#sweep#" + name).get(Field.INDEX_AT.attribute());
        return at == null ? null : Instant.ofEpochMilli(Long.parseLong(at.n()));
    }

    private static Map<String, AttributeValue> item(JobId id, String sort) {
        return stage.dynamoDb
                .getItem(get -> get.tableName(DynamoDbStage.TABLE)
                        .key(Map.of(
                                JobTable.PARTITION_KEY, AttributeValue.fromS(id.partition() + "#bodies"),
                                JobTable.SORT_KEY, AttributeValue.fromS(sort))))
                .item();
    }
}
