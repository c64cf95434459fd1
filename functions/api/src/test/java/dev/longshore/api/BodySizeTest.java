package dev.longshore.api;

import static dev.longshore.api.ApiStage.KEY;
import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lambda's 6 MB count the event, in which a body is escaped or in Base64: what does not fit is refused with both numbers. */
class BodySizeTest {
    /** Writes events in the longest form that JSON has. */
    private static final JsonMapper ESCAPING =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final String FRAME = "{\"task\":\"echo\",\"payload\":\"\"}";

    private final ApiStage stage = new ApiStage();

    @Test
    void escapedQuotesCountAsTheyAreWrittenInTheEvent() {
        String threeMegabytes = "\\\"".repeat(3 * 1024 * 1024 / 2);
        String fourMegabytes = "\\\"".repeat(4 * 1024 * 1024 / 2);

        assertThat(text(threeMegabytes.substring(0, 2 * 1024 * 1024)).status()).isEqualTo(202);
        problem(text(fourMegabytes), 413, "body of 4194332 bytes takes 8388644 bytes", "6225920 are allowed");
    }

    @Test
    void aBodyInBase64CountsFourBytesForThree() {
        problem(
                base64("x".repeat(4_800_000)),
                413,
                "body of 4800028 bytes takes 6400040 bytes",
                BodyInEvent.LARGEST + " are allowed");
        assertThat(base64("x".repeat(4_600_000)).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\\\"", "\\\\", "\\n", "\u00e9", "\u20ac", "\ud83d\ude00", "\u007f"})
    void theLargestBodyThatIsAcceptedMakesAnEventThatLambdaTakes(String content) {
        int each = BodyInEvent.size(event(content, false)) - BodyInEvent.size(event("", false));
        int frame = BodyInEvent.size(event("", false));
        int times = Math.min((BodyInEvent.LARGEST - frame) / each, (5 * 1024 * 1024 - 2) / utf8(content));
        String largest = content.repeat(times);

        assertThat(text(largest).status()).isEqualTo(202);
        assertThat(ESCAPING.writeValueAsBytes(event(largest, false))).hasSizeLessThanOrEqualTo(6 * 1024 * 1024);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\\\"", "\\n", "\u00e9", "\u20ac", "\ud83d\ude00", "\u007f"})
    void twoMegabytesOfAnyContentAreAcceptedOnEveryDoor(String content) {
        String twoMegabytes = content.repeat(2_000_000 / utf8(content));

        assertThat(text(twoMegabytes).status()).isEqualTo(202);
        assertThat(base64(twoMegabytes).status()).isEqualTo(202);
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** As an HTTP API and a Function URL send JSON. */
    private Answer text(String content) {
        return stage.invoke(JsonMapper.shared().writeValueAsBytes(event(content, false)));
    }

    /** As a REST API sends every body, since its binary media types are all. */
    private Answer base64(String content) {
        return stage.invoke(JsonMapper.shared().writeValueAsBytes(event(content, true)));
    }

    private static JsonNode event(String content, boolean base64) {
        String body = FRAME.replace("\"\"", "\"" + content + "\"");
        Map<String, String> headers = new LinkedHashMap<>(Map.of(
                "authorization",
                "Bearer " + KEY,
                "content-type",
                "application/json",
                "x-longest",
                "\"".repeat(10_000)));
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("httpMethod", "POST");
        event.put("path", "/v1/jobs");
        event.put("headers", headers);
        event.put("multiValueHeaders", Map.of("x-longest", List.of("\"".repeat(10_000))));
        event.put("requestContext", Map.of("requestId", "r-1"));
        event.put("isBase64Encoded", base64);
        event.put("body", base64 ? Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)) : body);
        return JsonMapper.shared().valueToTree(event);
    }
}
