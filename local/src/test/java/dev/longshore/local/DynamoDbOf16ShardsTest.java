package dev.longshore.local;

import org.junit.jupiter.api.extension.RegisterExtension;

/** The contracts on a table whose days have 16 shards. */
class DynamoDbOf16ShardsTest extends DynamoDbContracts {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @Override
    DynamoDbStage stage() {
        return stage;
    }
}
