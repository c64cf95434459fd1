package dev.longshore.job;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what. Only a hash of the secret is kept.
 *
 * @param id the public part, which histories and logs name
 * @param secretSha256 the SHA-256 of the secret, in hexadecimal
 * @param revokedAt from when on it opens nothing
 */
public record ApiKey(
        String id,
        String secretSha256,
        Set<Scope> scopes,
        Instant createdAt,
        @Nullable Instant revokedAt) {

    /** What a key can be allowed. */
    public enum Scope {
        /** Create jobs. */
        ENQUEUE,
        /** See jobs, tasks and queues. */
        READ,
        /** Cancel, retry, and whatever else changes how jobs run. */
        OPERATE
    }
}
