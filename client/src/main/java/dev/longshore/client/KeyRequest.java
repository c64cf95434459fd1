package dev.longshore.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key to be created.
 *
 * @param name who has the key, 1 to 64 characters
 * @param scopes one at least
 * @param tasks the only tasks that it is for, 50 at most; null for all
 * @param expiresAt refused from then on; null for never
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeyRequest(
        String name,
        Set<Scope> scopes,
        @Nullable List<String> tasks,
        @Nullable Instant expiresAt) {
    /** For all tasks and for ever. */
    public static KeyRequest of(String name, Scope... scopes) {
        return new KeyRequest(name, new LinkedHashSet<>(List.of(scopes)), null, null);
    }

    /** Only for these tasks. */
    public KeyRequest tasks(String... only) {
        return new KeyRequest(name, scopes, List.of(only), expiresAt);
    }

    /** Refused from then on. */
    public KeyRequest expiresAt(Instant end) {
        return new KeyRequest(name, scopes, tasks, end);
    }
}
