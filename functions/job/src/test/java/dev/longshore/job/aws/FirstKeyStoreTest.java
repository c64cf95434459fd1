package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.BodyStore;
import dev.longshore.job.JobQueue;
import dev.longshore.job.Page;
import dev.longshore.job.RowStore;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.UploadUrls;
import dev.longshore.job.deadletter.Quarantine;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.job.key.KeyStore;
import dev.longshore.job.ledger.LedgerStore;
import dev.longshore.job.limit.LimitStore;
import dev.longshore.job.operatorlog.OperatorLog;
import dev.longshore.job.operatorlog.OperatorLog.Entry;
import dev.longshore.job.pause.PauseStore;
import dev.longshore.job.schedule.ScheduleStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

class FirstKeyStoreTest {
    private static final String SHA256_OF_S3CR3T = "4e738ca5563c06cfd0018299933d58db1dd8bf97f6973dc99bf6cdc64b5550bd";

    private final Map<String, ApiKey> table = new HashMap<>();
    private final List<Entry> log = new ArrayList<>();
    private @Nullable String secret = "{\"id\":\"admin\",\"secret\":\"s3cr3t\"}";
    private boolean markedForDeletion;
    private boolean doesNotAnswer;
    private int looks;
    private Instant now = Instant.parse("2026-03-10T12:00:00Z");
    private final FirstKeyStore keys = environment();

    @Test
    void theFirstUseMakesAnOrdinaryKeyWithAllScopesOfIt() {
        assertThat(keys.apiKey("admin")).isEmpty();

        ApiKey key = keys.setOutside("admin").orElseThrow();

        assertThat(key.scopes()).isEqualTo(EnumSet.allOf(Scope.class));
        assertThat(key.secretSha256()).isEqualTo(SHA256_OF_S3CR3T);
        assertThat(key.isRevoked()).isFalse();
        assertThat(table).containsEntry("admin", key);
        assertThat(log).extracting(Entry::action).containsOnly("taken from Secrets Manager");
        assertThat(log.getLast().keyId()).isEqualTo("admin");
        assertThat(log.getLast().status()).isEqualTo(201);
    }

    /** It was one call a minute and environment before: 0.22 USD a month each. */
    @Test
    void aMonthOfRequestsInAHundredEnvironmentsReadsTheSecretOnce() {
        keys.setOutside("admin");

        for (int i = 0; i < 100; i++) {
            FirstKeyStore environment = environment();
            for (int day = 0; day < 30; day++) {
                now = now.plus(Duration.ofDays(1).dividedBy(100));
                assertThat(environment.apiKey("admin")).isPresent();
            }
        }

        assertThat(looks).isEqualTo(1);
    }

    @Test
    void refusalsReadTheSecretOnceInFiveMinutesAndOnlyForTheIdAdmin() {
        for (int guess = 0; guess < 1_000; guess++) {
            assertThat(keys.setOutside("guess" + guess)).isEmpty();
        }
        assertThat(looks).isZero();

        for (int minute = 0; minute < 60; minute++) {
            for (int guess = 0; guess < 100; guess++) {
                keys.setOutside("admin");
            }
            now = now.plusSeconds(60);
        }

        assertThat(looks).isEqualTo(12);
    }

    @Test
    void aRevokedFirstKeyDoesNotComeBackByItsOldValue() {
        ApiKey revoked = keys.setOutside("admin").orElseThrow().revoked(now);
        keys.putApiKey(revoked);
        now = now.plus(FirstKeyStore.BETWEEN_LOOKS);

        assertThat(keys.setOutside("admin")).contains(revoked);
        assertThat(environment().setOutside("admin")).contains(revoked);
        assertThat(table).containsEntry("admin", revoked);
    }

    @Test
    void aRotatedFirstKeyIsNotRotatedBackByItsOldValue() {
        ApiKey first = keys.setOutside("admin").orElseThrow();
        ApiKey rotated = first.rotated("another", now, now);
        keys.putApiKey(rotated);

        assertThat(environment().setOutside("admin")).contains(rotated);
        assertThat(table).containsEntry("admin", rotated);
    }

    @Test
    void anotherValueReplacesTheKeyWhenEveryKeyWithAdminIsLost() {
        keys.putApiKey(keys.setOutside("admin").orElseThrow().revoked(now));
        secret = "{\"id\":\"admin\",\"secret\":\"another\"}";
        assertThat(keys.setOutside("admin")).as("within five minutes").isEmpty();

        now = now.plus(FirstKeyStore.BETWEEN_LOOKS);
        ApiKey key = keys.setOutside("admin").orElseThrow();

        assertThat(key.secretSha256()).isNotEqualTo(SHA256_OF_S3CR3T);
        assertThat(key.isRevoked()).isFalse();
        assertThat(key.scopes()).contains(Scope.ADMIN);
        assertThat(table).containsEntry("admin", key);
        assertThat(log).hasSize(4);
    }

    @Test
    void aSecretOfAnotherFormIsNotQuotedInTheErrorThatSaysSo() {
        for (String malformed : List.of(
                "s3cr3t",
                "{\"id\":\"admin\",\"secret\":s3cr3t}",
                "{\"id\":[\"s3cr3t\"]}",
                "{\"id\":\"s3cr3t\",\"secret\":\"s3cr3t\"}")) {
            secret = malformed;

            assertThatIllegalStateException()
                    .isThrownBy(() -> environment().setOutside("admin"))
                    .withMessageContaining("put such a value into it")
                    .withNoCause()
                    .withMessageNotContaining("s3cr3t");
        }
        assertThat(table).isEmpty();
    }

    /** For 30 days after its deletion Secrets Manager does not say that the secret is gone, but that it may not be read. */
    @Test
    void aDeletedSecretIsNoKeyAndNoFailure() {
        markedForDeletion = true;
        assertThat(environment().setOutside("admin")).isEmpty();

        markedForDeletion = false;
        secret = null;
        assertThat(environment().setOutside("admin")).isEmpty();
    }

    @Test
    void aReadThatFailedIsRepeatedByTheNextRequest() {
        doesNotAnswer = true;
        assertThatThrownBy(() -> keys.setOutside("admin")).isInstanceOf(StoreUnavailableException.class);

        doesNotAnswer = false;
        assertThat(keys.setOutside("admin")).isPresent();
    }

    /** The store of another environment of the API function, over the same table. */
    private FirstKeyStore environment() {
        OperatorLog operatorLog = new OperatorLog() {
            @Override
            public void write(Entry entry) {
                log.add(entry);
            }

            @Override
            public Page<Entry, String> list(Instant from, Instant to, int limit, @Nullable String before) {
                throw new UnsupportedOperationException("no test here calls it");
            }
        };
        Engines engines = new Engines(
                unused(RowStore.class),
                unused(BodyStore.class),
                unused(JobQueue.class),
                new Table(),
                unused(Quarantine.class),
                unused(ScheduleStore.class),
                unused(PauseStore.class),
                unused(LimitStore.class),
                unused(LedgerStore.class),
                operatorLog,
                new NoFiles(),
                unused(UploadUrls.class),
                () -> now,
                new Random(1));
        return new FirstKeyStore(engines, new Secrets(), "arn:secret");
    }

    private static <T> T unused(Class<T> engine) {
        return engine.cast(
                Proxy.newProxyInstance(engine.getClassLoader(), new Class<?>[] {engine}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException("no test here calls it");
                }));
    }

    private final class Secrets implements SecretsManagerClient {
        @Override
        public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
            assertThat(request.secretId()).isEqualTo("arn:secret");
            looks++;
            if (doesNotAnswer) {
                throw SdkClientException.create("as the test wants it");
            }
            if (markedForDeletion) {
                throw InvalidRequestException.builder()
                        .message("it was marked for deletion")
                        .build();
            }
            if (secret == null) {
                throw ResourceNotFoundException.builder().message("gone").build();
            }
            return GetSecretValueResponse.builder().secretString(secret).build();
        }

        @Override
        public String serviceName() {
            return "secretsmanager";
        }

        @Override
        public void close() {}
    }

    private final class Table implements KeyStore {
        @Override
        public Optional<ApiKey> apiKey(String id) {
            return Optional.ofNullable(table.get(id));
        }

        @Override
        public SortedSet<String> apiKeyIds() {
            return new TreeSet<>(table.keySet());
        }

        @Override
        public void putApiKey(ApiKey key) {
            table.put(key.id(), key);
        }

        @Override
        public boolean createApiKey(ApiKey key) {
            throw new UnsupportedOperationException("no test here calls it");
        }

        @Override
        public boolean rotate(ApiKey before, ApiKey after) {
            throw new UnsupportedOperationException("no test here calls it");
        }

        @Override
        public Revocation revoke(String id, Instant at) {
            throw new UnsupportedOperationException("no test here calls it");
        }

        @Override
        public void recordUse(String id, Instant hour) {
            throw new UnsupportedOperationException("no test here calls it");
        }

        @Override
        public byte[] secret(String name) {
            throw new UnsupportedOperationException("no test here calls it");
        }
    }
}
