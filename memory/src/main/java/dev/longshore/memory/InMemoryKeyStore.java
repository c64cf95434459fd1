package dev.longshore.memory;

import dev.longshore.job.key.ApiKey;
import dev.longshore.job.key.KeyStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** A {@link KeyStore} in memory. */
public final class InMemoryKeyStore implements KeyStore {
    private final SortedMap<String, ApiKey> keys = new TreeMap<>();
    private final Map<String, byte[]> secrets = new ConcurrentHashMap<>();
    private final RandomGenerator random;

    public InMemoryKeyStore(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public synchronized Optional<ApiKey> apiKey(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    @Override
    public synchronized SortedSet<String> apiKeyIds() {
        SortedSet<String> ids = new TreeSet<>();
        keys.values().stream().filter(key -> !key.isRevoked()).map(ApiKey::id).forEach(ids::add);
        return ids;
    }

    @Override
    public synchronized void putApiKey(ApiKey key) {
        keys.put(key.id(), key);
    }

    @Override
    public synchronized boolean createApiKey(ApiKey key) {
        return keys.putIfAbsent(key.id(), key) == null;
    }

    @Override
    public synchronized boolean rotate(ApiKey before, ApiKey after) {
        ApiKey there = keys.get(before.id());
        if (there == null || there.isRevoked() || !there.secretSha256().equals(before.secretSha256())) {
            return false;
        }
        keys.put(after.id(), there.lastUsedAt() == null ? after : after.usedAt(there.lastUsedAt()));
        return true;
    }

    @Override
    public synchronized Revocation revoke(String id, Instant at) {
        ApiKey key = keys.get(id);
        if (key == null || key.isRevoked()) {
            return Revocation.MISSING;
        }
        long admins = keys.values().stream()
                .filter(other -> other.isLastingAdmin() && !other.isRevoked())
                .count();
        if (key.isLastingAdmin() && admins == 1) {
            return Revocation.LAST_ADMIN;
        }
        keys.put(id, key.revoked(at));
        return Revocation.REVOKED;
    }

    @Override
    public synchronized void recordUse(String id, Instant hour) {
        keys.computeIfPresent(
                id, (any, key) -> key.lastUsedAt() == null || key.lastUsedAt().isBefore(hour) ? key.usedAt(hour) : key);
    }

    @Override
    public byte[] secret(String name) {
        return secrets.computeIfAbsent(name, any -> {
            byte[] drawn = new byte[32];
            random.nextBytes(drawn);
            return drawn;
        });
    }
}
