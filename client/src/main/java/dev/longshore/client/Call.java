package dev.longshore.client;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API.
 *
 * @param path under the client's URL; with {@code elsewhere}, only for messages
 * @param elsewhere a URL with a signature, which gets no key; null for the API's own
 * @param query values by name; those that are null are left out
 * @param repeatable false where Longshore could not recognise a second request. It is repeated after 429 alone then, since that
 *     answer says that the request had no effect
 * @param atMost less time than the client's own for a call; null for that
 */
record Call(
        String method,
        String path,
        @Nullable URI elsewhere,
        Map<String, String> query,
        Map<String, String> headers,
        @Nullable String body,
        boolean repeatable,
        @Nullable Duration atMost) {

    private static final Pattern KEY = Pattern.compile("[ -~]{1,255}");
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}(-[0-9a-f]+)+");

    static Call of(String method, String path) {
        return new Call(method, path, null, Map.of(), Map.of(), null, true, null);
    }

    static Call elsewhere(String method, URI uri, Map<String, String> headers, String body) {
        return new Call(method, "the upload", uri, Map.of(), headers, body, true, null);
    }

    Call query(String name, @Nullable Object value) {
        return value == null
                ? this
                : new Call(
                        method,
                        path,
                        elsewhere,
                        plus(query, name, value.toString()),
                        headers,
                        body,
                        repeatable,
                        atMost);
    }

    Call body(Object value, String what) {
        return json(Json.write(value, what));
    }

    Call json(String json) {
        return new Call(method, path, elsewhere, query, headers, json, repeatable, atMost);
    }

    /** Repeated after 429 alone. */
    Call once() {
        return new Call(method, path, elsewhere, query, headers, body, false, atMost);
    }

    Call atMost(@Nullable Duration time) {
        return new Call(method, path, elsewhere, query, headers, body, repeatable, time);
    }

    /** Under a key by which Longshore recognises a repeat. */
    Call idempotencyKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "An idempotency key has 1 to 255 characters of printable ASCII, and this one has " + key.length()
                            + " characters, or others");
        }
        return header("Idempotency-Key", key);
    }

    Call traceparent(@Nullable String traceparent) {
        return traceparent == null ? this : header("traceparent", requireTraceparent(traceparent));
    }

    boolean hasTraceparent() {
        return headers.containsKey("traceparent");
    }

    static boolean isTraceparent(String text) {
        return TRACEPARENT.matcher(text).matches();
    }

    static String requireTraceparent(String text) {
        if (!isTraceparent(text)) {
            throw new IllegalArgumentException(
                    "traceparent is not of the form 00-<trace id>-<parent id>-<flags> (W3C Trace Context)");
        }
        return text;
    }

    /** For messages. An upload's URL has a signature, which is a secret. */
    String name() {
        return method + " " + path;
    }

    URI uri(URI base) {
        if (elsewhere != null) {
            return elsewhere;
        }
        String parameters = query.entrySet().stream()
                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
        return URI.create(base + path + (parameters.isEmpty() ? "" : "?" + parameters));
    }

    /** A path under /v1, each part encoded. */
    static String path(String... parts) {
        List<String> encoded = new ArrayList<>();
        for (String part : parts) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new IllegalArgumentException(
                        "An id or a name is empty, or dots alone: it would lead to another path");
            }
            encoded.add(encoded(part));
        }
        return "/v1/" + String.join("/", encoded);
    }

    private Call header(String name, String value) {
        return new Call(method, path, elsewhere, query, plus(headers, name, value), body, repeatable, atMost);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Map<String, String> plus(Map<String, String> map, String name, String value) {
        Map<String, String> more = new HashMap<>(map);
        more.put(name, value);
        return Map.copyOf(more);
    }

    /** Without headers and body. */
    @Override
    public String toString() {
        return name();
    }
}
