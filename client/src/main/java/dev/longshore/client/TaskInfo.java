package dev.longshore.client;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A task of the catalogue.
 *
 * @param payload JSON Schema (draft 2020-12) of its payloads
 * @param example a payload to start from
 * @param paused null when it is not
 * @param setAside jobs that wait for the end of the pause, counted up to 1,600
 * @param aliases names that the task had before
 */
public record TaskInfo(
        String name,
        String pool,
        double timeoutSeconds,
        int maxAttempts,
        long retentionSeconds,
        JsonNode payload,
        @Nullable JsonNode example,
        @Nullable Paused paused,
        int setAside,
        List<String> aliases) {
    /** Lists that the answer left out are empty. */
    public TaskInfo {
        aliases = Answers.list(aliases);
    }
}
