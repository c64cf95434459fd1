package dev.longshore.behaviour;

import dev.longshore.task.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The jobs that a request enqueues.
 *
 * @param idempotency their own keys, or else their ids, separated by commas; null when one has neither, or there is no job
 */
record JobsOfARequest(int count, @Nullable String idempotency) {
    private static final String ENQUEUE = "/v1/jobs";

    static JobsOfARequest of(String path, byte[] body) {
        if (body.length == 0 || !(path.equals(ENQUEUE) || path.equals(ENQUEUE + "/batch"))) {
            return new JobsOfARequest(0, null);
        }
        JsonNode request = Json.parse(new String(body, StandardCharsets.UTF_8)).tree();
        Stream<JsonNode> jobs = path.equals(ENQUEUE)
                ? Stream.of(request)
                : StreamSupport.stream(request.path("jobs").spliterator(), false);
        List<String> keys = jobs.map(JobsOfARequest::key).toList();
        return new JobsOfARequest(
                keys.size(),
                keys.stream().anyMatch(String::isEmpty)
                        ? null
                        : keys.stream().map(Objects::requireNonNull).collect(Collectors.joining(",")));
    }

    private static String key(JsonNode job) {
        return job.path("idempotencyKey").asString(job.path("id").asString(""));
    }
}
