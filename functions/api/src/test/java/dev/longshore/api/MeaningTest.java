package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.task.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A request that is sent again under its key is the same one when it means the same, and another one when it does not. */
class MeaningTest {
    private final ApiStage stage = new ApiStage();
    private int keys;

    @Test
    void aFieldThatSaysNothingMeansAsMuchAsNone() {
        String plain = "{\"task\":\"echo\"}";
        same(plain, "{\"task\":\"echo\",\"payload\":{}}");
        same(plain, "{\"task\":\"echo\",\"tags\":[],\"meta\":{}}");
        same(
                plain,
                "{\"task\":\"echo\",\"tags\":null,\"meta\":null,\"maxAttempts\":null,\"runAt\":null,\"fairKey\":null}");
        same(plain, "{\"task\":\"echo\",\"delaySeconds\":0}");
        same(plain, "{\"task\":\"echo\",\"delaySeconds\":0.0}");
    }

    @Test
    void numbersAreComparedByTheirValue() {
        same(echo("1"), echo("1.0"), echo("10e-1"), echo("0.1E1"), echo("1.000"));
        same(echo("0"), echo("-0"), echo("0.00"), echo("0e99"));
        same(echo("[1e400,-2.50]"), echo("[1E+400,-25e-1]"));
        same(echo("123456789012345678901234567890"), echo("123456789012345678901234567890.0"));
        same(echo("1e2147483647"), echo("10e2147483646"));
        same("{\"task\":\"echo\",\"delaySeconds\":600}", "{\"task\":\"echo\",\"delaySeconds\":600.0}");
        same("{\"task\":\"echo\",\"maxAttempts\":3}", "{\"task\":\"echo\",\"maxAttempts\":3.0}");
    }

    @Test
    void anInstantIsTheSameInAnotherOffset() {
        same(
                "{\"task\":\"echo\",\"runAt\":\"2026-03-11T12:00:00Z\",\"expiresAt\":\"2026-03-12T00:00:00Z\"}",
                "{\"task\":\"echo\",\"runAt\":\"2026-03-11T13:00:00+01:00\",\"expiresAt\":\"2026-03-12T00:00:00.000Z\"}");
    }

    @Test
    void aRepeatIsTheSameThoughItsTimeHasComeMeanwhile() {
        String body = "{\"task\":\"echo\",\"runAt\":\"2026-03-10T12:00:05Z\"}";
        Map<String, String> key = Map.of("idempotency-key", "k");
        Answer first = stage.post("/v1/jobs", body, key);
        stage.memory.clock().advance(Duration.ofSeconds(10));

        assertThat(stage.post("/v1/jobs", body, key).text("id")).isEqualTo(first.text("id"));
    }

    @Test
    void orderMeansNothingInObjectsAndAmongTagsAndSomethingInArrays() {
        same(echo("{\"a\":1,\"b\":{\"c\":2,\"d\":3}}"), echo("{\"b\":{\"d\":3,\"c\":2.0},\"a\":1}"));
        same("{\"task\":\"echo\",\"tags\":[\"a\",\"b\"]}", "{\"tags\":[\"b\",\"a\",\"b\"],\"task\":\"echo\"}");
        same(
                "{\"task\":\"echo\",\"meta\":{\"a\":\"1\",\"b\":\"2\"}}",
                "{\"task\":\"echo\",\"meta\":{\"b\":\"2\",\"a\":\"1\"}}");
        same(echo("\"\\u0061\""), echo("\"a\""));
        different(echo("[1,2]"), echo("[2,1]"));
    }

    @Test
    void whatNamesARequestIsNoPartOfItsMeaning() {
        same("{\"task\":\"echo\"}", "{\"task\":\"echo\",\"id\":\"019cd79e-4600-7abc-8def-0123456789ab\"}");
        String inHeader = stage.post("/v1/jobs", "{\"task\":\"echo\"}", Map.of("idempotency-key", "k"))
                .text("id");

        Answer inBody = stage.post("/v1/jobs", "{\"task\":\"echo\",\"idempotencyKey\":\"k\"}");

        assertThat(inBody.status()).as(inBody.body()).isEqualTo(200);
        assertThat(inBody.text("id")).isEqualTo(inHeader);
    }

    @Test
    void aJobOfABatchIsComparedByItsMeaningToo() {
        String id = stage.post("/v1/jobs", echo("{\"a\":1}"), Map.of("idempotency-key", "k"))
                .text("id");

        Answer answer = stage.post(
                "/v1/jobs/batch",
                "{\"jobs\":[{\"task\":\"echo\",\"payload\":{\"a\":1.0},\"tags\":[],\"idempotencyKey\":\"k\"},"
                        + "{\"task\":\"echo\",\"payload\":{\"a\":2},\"idempotencyKey\":\"k\"}]}");

        assertThat(answer.json().get("results").get(0).get("status").asInt())
                .as(answer.body())
                .isEqualTo(200);
        assertThat(answer.json().get("results").get(0).get("job").get("id").asString())
                .isEqualTo(id);
        assertThat(answer.json().get("results").get(1).get("status").asInt()).isEqualTo(422);
    }

    @Test
    void whatMeansSomethingElseIsAnotherRequest() {
        different(echo("{}"), echo("{\"a\":null}"), echo("null"), echo("[]"), echo("\"\""), echo("0"), echo("false"));
        different(echo("1"), echo("\"1\""), echo("1.1"), echo("-1"), echo("10"), echo("true"));
        different(echo("[[1],2]"), echo("[1,[2]]"), echo("[1,2]"), echo("{\"0\":1,\"1\":2}"));
        different(
                "{\"task\":\"echo\"}",
                "{\"task\":\"echo\",\"tags\":[\"a\"]}",
                "{\"task\":\"echo\",\"fairKey\":\"a\"}",
                "{\"task\":\"echo\",\"meta\":{\"a\":\"\"}}",
                "{\"task\":\"echo\",\"delaySeconds\":1}",
                "{\"task\":\"echo\",\"delaySeconds\":1.5}",
                "{\"task\":\"echo\",\"maxAttempts\":10}",
                "{\"task\":\"echo\",\"runAt\":\"2026-03-11T12:00:00Z\"}",
                "{\"task\":\"echo\",\"expiresAt\":\"2026-03-11T12:00:00Z\"}");
        different(
                "{\"task\":\"echo\",\"payload\":{\"file\":\"a\",\"width\":1}}",
                "{\"task\":\"process-image\",\"payload\":{\"file\":\"a\",\"width\":1}}");
    }

    @Test
    void ordersOfOperatorsAreComparedByTheirMeaningToo() {
        String order = "{\"task\":\"echo\",\"from\":\"2026-03-10T11:00:00Z\",\"limit\":5}";
        String first = ordered(order, 202);

        assertThat(ordered(
                        "{\"limit\":5.0,\"from\":\"2026-03-10T12:00:00+01:00\",\"task\":\"echo\",\"canary\":false}",
                        200))
                .isEqualTo(first);
        assertThat(ordered("{\"task\":\"echo\",\"from\":\"2026-03-10T11:00:00Z\",\"limit\":6}", 422))
                .isEmpty();
        problem(
                stage.post("/v1/jobs/purge", order, Map.of("idempotency-key", "order")),
                422,
                "belongs to another request");
    }

    private String ordered(String body, int status) {
        Answer answer = stage.post("/v1/jobs/retry", body, Map.of("idempotency-key", "order"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        return answer.text("id");
    }

    @Test
    void anyPayloadWrittenDifferentlyIsTheSame() {
        long base = Long.getLong("longshore.seed", 20_261_128);
        for (long seed = base; seed < base + 1_000; seed++) {
            String how = "-Dlongshore.seed=" + seed;
            Object payload = any(new Random(seed), 0);
            String first = written(payload, new Random(seed + 1));
            String again = written(payload, new Random(seed + 2));
            String key = "k" + seed;

            Answer one = stage.post("/v1/jobs", echo(first), Map.of("idempotency-key", key));
            Answer two = stage.post("/v1/jobs", echo(again), Map.of("idempotency-key", key));

            assertThat(two.text("id")).as("%s: %s and %s", how, first, again).isEqualTo(one.text("id"));
            String other = written(List.of(payload, 1), new Random(seed));
            assertThat(stage.post("/v1/jobs", echo(other), Map.of("idempotency-key", key))
                            .status())
                    .as(how)
                    .isEqualTo(422);
        }
    }

    /** A value of JSON: a list of pairs is an object. */
    private static Object any(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 4 : 6)) {
            case 0 -> random.nextBoolean();
            case 1 -> random.nextInt(-1_000, 1_000);
            case 2 -> "s\u00e9" + random.nextInt(100);
            case 3 -> Json.parse("null");
            case 4 -> {
                List<Object> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(any(random, depth + 1));
                }
                yield items;
            }
            default -> {
                List<Map.Entry<String, Object>> fields = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    fields.add(Map.entry("f" + i, any(random, depth + 1)));
                }
                yield new Entries(fields);
            }
        };
    }

    private record Entries(List<Map.Entry<String, Object>> fields) {}

    /** In one of its possible spellings. */
    private static String written(Object value, Random random) {
        return switch (value) {
            case Integer number ->
                switch (random.nextInt(4)) {
                    case 0 -> number + ".0";
                    case 1 -> number + "e0";
                    case 2 -> number + "0e-1";
                    default -> number.toString();
                };
            case String text -> Json.of(text).text().replace("\u00e9", random.nextBoolean() ? "\\u00e9" : "\u00e9");
            case Entries(List<Map.Entry<String, Object>> fields) -> {
                List<Map.Entry<String, Object>> shuffled = new ArrayList<>(fields);
                Collections.shuffle(shuffled, random);
                List<String> written = shuffled.stream()
                        .map(field -> Json.of(field.getKey()).text() + " : " + written(field.getValue(), random))
                        .toList();
                yield "{" + String.join(" ,", written) + "}";
            }
            case List<?> items ->
                "["
                        + String.join(
                                ", ",
                                items.stream()
                                        .map(item -> written(item, random))
                                        .toList()) + "]";
            default -> Json.of(value).text();
        };
    }

    private static String echo(String payload) {
        return "{\"task\":\"echo\",\"payload\":" + payload + "}";
    }

    private void same(String first, String... again) {
        Map<String, String> key = Map.of("idempotency-key", "k" + keys++);
        String id = stage.post("/v1/jobs", first, key).text("id");
        for (String body : again) {
            Answer answer = stage.post("/v1/jobs", body, key);
            assertThat(answer.status())
                    .as("%s and %s: %s", first, body, answer.body())
                    .isEqualTo(200);
            assertThat(answer.text("id")).isEqualTo(id);
        }
    }

    private void different(String... bodies) {
        for (String first : bodies) {
            Map<String, String> key = Map.of("idempotency-key", "k" + keys++);
            stage.post("/v1/jobs", first, key);
            for (String other : bodies) {
                assertThat(stage.post("/v1/jobs", other, key).status())
                        .as("%s and %s", first, other)
                        .isEqualTo(first.equals(other) ? 200 : 422);
            }
        }
    }
}
