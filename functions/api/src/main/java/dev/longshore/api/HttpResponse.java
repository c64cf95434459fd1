package dev.longshore.api;

import dev.longshore.task.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** An answer, whichever front door it goes through. All bodies are text. */
record HttpResponse(int status, Map<String, String> headers, String body) {
    /** ISO 8601 in UTC, always with three digits of milliseconds: as precise as rows are, and in order as text. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final JsonMapper ANSWERS = Json.mapper()
            .rebuild()
            .addModule(new SimpleModule().addSerializer(Instant.class, new ValueSerializer<>() {
                @Override
                public void serialize(Instant time, JsonGenerator out, SerializationContext context) {
                    out.writeString(TIME.format(time));
                }
            }))
            .build();

    static HttpResponse json(int status, Object body) {
        return new HttpResponse(status, Map.of("Content-Type", "application/json"), ANSWERS.writeValueAsString(body));
    }

    static HttpResponse problem(Problem problem, String requestId) {
        Map<String, String> headers = new LinkedHashMap<>(problem.headers());
        headers.put("Content-Type", "application/problem+json");
        return new HttpResponse(problem.status(), headers, ANSWERS.writeValueAsString(problem.body(requestId)));
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
