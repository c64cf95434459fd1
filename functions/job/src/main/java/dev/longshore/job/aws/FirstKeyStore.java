package dev.longshore.job.aws;

import static java.util.function.Predicate.not;

import dev.longshore.job.ApiKey;
import dev.longshore.job.KeyStore;
import dev.longshore.task.Json;
import dev.longshore.task.PayloadException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import tools.jackson.core.JacksonException;

/**
 * The key store of a deployment whose first key is a secret in Secrets Manager: {@code {"id": …, "secret": …}}, drawn there
 * when the stack was made. It has all scopes. Putting another value into the secret rotates the key, and deleting the
 * secret revokes it; both hold after the minute for which the API remembers keys.
 */
final class FirstKeyStore implements KeyStore {
    /** Only which id it has, and not its secret: what is revoked is revoked at once. */
    private static final Duration ID_REMEMBERED = Duration.ofSeconds(60);

    private final KeyStore others;
    private final SecretsManagerClient secrets;
    private final String secretId;
    private final InstantSource clock;
    private volatile @Nullable Seen seen;

    private record Value(String id, String secret) {
        @Override
        public String toString() {
            return "first key " + id;
        }
    }

    /** The id of the first key, as it was when it was last looked at. */
    private record Seen(String id, Instant at) {}

    FirstKeyStore(KeyStore others, SecretsManagerClient secrets, String secretId, InstantSource clock) {
        this.others = others;
        this.secrets = secrets;
        this.secretId = secretId;
        this.clock = clock;
    }

    @Override
    public Optional<ApiKey> apiKey(String id) {
        Optional<ApiKey> key = others.apiKey(id);
        if (key.isPresent() || isKnownToBeAnother(id)) {
            return key;
        }
        return firstKey().filter(first -> first.id().equals(id));
    }

    /** Whoever guesses at ids shall not use up the quota of Secrets Manager, and so shut out the first key. */
    private boolean isKnownToBeAnother(String id) {
        Seen last = seen;
        return last != null
                && !last.id().equals(id)
                && clock.instant().isBefore(last.at().plus(ID_REMEMBERED));
    }

    private Optional<ApiKey> firstKey() {
        Optional<Value> first = Calls.make("Reading the first key", this::secretValue)
                .filter(not(String::isBlank))
                .map(this::read);
        first.ifPresent(value -> seen = new Seen(value.id(), clock.instant()));
        return first.map(value ->
                new ApiKey(value.id(), sha256(value.secret()), EnumSet.allOf(ApiKey.Scope.class), Instant.EPOCH, null));
    }

    private Optional<String> secretValue() {
        try {
            return Optional.ofNullable(
                    secrets.getSecretValue(get -> get.secretId(secretId)).secretString());
        } catch (ResourceNotFoundException | InvalidRequestException e) { // the latter for 30 days after its deletion
            return Optional.empty();
        }
    }

    private Value read(String value) {
        try {
            return Json.parse(value).as(Value.class);
        } catch (JacksonException | PayloadException e) {
            // without its cause, whose message may quote the secret
            throw new IllegalStateException("The secret " + secretId
                    + " is not of the form {\"id\": …, \"secret\": …}; put such a value into it");
        }
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
