package dev.longshore.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request, whichever front door it came through.
 *
 * @param path decoded in no way
 * @param query decoded; each parameter with all its values
 * @param headers names in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // read once and never compared
record HttpRequest(
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, String> headers,
        byte[] body,
        String requestId) {

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
