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
 * @param unique by what its jobs are unique; null when they are not
 * @param limits names of its limits, as {@link Limits#list} has them
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
        List<String> aliases,
        @Nullable Unique unique,
        List<String> limits) {
    /**
     * By what jobs are unique.
     *
     * @param fields JSON pointers into the payload; empty for the whole payload
     * @param onDuplicate keep, replace or reject
     * @param uniqueWhile unfinished or waiting
     */
    public record Unique(
            List<String> fields,
            String onDuplicate,
            String uniqueWhile,
            @Nullable Long debounceMaxSeconds) {
        /** A list that the answer left out is empty. */
        public Unique {
            fields = Answers.list(fields);
        }
    }

    /** Lists that the answer left out are empty. */
    public TaskInfo {
        aliases = Answers.list(aliases);
        limits = Answers.list(limits);
    }
}
