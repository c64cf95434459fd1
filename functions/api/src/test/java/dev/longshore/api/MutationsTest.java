package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Thousands of requests that were right until something happened to them. Whatever it was, the answer is an answer of the
 * contract: no 5xx, no stack trace, no second gone. A failure names the seed that makes it again.
 */
class MutationsTest {
    private static final int REQUESTS = 20_000;
    private static final Duration LONGEST = Duration.ofSeconds(1);
    private static final List<String> SEEDS = List.of(
            "{\"task\":\"echo\",\"payload\":{\"a\":[1,2.5,\"x\",null,true],\"b\":{\"c\":\"\u00e9\ud83d\udea2\"}},\"tags\":[\"t\"]}",
            "{\"task\":\"process-image\",\"payload\":{\"file\":\"a.png\",\"width\":640,\"watermark\":\"w\"},\"maxAttempts\":3}",
            "{\"task\":\"echo\",\"delaySeconds\":30,\"meta\":{\"a\":\"b\"},\"fairKey\":\"f\",\"idempotencyKey\":\"k\"}",
            "{\"task\":\"echo\",\"runAt\":\"2026-03-11T00:00:00Z\",\"expiresAt\":\"2026-03-12T00:00:00Z\"}",
            "{\"task\":\"echo\",\"cron\":\"*/5 3-9 * JAN,FEB MON\",\"zone\":\"Europe/Berlin\",\"overlap\":\"skip\",\"catchUp\":\"all\","
                    + "\"catchUpLimit\":7,\"jitterSeconds\":30,\"paused\":true}",
            "{\"task\":\"echo\",\"every\":\"PT90M\",\"anchor\":\"2026-03-11T00:00:00Z\"}",
            "{\"jobs\":[{\"task\":\"echo\",\"payload\":1},{\"task\":\"echo\",\"id\":\"019cd7b3-2d7b-7abc-8def-0123456789ab\"}]}");
    private static final List<String> TOKENS = List.of(
            "null",
            "true",
            "-1",
            "1e999",
            "NaN",
            "\"\"",
            "{}",
            "[]",
            "[[[[",
            "}}}}",
            "\"\\ud800\"",
            "\\u0000",
            "\u0000",
            "9".repeat(2_000),
            "\"task\"",
            "\"payload\":",
            ",",
            ":",
            "\ufeff",
            "'",
            "\\",
            "0x1",
            "__proto__",
            "${jndi:x}",
            "'; drop table",
            "../../etc/passwd",
            "\r\nX: y",
            "[".repeat(600),
            "\"" + "\ud83d\udea2".repeat(64) + "\"",
            "\"" + "\ud83d\udea2".repeat(65) + "\"",
            "\"\u0663 \uff10 * * +5\"",
            "\"\u0665\"",
            "\"SystemV/EST5EDT\"",
            "1e99999999999",
            "3.0",
            "\\u0085",
            "\"" + "a".repeat(70_000) + "\"");
    private static final List<String> PATHS = List.of(
            "/v1/jobs",
            "/v1/jobs/batch",
            "/v1/jobs",
            "/v1/jobs/batch",
            "/v1/jobs?limit=5&state=DEAD&tag=x",
            "/v1/jobs/019cd7b3-2d7b-7abc-8def-0123456789ab",
            "/v1/jobs/7/cancel",
            "/v1/jobs/7/retry",
            "/v1/schedules/nightly",
            "/v1/schedules/nightly",
            "/v1/schedules/nightly/run",
            "/v1/schedules?limit=5",
            "/v1/tasks",
            "/");
    private static final List<String> METHODS =
            List.of("POST", "POST", "POST", "POST", "GET", "GET", "PUT", "PUT", "HEAD", "DELETE", "", "G\u00cbT");
    private static final List<String> HEADERS = List.of(
            "content-type", "authorization", "idempotency-key", "traceparent", "content-encoding", "x-amzn-trace-id");

    private final ApiStage stage = new ApiStage();

    @Test
    void noMutationOfARequestBreaksTheApi() {
        long base = Long.getLong("longshore.seed", 20_261_124);
        for (int i = 0; i < REQUESTS; i++) {
            long seed = base + i;
            Random random = new Random(seed);
            String path = pick(PATHS, random);
            byte[] body = pick(SEEDS, random).getBytes(StandardCharsets.UTF_8);
            Map<String, String> headers = new LinkedHashMap<>(
                    Map.of("authorization", "Bearer " + ApiStage.KEY, "content-type", "application/json"));
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2, 3, 4 -> body = mutate(body, random);
                    case 5 ->
                        path = new String(
                                mutate(path.getBytes(StandardCharsets.UTF_8), random), StandardCharsets.UTF_8);
                    case 6 -> headers.put(pick(HEADERS, random), pick(TOKENS, random));
                    default -> headers.remove(pick(HEADERS, random));
                }
            }
            String method = pick(METHODS, random);

            long start = System.nanoTime();
            Answer answer = stage.send(method, path, headers, body);
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            String how = "-Dlongshore.seed=" + seed + ": " + method + " " + cut(path) + " was answered "
                    + answer.status() + " " + cut(answer.body());
            assertThat(answer.status()).as(how).isBetween(200, 499);
            assertThat(answer.body()).as(how).doesNotContain("\tat ", "Exception", "dev.longshore.");
            assertThat(took).as(how).isLessThan(LONGEST);
            if (answer.status() >= 400 && !method.equals("HEAD")) {
                assertThat(answer.header("Content-Type")).as(how).isEqualTo("application/problem+json");
                assertThat(answer.text("type")).as(how).isNotEmpty();
                assertThat(answer.text("detail")).as(how).isNotBlank().hasSizeLessThan(2_000);
                assertThat(answer.text("requestId")).as(how).isEqualTo("r-1");
            }
        }
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return pick(TOKENS, random).getBytes(StandardCharsets.UTF_8);
        }
        int at = random.nextInt(bytes.length);
        int end = Math.min(bytes.length, at + 1 + random.nextInt(20));
        return switch (random.nextInt(6)) {
            case 0 -> { // a byte becomes another
                byte[] changed = bytes.clone();
                changed[at] = (byte) random.nextInt(256);
                yield changed;
            }
            case 1 -> joined(bytes, 0, at); // shortened
            case 2 -> joined(bytes, 0, at, pick(TOKENS, random), at, bytes.length); // something gets in
            case 3 -> joined(bytes, 0, at, "", end, bytes.length); // something gets lost
            case 4 -> joined(bytes, 0, end, "", at, bytes.length); // something comes twice
            default -> // a value becomes another
                new String(bytes, StandardCharsets.UTF_8)
                        .replaceFirst("(\"[a-z]+\"|[0-9.]+|true|null)", "X")
                        .replace("X", pick(TOKENS, random))
                        .getBytes(StandardCharsets.UTF_8);
        };
    }

    private static byte[] joined(byte[] bytes, int from, int to) {
        return joined(bytes, from, to, "", 0, 0);
    }

    private static byte[] joined(byte[] bytes, int from, int to, String between, int from2, int to2) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, from, to - from);
        out.writeBytes(between.getBytes(StandardCharsets.UTF_8));
        out.write(bytes, from2, to2 - from2);
        return out.toByteArray();
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    private static String cut(String text) {
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }
}
