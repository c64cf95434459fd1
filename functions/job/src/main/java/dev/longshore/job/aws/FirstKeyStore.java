package dev.longshore.job.aws;

import static java.util.function.Predicate.not;

import dev.longshore.job.Sha256;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.KeyStore;
import dev.longshore.job.operatorlog.OperatorLog;
import dev.longshore.job.operatorlog.OperatorLog.Entry;
import dev.longshore.task.Json;
import dev.longshore.task.PayloadException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import tools.jackson.core.JacksonException;

/**
 * The key store of a deployment whose first key is a secret in Secrets Manager: {@code {"id": "admin", "secret": …}}, drawn there
 * when the stack was made.
 *
 * <p>Its first use stores it as an ordinary key with all scopes; from then on the table counts, and the key is rotated and
 * revoked like any other. The secret is read again only when a key of the id {@value #ID} is refused, and once in five
 * minutes at most: a value that was not seen before replaces the key of this id, which helps when every key with {@code
 * admin} is lost. A value that was seen before changes nothing, so that a revoked first key stays revoked.
 */
final class FirstKeyStore implements KeyStore {
    static final String ID = "admin";

    /** Time between two reads of the secret by one environment of the API function. */
    static final Duration BETWEEN_LOOKS = Duration.ofMinutes(5);

    private static final int CREATED = 201;
    private static final Logger LOG = LoggerFactory.getLogger(FirstKeyStore.class);

    private final KeyStore stored;
    private final OperatorLog operatorLog;
    private final SecretsManagerClient secrets;
    private final String secretId;
    private final InstantSource clock;
    private final WriteTokens tokens;
    private @Nullable Instant lookedAt;

    private record Value(String id, String secret) {
        @Override
        public String toString() {
            return "first key " + id;
        }
    }

    FirstKeyStore(Engines engines, SecretsManagerClient secrets, String secretId) {
        this.stored = engines.keys();
        this.operatorLog = engines.operatorLog();
        this.secrets = secrets;
        this.secretId = secretId;
        this.clock = engines.clock();
        this.tokens = new WriteTokens(engines.random());
    }

    /**
     * The key of the secret's value, or what has become of it since it was taken into the table.
     *
     * @throws IllegalStateException when the secret has another form; the message does not quote it
     */
    @Override
    public synchronized Optional<ApiKey> setOutside(String id) {
        Instant now = clock.instant();
        if (!id.equals(ID) || (lookedAt != null && now.isBefore(lookedAt.plus(BETWEEN_LOOKS)))) {
            return Optional.empty();
        }
        Optional<String> value =
                Calls.make("Reading the first key", this::secretValue).filter(not(String::isBlank));
        lookedAt = now; // not when the call failed: until the first key is in the table, no other key works
        return value.map(this::read).map(first -> taken(Sha256.hex(first.secret()), now));
    }

    private ApiKey taken(String secretSha256, Instant now) {
        Optional<ApiKey> there = stored.apiKey(ID);
        if (there.map(ApiKey::firstSha256).filter(secretSha256::equals).isPresent()) {
            return there.get();
        }
        Entry entry = new Entry(
                Instant.ofEpochMilli(now.toEpochMilli()), tokens.next(), ID, "taken from Secrets Manager", ID, null);
        operatorLog.write(entry);
        ApiKey first = firstKey(secretSha256, now);
        stored.putApiKey(first);
        operatorLog.write(entry.ended(CREATED, null));
        LOG.info("The first key was taken from Secrets Manager into the table");
        return first;
    }

    private static ApiKey firstKey(String secretSha256, Instant now) {
        return new ApiKey(
                ID,
                "first key",
                secretSha256,
                List.of(),
                EnumSet.allOf(ApiKey.Scope.class),
                Set.of(),
                now,
                null,
                null,
                null,
                secretSha256,
                null);
    }

    private Optional<String> secretValue() {
        try {
            return Optional.ofNullable(
                    secrets.getSecretValue(get -> get.secretId(secretId)).secretString());
        } catch (ResourceNotFoundException | InvalidRequestException e) { // the latter for 30 days after its deletion
            return Optional.empty();
        }
    }

    private Value read(String text) {
        Value value;
        try {
            value = Json.parse(text).as(Value.class);
        } catch (JacksonException | PayloadException e) {
            throw malformed(); // without its cause, whose message may quote the secret
        }
        if (!value.id().equals(ID)) {
            throw malformed();
        }
        return value;
    }

    private IllegalStateException malformed() {
        return new IllegalStateException("The secret " + secretId + " is not of the form {\"id\": \"" + ID
                + "\", \"secret\": …}; put such a value into it");
    }

    // ---- all else is the table's

    @Override
    public Optional<ApiKey> apiKey(String id) {
        return stored.apiKey(id);
    }

    @Override
    public SortedSet<String> apiKeyIds() {
        return stored.apiKeyIds();
    }

    @Override
    public void putApiKey(ApiKey key) {
        stored.putApiKey(key);
    }

    @Override
    public boolean createApiKey(ApiKey key) {
        return stored.createApiKey(key);
    }

    @Override
    public boolean rotate(ApiKey before, ApiKey after) {
        return stored.rotate(before, after);
    }

    @Override
    public Revocation revoke(String id, Instant at) {
        return stored.revoke(id, at);
    }

    @Override
    public void recordUse(String id, Instant hour) {
        stored.recordUse(id, hour);
    }

    @Override
    public byte[] secret(String name) {
        return stored.secret(name);
    }
}
