package dev.longshore.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API key, without its secret.
 *
 * @param tasks the only tasks that it is for; empty for a key of all tasks
 * @param createdBy id of the key that created it; null for a first key
 * @param lastUsedAt the hour of its last use
 * @param previousUntil until when a secret from before a rotation works; null when none does
 */
public record ApiKey(
        String id,
        String name,
        List<Scope> scopes,
        List<String> tasks,
        Instant createdAt,
        @Nullable String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant previousUntil) {
    /** Lists that the answer left out are empty. */
    public ApiKey {
        scopes = Answers.list(scopes);
        tasks = Answers.list(tasks);
    }
}
