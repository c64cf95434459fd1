package dev.longshore.api;

import dev.longshore.job.ApiKey;
import dev.longshore.job.KeyStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tells who asks. Keys, and ids that are none, are remembered for a minute: so long a revoked key may still open. */
final class Authenticator {
    static final Duration REMEMBERED = Duration.ofSeconds(60);

    private static final int MOST_REMEMBERED = 1_000;
    private static final String SCHEME = "bearer ";
    private static final String NO_SUCH_KEY = "0".repeat(64);

    private final KeyStore keys;
    private final InstantSource clock;
    private final Map<String, Known> known = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private record Known(Optional<ApiKey> key, Instant since) {}

    Authenticator(KeyStore keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** @throws Problem 401 when no valid key was sent, 403 when it lacks the scope */
    ApiKey require(ApiKey.Scope scope, HttpRequest request) {
        String authorization = request.header("authorization")
                .orElseThrow(
                        () -> Problem.unauthenticated("Send a key: 'Authorization: Bearer ls_<id>_<secret>'", false));
        ApiKey key = authenticate(authorization)
                .orElseThrow(() -> Problem.unauthenticated(
                        "The key is malformed, unknown or revoked; it is sent as 'Authorization: Bearer ls_<id>_<secret>'",
                        true));
        if (!key.scopes().contains(scope)) {
            throw Problem.forbidden(scope.name().toLowerCase(Locale.ROOT));
        }
        return key;
    }

    private Optional<ApiKey> authenticate(String authorization) {
        if (!authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return Optional.empty();
        }
        return ApiKeys.parse(authorization.substring(SCHEME.length()).strip()).flatMap(this::authenticate);
    }

    private Optional<ApiKey> authenticate(ApiKeys.Parts parts) {
        Optional<ApiKey> key = find(parts.id());
        // Compared for unknown ids too, so that the time taken does not tell which ids there are.
        boolean same = MessageDigest.isEqual(
                bytes(key.map(ApiKey::secretSha256).orElse(NO_SUCH_KEY)), bytes(ApiKeys.sha256(parts.secret())));
        return key.filter(
                found -> same && (found.revokedAt() == null || found.revokedAt().isAfter(clock.instant())));
    }

    private Optional<ApiKey> find(String id) {
        Instant now = clock.instant();
        synchronized (known) {
            Known remembered = known.get(id);
            if (remembered != null && now.isBefore(remembered.since().plus(REMEMBERED))) {
                return remembered.key();
            }
        }
        Optional<ApiKey> found = keys.apiKey(id);
        synchronized (known) {
            known.remove(id);
            known.put(id, new Known(found, now));
        }
        return found;
    }

    /** How many ids, known and unknown ones, are remembered now. */
    int remembered() {
        synchronized (known) {
            return known.size();
        }
    }

    private static byte[] bytes(String hash) {
        return hash.getBytes(StandardCharsets.US_ASCII);
    }
}
