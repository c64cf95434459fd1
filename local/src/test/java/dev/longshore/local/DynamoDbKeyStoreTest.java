package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ApiKey;
import dev.longshore.job.ApiKey.Scope;
import dev.longshore.job.KeyStore;
import dev.longshore.job.aws.DynamoDbKeyStore;
import dev.longshore.job.aws.JobTable;
import dev.longshore.testkit.contract.KeyStoreContract;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class DynamoDbKeyStoreTest extends KeyStoreContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    private static final AtomicInteger TABLES = new AtomicInteger();

    @Override
    protected KeyStore store() {
        return new DynamoDbKeyStore(stage.dynamoDb, DynamoDbStage.TABLE, new SecureRandom());
    }

    @Override
    protected KeyStore emptyStore() {
        String table = "keys-" + TABLES.incrementAndGet();
        JobTable.createIfAbsent(stage.dynamoDb, table);
        return new DynamoDbKeyStore(stage.dynamoDb, table, new SecureRandom());
    }

    /** A role of a worker is denied partitions by what their names begin with: an item elsewhere would be open to it. */
    @Test
    void everyItemIsInAPartitionThatWorkersAreDenied() {
        List<String> partitions = new CopyOnWriteArrayList<>();
        DynamoDbClient client = stage.client(builder ->
                builder.overrideConfiguration(settings -> settings.addExecutionInterceptor(new ExecutionInterceptor() {
                    @Override
                    public void beforeExecution(Context.BeforeExecution call, ExecutionAttributes attributes) {
                        for (String place : List.of("Key", "Item")) {
                            call.request()
                                    .getValueForField(place, Map.class)
                                    .map(key -> ((AttributeValue) key.get(JobTable.PARTITION_KEY)).s())
                                    .ifPresent(partitions::add);
                        }
                    }
                })));
        KeyStore keys = new DynamoDbKeyStore(client, DynamoDbStage.TABLE, new SecureRandom());
        ApiKey key = ApiKey.of("placed", "placed", "aa", Set.of(Scope.ADMIN), Instant.EPOCH);

        keys.createApiKey(key);
        keys.rotate(key, key.rotated("bb", Instant.EPOCH, Instant.EPOCH));
        keys.recordUse("placed", Instant.EPOCH);
        keys.revoke("placed", Instant.EPOCH);
        keys.secret("placed");

        assertThat(partitions)
                .hasSizeGreaterThan(6)
                .allSatisfy(partition -> assertThat(DynamoDbKeyStore.PARTITIONS).anyMatch(partition::startsWith));
    }
}
