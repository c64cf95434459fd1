package dev.longshore.api;

import dev.longshore.task.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer, whichever front door it goes through. All bodies are text. */
record HttpResponse(int status, Map<String, String> headers, String body) {

    static HttpResponse json(int status, Object body) {
        return new HttpResponse(
                status,
                Map.of("Content-Type", "application/json"),
                Json.of(body).text());
    }

    static HttpResponse problem(Problem problem, String requestId) {
        Map<String, String> headers = new LinkedHashMap<>(problem.headers());
        headers.put("Content-Type", "application/problem+json");
        return new HttpResponse(
                problem.status(), headers, Json.of(problem.body(requestId)).text());
    }

    HttpResponse with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HttpResponse(status, more, body);
    }

    byte[] utf8() {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
