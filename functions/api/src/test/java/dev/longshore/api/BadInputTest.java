package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each kind of bad input has its own clear error, and leaves nothing behind. */
class BadInputTest {
    private final ApiStage stage = new ApiStage();

    @AfterEach
    void nothingWasKept() {
        assertThat(stage.memory.rows().all()).isEmpty();
        assertThat(stage.memory.queue().nextVisibleAt(ApiStage.POOL)).isNull();
    }

    @Test
    void whatIsNoJsonObjectIs400WithThePlace() {
        malformed("", "The body is empty; it takes a JSON object");
        malformed("hello", "no well-formed JSON", "line 1, column");
        malformed("{\"task\":\"echo\",\n\"payload\":[1,2}", "line 2, column");
        malformed("{\"task\":\"echo\"", "ends in the middle of its JSON");
        malformed("{\"task\":\"ec", "ends in the middle of its JSON");
        malformed("[]", "takes a JSON object");
        malformed("null", "takes a JSON object");
        malformed("{\"task\":\"echo\"} {}", "Unexpected content after the JSON object");
        malformed("{'task':'echo'}", "no well-formed JSON");
        malformed("{\"task\":\"echo\",}", "no well-formed JSON");
    }

    @Test
    void aFieldThatIsThereTwiceIs400() {
        malformed("{\"task\":\"echo\",\"task\":\"echo\"}", "the same field twice");
        malformed("{\"task\":\"echo\",\"payload\":{\"a\":{\"b\":1,\"b\":2}}}", "the same field twice");
    }

    @Test
    void numbersThatJsonDoesNotHaveOrThatAreTooLongAre400() {
        malformed("{\"task\":\"echo\",\"payload\":NaN}", "NaN or Infinity");
        malformed("{\"task\":\"echo\",\"payload\":-Infinity}", "NaN or Infinity");
        malformed("{\"task\":\"echo\",\"payload\":" + "9".repeat(1_001) + "}", "a number of more than 1000 characters");
        for (String number : List.of("1e99999999999", "-1E-99999999999", "[0e+99999999999]")) {
            malformed(
                    "{\"task\":\"echo\",\"idempotencyKey\":\"k\",\"payload\":" + number + "}",
                    "exponent has more than 32 bits");
            malformed(image("\"file\":\"a\",\"width\":" + number), "exponent has more than 32 bits", "line 1, column");
        }
    }

    @Test
    void deepNestingIs400() {
        malformed(
                "{\"task\":\"echo\",\"payload\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
                "nests deeper than 500 levels");
    }

    @Test
    void whatIsNoUtf8Is400WithTheByte() {
        byte[] body = "{\"task\":\"echo\",\"payload\":\"?\"}".getBytes(StandardCharsets.US_ASCII);
        int at = new String(body, StandardCharsets.US_ASCII).indexOf('?');
        for (int wrong : new int[] {0xff, 0xc3, 0x80, 0xed}) {
            body[at] = (byte) wrong;

            problem(stage.post("/v1/jobs", body, Map.of()), 400, "no UTF-8", "byte " + at);
        }
    }

    @Test
    void halfASurrogatePairIs400WithItsPlace() {
        malformed("{\"task\":\"echo\",\"payload\":{\"a\":\"\\ud800\"}}", "/payload/a", "half of a surrogate pair");
        malformed("{\"task\":\"echo\",\"\\ud800\":1}", "half of a surrogate pair");
    }

    @Test
    void controlCharactersAre400UnlessTheyAreEscaped() {
        malformed("{\"task\":\"echo\",\"payload\":\"a\u0000b\"}", "control character");
        malformed("{\"task\":\"echo\",\"payload\":\"a\nb\"}", "control character");
    }

    @Test
    void controlCharactersInNamesAndKeysAre422WithTheirPlace() {
        refused("{\"task\":\"echo\",\"tags\":[\"a\\u0000\"]}", "/tags/0", "control character \\u0000 at character 1");
        refused("{\"task\":\"echo\",\"fairKey\":\"a\\u0007\"}", "/fairKey", "control character");
        refused("{\"task\":\"echo\",\"meta\":{\"a\\nb\":\"c\"}}", "/meta/a\nb", "control character");
        refused(
                "{\"task\":\"echo\",\"meta\":{\"a\":\"b\\nc\"}}",
                "/meta/a",
                "control character \\u000a at character 1");
        refused("{\"task\":\"echo\",\"idempotencyKey\":\"k\\u0085\"}", "/idempotencyKey", "control character \\u0085");
        problem(stage.get("/v1/jobs?tag=a%00"), 400, "'tag'", "control character \\u0000");
        problem(stage.post("/v1/jobs/purge", "{\"tag\":\"a\\u0000\"}"), 422, "/tag", "control character");
        problem(
                stage.post("/v1/jobs", "{\"task\":\"echo\"}", Map.of("idempotency-key", "a\u0001")),
                422,
                "Idempotency-Key",
                "control character");
    }

    @Test
    void lengthsCountUnicodeCodePoints() {
        String tooMany = "\ud83d\udea2".repeat(65);
        refused(
                "{\"task\":\"echo\",\"tags\":[\"" + tooMany + "\"]}",
                "/tags/0",
                "takes 1 to 64 characters, and got 65");
        refused(
                "{\"task\":\"echo\",\"meta\":{\"" + tooMany + "\":\"x\"}}",
                "/meta/" + tooMany,
                "takes 1 to 64 characters, and got 65");
        problem(stage.get("/v1/jobs?tag=" + "%F0%9F%9A%A2".repeat(201)), 400, "takes 1 to 200 characters, and got 201");
    }

    @Test
    void anUnknownFieldIs422WithTheNearestName() {
        refused("{\"task\":\"echo\",\"paylod\":1}", "/paylod", "did you mean 'payload'?");
        refused("{\"task\":\"echo\",\"delayseconds\":1}", "/delayseconds", "did you mean 'delaySeconds'?");
        refused("{\"task\":\"echo\",\"colour\":1}", "/colour", "Possible: task, payload");
        refused(
                image("\"file\":\"a\",\"width\":1,\"watermrak\":\"x\""),
                "/payload/watermrak",
                "did you mean 'watermark'?");
    }

    @Test
    void aWrongTypeIs422WithItsPointer() {
        refused("{\"task\":1}", "/task", "takes a string");
        refused("{\"task\":\"echo\",\"delaySeconds\":\"soon\"}", "/delaySeconds", "takes a number of seconds");
        refused("{\"task\":\"echo\",\"delaySeconds\":-1}", "/delaySeconds", "from 0 to");
        refused("{\"task\":\"echo\",\"delaySeconds\":1e400}", "/delaySeconds", "from 0 to");
        refused("{\"task\":\"echo\",\"runAt\":\"tomorrow\"}", "/runAt", "ISO 8601");
        refused("{\"task\":\"echo\",\"runAt\":\"+999999999-12-31T23:59:59Z\"}", "/runAt", "ISO 8601");
        refused("{\"task\":\"echo\",\"runAt\":\"2099-01-01T00:00:00Z\"}", "/runAt", "further away");
        refused("{\"task\":\"echo\",\"runAt\":\"2030-01-01T00:00:00Z\",\"delaySeconds\":1}", "/runAt", "one of them");
        refused("{\"task\":\"echo\",\"expiresAt\":\"2026-03-10T11:59:59Z\"}", "/expiresAt", "2026-03-10T12:00:00Z");
        refused("{\"task\":\"echo\",\"maxAttempts\":0}", "/maxAttempts", "from 1 to 100");
        refused("{\"task\":\"echo\",\"maxAttempts\":2.5}", "/maxAttempts", "whole number");
        refused("{\"task\":\"echo\",\"tags\":\"x\"}", "/tags", "array");
        refused("{\"task\":\"echo\",\"tags\":[\"x\",1]}", "/tags/1", "takes a string");
        refused("{\"task\":\"echo\",\"tags\":[\"\"]}", "/tags/0", "takes 1 to 64 characters, and got 0");
        refused("{\"task\":\"echo\",\"meta\":{\"a/b\":1}}", "/meta/a~1b", "takes a string");
        refused(image("\"file\":\"a\",\"width\":\"1\""), "/payload/width", "takes a whole number, and got a string");
        refused(image("\"file\":\"a\",\"width\":99999999999"), "/payload/width", "out of range");
        refused(image("\"width\":1"), "/payload/file", "is missing");
        refused("{\"task\":\"process-image\",\"payload\":[]}", "/payload", "takes an object");
    }

    @Test
    void anUnknownTaskIs422WithTheNearestName() {
        problem(stage.post("/v1/jobs", "{\"task\":\"proces-image\"}"), 422, "did you mean 'process-image'?");
        problem(stage.post("/v1/jobs", "{}"), 422, "/task is missing");
    }

    @Test
    void tooLargeABodyIs413WithBothNumbers() {
        String body = "x".repeat(7 * 1024 * 1024);

        problem(stage.post("/v1/jobs", body), 413, "7340032", Integer.toString(BodyInEvent.LARGEST));
    }

    @Test
    void aPayloadsSizeCountsBytesOfUtf8() {
        int limit = EnqueueRequests.LARGEST_PAYLOAD;
        String oneByteTooMany = "{\"task\":\"echo\",\"payload\":\"" + "x".repeat(limit - 3) + "\u00e9\"}";

        problem(stage.post("/v1/jobs", oneByteTooMany), 413, Integer.toString(limit + 1), Integer.toString(limit));
    }

    @Test
    void anotherContentTypeIs415() {
        String job = "{\"task\":\"echo\"}";
        for (String type :
                new String[] {"text/plain", "application/xml", "application/jsonp", "", "multipart/form-data"}) {
            problem(stage.post("/v1/jobs", job, Map.of("content-type", type)), 415, "application/json");
        }
        problem(stage.post("/v1/jobs", job, Map.of("content-type", "application/json; charset=utf-16")), 415, "UTF-8");
    }

    @Test
    void aCompressedBodyIs415SoThatNoneCanBeABomb() {
        Answer answer = stage.post("/v1/jobs", "{\"task\":\"echo\"}", Map.of("content-encoding", "gzip"));

        assertThat(problem(answer, 415, "send it uncompressed").header("Accept-Encoding"))
                .isEqualTo("identity");
    }

    @Test
    void aNameOfAFieldThatIsTooLongIs400AndSaysSo() {
        malformed("{\"task\":\"echo\",\"payload\":{\"" + "n".repeat(60_000) + "\":1}}", "a field's name of more than");
    }

    private void malformed(String body, String... detail) {
        problem(stage.post("/v1/jobs", body), 400, detail);
        assertThat(stage.post("/v1/jobs/batch", body).status()).isIn(400, 422);
    }

    private void refused(String body, String field, String detail) {
        Answer answer = problem(stage.post("/v1/jobs", body), 422, detail);
        assertThat(answer.text("field")).isEqualTo(field);
        assertThat(answer.text("detail")).startsWith(field);
    }

    private static String image(String fields) {
        return "{\"task\":\"process-image\",\"payload\":{" + fields + "}}";
    }
}
