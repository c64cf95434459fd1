package dev.longshore.api;

import dev.longshore.job.Sha256;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.ApiKey.EarlierSecret;
import dev.longshore.job.key.KeyStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whose key a request has, refuses it without a valid one, and records the hour in which the key was last used. */
final class Authenticator {
    private static final String KEY_HEADER = "x-longshore-key";
    private static final String SCHEME = "bearer ";
    private static final String NO_SUCH_KEY = "0".repeat(64);
    private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);

    private final KeyStore keys;
    private final CachedKeys cache;
    private final InstantSource clock;

    Authenticator(KeyStore keys, CachedKeys cache, InstantSource clock) {
        this.keys = keys;
        this.cache = cache;
        this.clock = clock;
    }

    /** @throws Problem 401 when no valid key was sent, or an expired one; 403 when it lacks the scope */
    ApiKey require(ApiKey.Scope scope, HttpRequest request) {
        String sent = sentKey(request)
                .orElseThrow(
                        () -> Problem.unauthenticated("Send a key: 'Authorization: Bearer ls_<id>_<secret>'", false));
        ApiKey key = ApiKeys.parse(sent)
                .flatMap(this::authenticate)
                .orElseThrow(() -> Problem.unauthenticated(
                        "The key is malformed, unknown or revoked; it is sent as 'Authorization: Bearer ls_<id>_<secret>'",
                        true));
        if (key.isExpired(clock.instant())) {
            throw Problem.expired(key);
        }
        if (!key.scopes().contains(scope)) {
            throw Problem.forbidden(scope.name().toLowerCase(Locale.ROOT));
        }
        recordUse(key);
        return key;
    }

    /** Where an authorizer of API Gateway takes {@code Authorization} for its own token, the key is in a header of its own. */
    private static Optional<String> sentKey(HttpRequest request) {
        return request.header(KEY_HEADER)
                .or(() -> request.header("authorization").map(Authenticator::withoutScheme))
                .map(String::strip);
    }

    private static String withoutScheme(String authorization) {
        return authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)
                ? authorization.substring(SCHEME.length())
                : "";
    }

    private Optional<ApiKey> authenticate(ApiKeys.Parts parts) {
        String sent = Sha256.hex(parts.secret());
        return opened(cache.find(parts.id()), sent).or(() -> opened(setOutside(parts.id()), sent));
    }

    /** The first key before its first use, and the key to use when all keys with {@code admin} are lost. */
    private Optional<ApiKey> setOutside(String id) {
        Optional<ApiKey> set = keys.setOutside(id);
        set.ifPresent(cache::put);
        return set;
    }

    private Optional<ApiKey> opened(Optional<ApiKey> key, String sent) {
        // Compared for unknown ids too, so that the time taken does not show which ids exist.
        boolean opens = isSame(key.map(ApiKey::secretSha256).orElse(NO_SUCH_KEY), sent);
        Instant now = clock.instant();
        for (EarlierSecret earlier : key.map(ApiKey::earlier).orElse(List.of())) {
            opens |= isSame(earlier.sha256(), sent) && earlier.until().isAfter(now);
        }
        boolean same = opens;
        return key.filter(found -> same && !found.isRevoked());
    }

    private static boolean isSame(String kept, String sent) {
        return MessageDigest.isEqual(
                kept.getBytes(StandardCharsets.US_ASCII), sent.getBytes(StandardCharsets.US_ASCII));
    }

    /** Once per key and hour, since a key is read anew in each hour; a failure fails no request. */
    private void recordUse(ApiKey key) {
        Instant hour = clock.instant().truncatedTo(ChronoUnit.HOURS);
        if (key.lastUsedAt() != null && !key.lastUsedAt().isBefore(hour)) {
            return;
        }
        cache.recordUse(key.id(), hour);
        try {
            keys.recordUse(key.id(), hour);
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("The use of key {} in the hour {} is not recorded", key.id(), hour);
        }
    }
}
