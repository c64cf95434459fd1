package dev.longshore.job;

import java.util.Optional;

/** Keeps API keys, and the secrets that functions share. */
public interface KeyStore {
    Optional<ApiKey> apiKey(String id);

    /** Creates a key, or replaces the one with its id. */
    void putApiKey(ApiKey key);

    /** 32 random bytes under a name, the same for everybody; drawn when they are first asked for. */
    byte[] secret(String name);
}
