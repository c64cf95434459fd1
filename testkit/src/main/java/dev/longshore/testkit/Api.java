package dev.longshore.testkit;

import dev.longshore.memory.LambdaRunner;
import dev.longshore.task.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Calls the API's function as API Gateway does (payload format 2.0), with a key that has all scopes. */
final class Api {
    private final LambdaRunner function;
    private final String key;

    Api(LambdaRunner function, String key) {
        this.function = function;
        this.key = key;
    }

    /**
     * @param more headers
     * @return the JSON of the answer
     * @throws IllegalArgumentException when the request is refused, with all mistakes in it
     * @throws IllegalStateException when the job's state forbids it, there is no such job, or the API failed
     */
    JsonNode post(String path, Map<String, ?> body, Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(more);
        headers.put("authorization", "Bearer " + key);
        headers.put("content-type", "application/json");
        Json event = Json.of(Map.of(
                "version",
                "2.0",
                "rawPath",
                path,
                "rawQueryString",
                "",
                "headers",
                headers,
                "requestContext",
                Map.of("http", Map.of("method", "POST"), "requestId", "test"),
                "isBase64Encoded",
                false,
                "body",
                Json.of(body).text()));
        JsonNode answer = function.invoke(event).tree();
        int status = answer.path("statusCode").asInt();
        JsonNode json = Json.parse(answer.path("body").asString()).tree();
        if (status < 300) {
            return json;
        }
        throw switch (status) {
            case 404, 409 -> new IllegalStateException(json.path("detail").asString());
            case 400, 413, 422 -> new IllegalArgumentException(mistakes(json));
            default -> new IllegalStateException("The API answered " + status + ": " + mistakes(json));
        };
    }

    private static String mistakes(JsonNode problem) {
        List<String> details = new ArrayList<>();
        problem.path("errors").forEach(error -> details.add(error.path("detail").asString()));
        return details.isEmpty()
                ? problem.path("detail").asString()
                : details.stream().collect(Collectors.joining("; "));
    }
}
