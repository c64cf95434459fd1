package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.aws.DynamoDbKeyStore;
import dev.longshore.job.aws.JobTable;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.job.key.KeyStore;
import dev.longshore.suites.contract.KeyStoreContract;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class DynamoDbKeyStoreTest extends KeyStoreContract {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    private static final AtomicInteger TABLES = new AtomicInteger();

    @Override
    protected KeyStore store() {
        return new DynamoDbKeyStore(stage.dynamoDb, stage.table, new SecureRandom());
    }

    @Override
    protected KeyStore emptyStore() {
        String table = "keys-" + TABLES.incrementAndGet();
        JobTable.createIfAbsent(stage.dynamoDb, table);
        return new DynamoDbKeyStore(stage.dynamoDb, table, new SecureRandom());
    }

    /** DynamoDB carries a write out, its answer is lost, and the SDK sends the write again. */
    @Test
    void aRetriedWriteIsRecognisedAfterALostResponse() {
        FaultyHttpClient connection = FaultyHttpClient.onDemand(UrlConnectionHttpClient.create());
        try (DynamoDbClient lossy = stage.clientOver(connection, builder -> {})) {
            String table = "keys-" + TABLES.incrementAndGet();
            JobTable.createIfAbsent(stage.dynamoDb, table);
            KeyStore keys = new DynamoDbKeyStore(lossy, table, new SecureRandom());
            keys.putApiKey(ApiKey.of("first", "first", "aa", Set.of(Scope.ADMIN), Instant.EPOCH));
            ApiKey key = ApiKey.of("lossy", "lossy", "aa", Set.of(Scope.ADMIN), Instant.EPOCH);

            connection.afterNextCall(() -> {}); // its label
            connection.loseNextAnswer();
            assertThat(keys.createApiKey(key)).isTrue();

            ApiKey rotated = key.rotated("bb", Instant.EPOCH, Instant.EPOCH);
            connection.loseNextAnswer();
            assertThat(keys.rotate(key, rotated)).isTrue();

            connection.afterNextCall(() -> {}); // reads the key
            connection.loseNextAnswer(); // takes it from the set of administrators
            connection.afterNextCall(() -> {}); // the SDK's retry of that
            connection.afterNextCall(() -> {}); // reads the set
            connection.loseNextAnswer(); // marks the row
            assertThat(keys.revoke("lossy", Instant.EPOCH)).isEqualTo(KeyStore.Revocation.REVOKED);

            assertThat(connection.faults()).isEqualTo(Map.of(FaultyHttpClient.Fault.TIME_OUT_AFTER, 4));
            assertThat(keys.apiKeyIds()).containsExactly("first");
            assertThat(keys.revoke("first", Instant.EPOCH)).isEqualTo(KeyStore.Revocation.LAST_ADMIN);
        }
    }

    /** As far as a crash may come: the next revocation continues from there. */
    @Test
    void aRevocationThatWasInterruptedIsFinishedByTheNext() {
        KeyStore keys = emptyStore();
        String table = "keys-" + TABLES.get();
        keys.putApiKey(ApiKey.of("first", "first", "aa", Set.of(Scope.ADMIN), Instant.EPOCH));
        keys.putApiKey(ApiKey.of("second", "second", "aa", Set.of(Scope.ADMIN), Instant.EPOCH));
        keys.putApiKey(ApiKey.of("third", "third", "aa", Set.of(Scope.ADMIN), Instant.EPOCH));
        for (int calls = 1; calls <= 2; calls++) {
            AtomicInteger left = new AtomicInteger(calls + 1);
            try (DynamoDbClient failing = stage.client(builder -> builder.overrideConfiguration(settings ->
                    settings.addExecutionInterceptor(new ExecutionInterceptor() {
                        @Override
                        public void beforeExecution(Context.BeforeExecution call, ExecutionAttributes attributes) {
                            if (left.getAndDecrement() == 0) {
                                throw SdkClientException.create("as the test wants it");
                            }
                        }
                    })))) {
                String id = calls == 1 ? "second" : "third";
                KeyStore interrupted = new DynamoDbKeyStore(failing, table, new SecureRandom());
                assertThatThrownBy(() -> interrupted.revoke(id, Instant.EPOCH))
                        .isInstanceOf(StoreUnavailableException.class);

                keys.revoke(id, Instant.EPOCH);

                assertThat(keys.apiKey(id).orElseThrow().isRevoked()).isTrue();
                assertThat(keys.apiKeyIds()).doesNotContain(id).contains("first");
                assertThat(keys.revoke("first", Instant.EPOCH))
                        .isEqualTo(calls == 1 ? KeyStore.Revocation.REVOKED : KeyStore.Revocation.LAST_ADMIN);
            }
            keys.putApiKey(ApiKey.of("first", "first", "aa", Set.of(Scope.ADMIN), Instant.EPOCH));
        }
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
        KeyStore keys = new DynamoDbKeyStore(client, stage.table, new SecureRandom());
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
