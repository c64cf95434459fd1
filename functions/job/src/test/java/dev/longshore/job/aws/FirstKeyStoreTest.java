package dev.longshore.job.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.longshore.job.ApiKey;
import dev.longshore.job.KeyStore;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

class FirstKeyStoreTest {
    private final Map<String, ApiKey> others = new HashMap<>();
    private @Nullable String secret = "{\"id\":\"admin\",\"secret\":\"s3cr3t\"}";
    private boolean markedForDeletion;
    private int looks;
    private Instant now = Instant.parse("2026-03-10T12:00:00Z");
    private final FirstKeyStore keys = new FirstKeyStore(new Others(), new Secrets(), "arn:secret", () -> now);

    @Test
    void theFirstKeyHasAllScopesAndOnlyItsHashIsToldOn() {
        ApiKey key = keys.apiKey("admin").orElseThrow();

        assertThat(key.scopes()).isEqualTo(EnumSet.allOf(ApiKey.Scope.class));
        assertThat(key.secretSha256()).isEqualTo("4e738ca5563c06cfd0018299933d58db1dd8bf97f6973dc99bf6cdc64b5550bd");
        assertThat(key.revokedAt()).isNull();
    }

    @Test
    void anotherIdIsNoKey() {
        assertThat(keys.apiKey("nobody")).isEmpty();
    }

    @Test
    void aKeyOfTheTableGoesFirstSoThatTheFirstKeyCanBeRevokedThere() {
        ApiKey revoked = new ApiKey("admin", "x", EnumSet.noneOf(ApiKey.Scope.class), Instant.EPOCH, Instant.EPOCH);
        keys.putApiKey(revoked);

        assertThat(keys.apiKey("admin")).contains(revoked);
    }

    @Test
    void anotherValueRotatesItAndADeletedSecretRevokesIt() {
        String before = keys.apiKey("admin").orElseThrow().secretSha256();

        secret = "{\"id\":\"admin\",\"secret\":\"another\"}";
        assertThat(keys.apiKey("admin").orElseThrow().secretSha256()).isNotEqualTo(before);

        secret = null;
        assertThat(keys.apiKey("admin")).isEmpty();
    }

    @Test
    void guessesAtIdsDoNotUseUpTheQuotaOfSecretsManager() {
        for (int guess = 0; guess < 1_000; guess++) {
            assertThat(keys.apiKey("guess" + guess)).isEmpty();
        }
        assertThat(looks).isEqualTo(1);

        secret = "{\"id\":\"another\",\"secret\":\"x\"}";
        assertThat(keys.apiKey("admin"))
                .as("what is revoked is revoked at once")
                .isEmpty();
        assertThat(keys.apiKey("another")).isPresent();
    }

    @Test
    void anotherIdIsFoundAfterAMinuteAtTheLatest() {
        keys.apiKey("admin");
        secret = "{\"id\":\"another\",\"secret\":\"x\"}";

        now = now.plusSeconds(60);

        assertThat(keys.apiKey("another")).isPresent();
    }

    @Test
    void aSecretOfAnotherFormIsNotQuotedInTheErrorThatSaysSo() {
        for (String malformed : List.of("s3cr3t", "{\"id\":\"admin\",\"secret\":s3cr3t}", "{\"id\":[\"s3cr3t\"]}")) {
            secret = malformed;

            assertThatIllegalStateException()
                    .isThrownBy(() -> keys.apiKey("admin"))
                    .withMessageContaining("put such a value into it")
                    .withNoCause()
                    .withMessageNotContaining("s3cr3t");
        }
    }

    /** For 30 days after its deletion Secrets Manager does not say that the secret is gone, but that it may not be asked for. */
    @Test
    void aSecretThatIsMarkedForDeletionIsNoKeyAndNoFailure() {
        markedForDeletion = true;

        assertThat(keys.apiKey("admin")).isEmpty();
        assertThat(keys.apiKey("nobody")).isEmpty();
    }

    private final class Secrets implements SecretsManagerClient {
        @Override
        public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
            assertThat(request.secretId()).isEqualTo("arn:secret");
            looks++;
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

    private final class Others implements KeyStore {
        @Override
        public Optional<ApiKey> apiKey(String id) {
            return Optional.ofNullable(others.get(id));
        }

        @Override
        public void putApiKey(ApiKey key) {
            others.put(key.id(), key);
        }

        @Override
        public byte[] secret(String name) {
            throw new UnsupportedOperationException("not asked for here");
        }
    }
}
