package dev.longshore.testkit;

import dev.longshore.job.ApiKey;
import dev.longshore.job.KeyStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** A {@link KeyStore} in memory. */
public final class InMemoryKeyStore implements KeyStore {
    private final Map<String, ApiKey> keys = new ConcurrentHashMap<>();
    private final Map<String, byte[]> secrets = new ConcurrentHashMap<>();
    private final RandomGenerator random;

    public InMemoryKeyStore(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public Optional<ApiKey> apiKey(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    @Override
    public void putApiKey(ApiKey key) {
        keys.put(key.id(), key);
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
