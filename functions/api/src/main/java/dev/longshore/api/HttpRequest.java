package dev.longshore.api;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A request, whichever front door it came through.
 *
 * @param path not decoded
 * @param rawQuery decodes the query when it is needed: each parameter with all its values
 * @param headers names in lower case
 * @param bodyInEvent bytes that the body took in Lambda's event, see {@link BodyInEvent}
 */
@SuppressWarnings("ArrayRecordComponent") // read once and never compared
record HttpRequest(
        String method,
        String path,
        Supplier<Map<String, List<String>>> rawQuery,
        Map<String, String> headers,
        byte[] body,
        int bodyInEvent,
        String requestId) {

    /** Without headers, body and query: keys and payloads are in them. */
    @Override
    public String toString() {
        return "request " + requestId;
    }

    /** @throws Problem 400 when it cannot be decoded */
    Map<String, List<String>> query() {
        return rawQuery.get();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** Whether the client takes answers compressed (RFC 9110, section 12.5.3). */
    boolean takesGzip() {
        return Arrays.stream(header("accept-encoding")
                        .orElse("")
                        .toLowerCase(Locale.ROOT)
                        .split(",", -1))
                .map(coding -> coding.replace(" ", ""))
                .anyMatch(coding ->
                        (coding.equals("gzip") || coding.startsWith("gzip;")) && !coding.matches("gzip;q=0(\\.0*)?"));
    }
}
