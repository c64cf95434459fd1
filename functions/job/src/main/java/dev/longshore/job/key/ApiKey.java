package dev.longshore.job.key;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API key: who may do what, with which tasks, until when. Only hashes of its secrets are kept.
 *
 * @param id the public part, which histories and logs name
 * @param name what people call it, 1 to 64 characters
 * @param secretSha256 the SHA-256 of the secret, in hexadecimal
 * @param earlier secrets from before a rotation that still work, {@value #MOST_EARLIER} at most
 * @param tasks the tasks to which the key is restricted; empty for a key of all tasks
 * @param createdBy the id of the key that created it; null for a first key
 * @param expiresAt from when on it is refused; null when it does not expire
 * @param lastUsedAt the hour of its last use; null before the first
 * @param firstSha256 the SHA-256 of the secret in Secrets Manager from which this key was taken; null for all others
 * @param revokedAt from when on it is refused. The row of a revoked key stays, so that its id never opens anything again
 */
public record ApiKey(
        String id,
        String name,
        String secretSha256,
        List<EarlierSecret> earlier,
        Set<Scope> scopes,
        Set<String> tasks,
        Instant createdAt,
        @Nullable String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable String firstSha256,
        @Nullable Instant revokedAt) {

    /** How many secrets from before a rotation can work at the same time. */
    public static final int MOST_EARLIER = 5;

    /** What a key can be allowed. */
    public enum Scope {
        /** Create jobs. */
        ENQUEUE,
        /** See jobs, tasks and queues. */
        READ,
        /** Cancel, retry, and whatever else changes how jobs run. */
        OPERATE,
        /** Create, rotate and revoke keys. */
        ADMIN
    }

    /**
     * A secret that a rotation replaced.
     *
     * @param until from when on it is refused
     */
    public record EarlierSecret(String sha256, Instant until) {}

    /** A key of all tasks that does not expire. */
    public static ApiKey of(String id, String name, String secretSha256, Set<Scope> scopes, Instant createdAt) {
        return new ApiKey(id, name, secretSha256, List.of(), scopes, Set.of(), createdAt, null, null, null, null, null);
    }

    public boolean isRevoked() {
        return revokedAt != null;
    }

    public boolean isExpired(Instant now) {
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    /** Whether the key is one of those of which a deployment keeps at least one: it may manage keys, and does not expire. */
    public boolean isLastingAdmin() {
        return scopes.contains(Scope.ADMIN) && expiresAt == null;
    }

    /** Until when a secret from before a rotation works; empty when none does. */
    public Optional<Instant> previousUntil(Instant now) {
        return earlier.stream()
                .map(EarlierSecret::until)
                .filter(until -> until.isAfter(now))
                .max(Comparator.naturalOrder());
    }

    /**
     * The key with another secret. The secret of now works until {@code overlapEnds}, and so do those from before it, unless
     * they end sooner.
     *
     * @throws IllegalArgumentException when more than {@value #MOST_EARLIER} secrets would work besides the new one
     */
    public ApiKey rotated(String newSecretSha256, Instant now, Instant overlapEnds) {
        List<EarlierSecret> working = new ArrayList<>();
        working.add(new EarlierSecret(secretSha256, overlapEnds));
        earlier.stream()
                .map(secret ->
                        secret.until().isAfter(overlapEnds) ? new EarlierSecret(secret.sha256(), overlapEnds) : secret)
                .forEach(working::add);
        working.removeIf(secret -> !secret.until().isAfter(now));
        if (working.size() > MOST_EARLIER) {
            throw new IllegalArgumentException("The key " + id + " has " + MOST_EARLIER
                    + " earlier secrets that still work, and no more are kept");
        }
        return with(newSecretSha256, List.copyOf(working), lastUsedAt, revokedAt);
    }

    public ApiKey usedAt(Instant hour) {
        return with(secretSha256, earlier, hour, revokedAt);
    }

    public ApiKey revoked(Instant at) {
        return with(secretSha256, List.of(), lastUsedAt, at);
    }

    private ApiKey with(
            String newSecretSha256,
            List<EarlierSecret> newEarlier,
            @Nullable Instant newLastUsedAt,
            @Nullable Instant newRevokedAt) {
        return new ApiKey(
                id,
                name,
                newSecretSha256,
                newEarlier,
                scopes,
                tasks,
                createdAt,
                createdBy,
                expiresAt,
                newLastUsedAt,
                firstSha256,
                newRevokedAt);
    }

    /** Without the hashes. */
    @Override
    public String toString() {
        return "key " + id;
    }
}
