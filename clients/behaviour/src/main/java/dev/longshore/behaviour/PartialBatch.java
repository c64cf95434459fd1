package dev.longshore.behaviour;

import dev.longshore.task.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** A batch of which one job could not be written. */
final class PartialBatch {
    private PartialBatch() {}

    /** The request without the job. */
    static byte[] without(int index, byte[] request) {
        JsonNode batch = read(request);
        ((ArrayNode) batch.get("jobs")).remove(index);
        return Json.of(batch).utf8();
    }

    /** The answer with the job's result: Longshore's own 503, which says that the job may be sent again. */
    static byte[] withRefusal(int index, byte[] answer) {
        JsonNode results = read(answer);
        ((ArrayNode) results.get("results")).insert(index, refusal());
        return Json.of(results).utf8();
    }

    private static JsonNode refusal() {
        return Json.of(Map.of(
                        "status",
                        503,
                        "problem",
                        Map.of(
                                "type",
                                "https://longshore.dev/problems/unavailable",
                                "title",
                                "Temporarily unavailable",
                                "status",
                                503,
                                "detail",
                                "A call of DynamoDB failed; send the job again",
                                "retryable",
                                true)))
                .tree();
    }

    private static JsonNode read(byte[] json) {
        return Json.parse(new String(json, StandardCharsets.UTF_8)).tree();
    }
}
