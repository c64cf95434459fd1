package dev.longshore.job.key;

import dev.longshore.job.StoreUnavailableException;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Keeps API keys, and the secrets that several functions use.
 *
 * <p>A deployment that has a key with {@link ApiKey.Scope#ADMIN} and without expiry always keeps one: {@link #revoke} refuses the
 * last. Every method may throw {@link StoreUnavailableException}.
 */
public interface KeyStore {
    /** How a revocation ended. */
    enum Revocation {
        REVOKED,
        /** Refused: no other key with {@link ApiKey.Scope#ADMIN} is without expiry. */
        LAST_ADMIN,
        /** There is no such key, or it was revoked before. */
        MISSING
    }

    /** The key of this id, a revoked one included. */
    Optional<ApiKey> apiKey(String id);

    /** The ids of all keys, in order; it may still have one that was revoked a moment ago. */
    SortedSet<String> apiKeyIds();

    /** Creates a key, or replaces the one with its id, a revoked one included. */
    void putApiKey(ApiKey key);

    /**
     * Creates a key.
     *
     * @return false when there is a key of its id, or was one
     */
    boolean createApiKey(ApiKey key);

    /**
     * Replaces the secrets of a key.
     *
     * @param before the key as it was read
     * @param after what {@link ApiKey#rotated} made of it
     * @return false when the key was rotated or revoked in between
     */
    boolean rotate(ApiKey before, ApiKey after);

    /** Revokes a key for good; its row stays. */
    Revocation revoke(String id, Instant at);

    /** Records the hour of a key's last use. Does nothing when that hour, or a later one, is recorded. */
    void recordUse(String id, Instant hour);

    /**
     * Called when a key of this id was refused: the key that is set for the deployment outside of the API, when it is a new one.
     * It replaces the key of this id when every key with {@link ApiKey.Scope#ADMIN} is lost.
     *
     * @return empty when none was set, or when the one that was set is in the store already
     */
    default Optional<ApiKey> setOutside(String id) {
        return Optional.empty();
    }

    /** 32 random bytes under a name, the same for every function; drawn at the first call. */
    byte[] secret(String name);
}
