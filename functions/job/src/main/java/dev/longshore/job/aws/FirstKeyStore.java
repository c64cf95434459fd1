package dev.longshore.job.aws;

import dev.longshore.job.ApiKey;
import dev.longshore.job.KeyStore;
import dev.longshore.task.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * The key store of a deployment whose first key is a secret in Secrets Manager: {@code {"id": …, "secret": …}}, drawn there
 * when the stack was made. It has all scopes. Putting another value into the secret rotates the key, and deleting the
 * secret revokes it; both hold after the minute for which the API remembers keys.
 */
final class FirstKeyStore implements KeyStore {
    private final KeyStore others;
    private final SecretsManagerClient secrets;
    private final String secretId;

    private record Value(String id, String secret) {}

    FirstKeyStore(KeyStore others, SecretsManagerClient secrets, String secretId) {
        this.others = others;
        this.secrets = secrets;
        this.secretId = secretId;
    }

    @Override
    public Optional<ApiKey> apiKey(String id) {
        Optional<ApiKey> key = others.apiKey(id);
        return key.isPresent() ? key : firstKey().filter(first -> first.id().equals(id));
    }

    private Optional<ApiKey> firstKey() {
        @Nullable String value;
        try {
            value = Calls.make("Reading the first key", () -> secrets.getSecretValue(get -> get.secretId(secretId)))
                    .secretString();
        } catch (ResourceNotFoundException | InvalidRequestException e) { // the latter for 30 days after its deletion
            return Optional.empty();
        }
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        Value first = Json.parse(value).as(Value.class);
        return Optional.of(
                new ApiKey(first.id(), sha256(first.secret()), EnumSet.allOf(ApiKey.Scope.class), Instant.EPOCH, null));
    }

    private static String sha256(String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    @Override
    public void putApiKey(ApiKey key) {
        others.putApiKey(key);
    }

    @Override
    public byte[] secret(String name) {
        return others.secret(name);
    }
}
