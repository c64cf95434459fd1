package dev.longshore.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests and answers as Lambda gets and gives them: payload format 2.0 (HTTP API, Function URL) and 1.0 (REST API), see
 * "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway". The answer is the same in both but for a REST
 * API's refusal of other members.
 */
final class HttpEvents {
    // The event is API Gateway's, not a client's: none of the limits of payloads apply to it.
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** "Lambda quotas": 6 MB for the answer of a synchronous invocation, as JSON with its body escaped. */
    static final int LARGEST_ANSWER = 6 * 1024 * 1024;

    private static final int WORTH_COMPRESSING = 1024 * 1024;

    private HttpEvents() {}

    static HttpRequest read(InputStream event) {
        JsonNode node = MAPPER.readTree(event);
        return node.has("httpMethod") ? readFormat1(node) : readFormat2(node);
    }

    private static HttpRequest readFormat2(JsonNode node) {
        JsonNode context = node.path("requestContext");
        String path = node.path("rawPath").asString("/");
        String stage = context.path("stage").asString("$default");
        return new HttpRequest(
                context.path("http").path("method").asString("GET"),
                withoutStage(path, stage),
                () -> parseQuery(node.path("rawQueryString").asString("")),
                headers(node),
                body(node),
                BodyInEvent.size(node),
                requestId(context));
    }

    private static HttpRequest readFormat1(JsonNode node) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        node.path("multiValueQueryStringParameters").properties().forEach(parameter -> {
            List<String> values = new ArrayList<>();
            parameter.getValue().forEach(value -> values.add(value.asString("")));
            query.put(parameter.getKey(), values);
        });
        return new HttpRequest(
                node.path("httpMethod").asString("GET"),
                node.path("path").asString("/"),
                () -> query,
                headers(node),
                body(node),
                BodyInEvent.size(node),
                requestId(node.path("requestContext")));
    }

    private static Map<String, String> headers(JsonNode node) {
        Map<String, String> headers = new HashMap<>();
        node.path("headers")
                .properties()
                .forEach(header -> headers.put(
                        header.getKey().toLowerCase(Locale.ROOT),
                        header.getValue().asString("")));
        return headers;
    }

    private static byte[] body(JsonNode node) {
        String body = node.path("body").asString("");
        return node.path("isBase64Encoded").asBoolean(false)
                ? Base64.getDecoder().decode(body)
                : body.getBytes(StandardCharsets.UTF_8);
    }

    private static String requestId(JsonNode context) {
        String given = context.path("requestId").asString("");
        return given.isEmpty() ? UUID.randomUUID().toString() : given;
    }

    private static String withoutStage(String path, String stage) {
        String prefix = "/" + stage;
        if (stage.equals("$default") || !(path.equals(prefix) || path.startsWith(prefix + "/"))) {
            return path;
        }
        return path.equals(prefix) ? "/" : path.substring(prefix.length());
    }

    private static Map<String, List<String>> parseQuery(String raw) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String part : raw.split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            String[] sides = part.split("=", 2);
            query.computeIfAbsent(decode(sides[0]), name -> new ArrayList<>())
                    .add(sides.length == 1 ? "" : decode(sides[1]));
        }
        return query;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.malformed("The query string has a % that no two hexadecimal digits follow");
        }
    }

    private record Answer(int statusCode, Map<String, String> headers, String body, boolean isBase64Encoded) {}

    /** Writes an answer, compressed if that is worth it and the client takes it. */
    static void write(HttpResponse response, boolean takesGzip, OutputStream out) throws IOException {
        if (takesGzip && response.utf8().length > WORTH_COMPRESSING) {
            String packed = Base64.getEncoder().encodeToString(gzip(response.utf8()));
            HttpResponse named = response.with("Content-Encoding", "gzip");
            out.write(MAPPER.writeValueAsBytes(new Answer(named.status(), named.headers(), packed, true)));
            return;
        }
        byte[] answer =
                MAPPER.writeValueAsBytes(new Answer(response.status(), response.headers(), response.body(), false));
        if (answer.length > LARGEST_ANSWER) {
            write(tooLarge(response, answer.length), false, out);
            return;
        }
        out.write(answer);
    }

    private static HttpResponse tooLarge(HttpResponse response, int size) {
        HttpResponse refusal = HttpResponse.problem(
                Problem.notAcceptable(size, LARGEST_ANSWER), response.headers().getOrDefault("X-Request-Id", ""));
        Map<String, String> headers = new LinkedHashMap<>(response.headers());
        headers.putAll(refusal.headers());
        return new HttpResponse(refusal.status(), headers, refusal.body());
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }
}
