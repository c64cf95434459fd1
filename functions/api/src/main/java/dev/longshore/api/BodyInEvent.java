package dev.longshore.api;

import tools.jackson.databind.JsonNode;

/**
 * The size of a request's body in the JSON event that carries it to Lambda. Lambda invokes a function with at most 6 MB ("Lambda
 * quotas"), and the event counts as it is written: a body in Base64 takes 4 bytes for 3, and text is escaped as a JSON string. A body
 * that is too large there is refused by AWS before any function runs, with an error that names no number. So the limit is on this
 * size, on a laptop too: what the laptop accepts, an HTTP API and a Function URL accept.
 */
final class BodyInEvent {
    /** "Lambda quotas": 6 MB for a synchronous invocation. */
    static final int LARGEST_EVENT = 6 * 1024 * 1024;

    /**
     * The rest of the event: API Gateway takes 10,240 bytes of headers ("Quotas for configuring and running an HTTP API"), which
     * payload format 1.0 has twice, escaped, and the path and query.
     */
    static final int REST_OF_EVENT = 64 * 1024;

    /** The most that a body may take, in bytes. */
    static final int LARGEST = LARGEST_EVENT - REST_OF_EVENT;

    /** Non-ASCII characters count as {@code \\uXXXX}, the longest form that JSON has for a UTF-16 unit. */
    private static final int UNICODE_ESCAPE = 6;

    private static final char LAST_OF_ASCII = 127;

    private BodyInEvent() {}

    /** Bytes that the body of an event takes in it, without the quotes around it. */
    static int size(JsonNode event) {
        String body = event.path("body").asString("");
        return event.path("isBase64Encoded").asBoolean(false) ? body.length() : escaped(body);
    }

    private static int escaped(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += bytes(text.charAt(i));
        }
        return bytes;
    }

    private static int bytes(char character) {
        return switch (character) {
            case '"', '\\', '\n', '\r', '\t', '\b', '\f' -> 2;
            default -> character < ' ' || character > LAST_OF_ASCII ? UNICODE_ESCAPE : 1;
        };
    }
}
