package dev.longshore.client;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * A key with its secret, which no later answer has. The string form leaves the secret out.
 *
 * @param key {@code ls_<id>_<secret>}
 */
public record CreatedKey(@JsonUnwrapped ApiKey about, String key) {
    @Override
    public String toString() {
        return "CreatedKey[id=" + about.id() + "]";
    }
}
