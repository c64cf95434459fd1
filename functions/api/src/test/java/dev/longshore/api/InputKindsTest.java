package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.task.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Kinds of bad input that public bug reports of this field are full of, at every place that takes such input: digits of other
 * scripts, texts of characters that Java counts twice, names that are nearly right. A failure names the seed that makes it again.
 */
class InputKindsTest {
    private static final int RUNS = 3_000;
    private static final long BASE = Long.getLong("longshore.seed", 20_261_129);

    private final ApiStage stage = new ApiStage();

    /** Sends a text to a place. */
    @FunctionalInterface
    private interface Place {
        Answer take(ApiStage stage, String text);
    }

    // ---- digits

    /** Places at which digits are read, each with a text that it takes. */
    private static final Map<String, Place> OF_DIGITS = Map.ofEntries(
            Map.entry("2026-03-11T12:00:00Z", field("runAt")),
            Map.entry("2026-03-12T12:00:00+01:00", field("expiresAt")),
            Map.entry("019cd79e-4600-7abc-8def-0123456789ab", field("id")),
            Map.entry("*/5 3-9 10,20 1-12/2 0-6", (stage, text) -> schedule(stage, "cron", text)),
            Map.entry("PT1H30M", (stage, text) -> schedule(stage, "every", text)),
            Map.entry("Etc/GMT+5", (stage, text) -> schedule(stage, "zone", text)),
            Map.entry("2026-03-01T00:00:00Z", (stage, text) -> list(stage, "from", text)),
            Map.entry("25", (stage, text) -> list(stage, "limit", text)),
            Map.entry("0123456789ab", (stage, text) -> filter(stage, "error", text)),
            Map.entry("2026-03-02T00:00:00Z", (stage, text) -> filter(stage, "from", text)));

    /** The zeros of scripts whose digits Java reads as numbers where one lets it. */
    private static final int[] ZEROS = {0x660, 0x6f0, 0x966, 0xe50, 0x1040, 0xff10, 0x1d7ce, 0x1e950};

    @Test
    void aDigitOfAnotherScriptIsRefusedWhereverDigitsAreRead() {
        for (long seed = BASE; seed < BASE + RUNS; seed++) {
            Random random = new Random(seed);
            String right = pick(List.copyOf(OF_DIGITS.keySet()), random);
            String wrong = withAForeignDigit(right, random);

            Answer answer = OF_DIGITS.get(right).take(stage, wrong);

            assertThat(answer.status())
                    .as("-Dlongshore.seed=%d: %s, %s", seed, wrong, answer.body())
                    .isIn(400, 422);
        }
        assertThat(stage.memory.rows().all()).isEmpty();
    }

    @Test
    void thePlacesTakeTheDigitsOfAscii() {
        OF_DIGITS.forEach((right, place) -> {
            Answer answer = place.take(stage, right);
            assertThat(answer.status()).as("%s: %s", right, answer.body()).isBetween(200, 299);
        });
    }

    private static String withAForeignDigit(String text, Random random) {
        int[] points = text.codePoints().toArray();
        int at = random.nextInt(points.length);
        while (!Character.isDigit(points[at])) {
            at = (at + 1) % points.length;
        }
        points[at] = ZEROS[random.nextInt(ZEROS.length)] + points[at] - '0';
        return new String(points, 0, points.length);
    }

    // ---- lengths

    private record Limit(String name, int longest, Place place) {}

    private static final List<Limit> OF_TEXT = List.of(
            new Limit("a tag", 64, (stage, text) -> post(stage, "tags", "[" + quoted(text) + "]")),
            new Limit("a name in meta", 64, (stage, text) -> post(stage, "meta", "{" + quoted(text) + ":\"\"}")),
            new Limit("an idempotency key", 255, field("idempotencyKey")),
            new Limit("a schedule's tag", 64, (stage, text) -> put(stage, "tags", "[" + quoted(text) + "]")),
            new Limit("a filter's tag", 200, (stage, text) -> list(stage, "tag", text)),
            new Limit("an order's tag", 64, (stage, text) -> filter(stage, "tag", text)));

    /** Short texts that have another rule for their length. */
    private static final List<Limit> OF_ANOTHER_LENGTH = List.of(
            new Limit("a value in meta", 2_048, (stage, text) -> post(stage, "meta", "{\"a\":" + quoted(text) + "}")),
            new Limit("a fair key", 128, field("fairKey")),
            new Limit("a schedule's fair key", 128, (stage, text) -> put(stage, "fairKey", quoted(text))),
            new Limit("a task", 200, (stage, text) -> stage.post("/v1/jobs", "{\"task\":" + quoted(text) + "}")),
            new Limit(
                    "an idempotency key in the header",
                    255,
                    (stage, text) -> stage.post("/v1/jobs", "{\"task\":\"echo\"}", Map.of("idempotency-key", text))),
            new Limit(
                    "an order's idempotency key",
                    255,
                    (stage, text) -> stage.post("/v1/jobs/purge", "{\"all\":true}", Map.of("idempotency-key", text))));

    /** Of one byte of UTF-8 and of two, three and four; the last are two chars of Java. */
    private static final List<String> CHARACTERS = List.of("a", "\u00e9", "\u6771", "\ud83d\udea2", "\ud835\udfd9");

    @Test
    void aTextIsAcceptedToItsLimitInCodePointsAndNoFurther() {
        for (long seed = BASE; seed < BASE + RUNS; seed++) {
            Random random = new Random(seed);
            Limit limit = pick(OF_TEXT, random);
            int length = limit.longest() - 2 + random.nextInt(5);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < length; i++) {
                text.append(pick(CHARACTERS, random));
            }

            Answer answer = limit.place().take(stage, text.toString());

            String how = "-Dlongshore.seed=" + seed + ": " + limit.name() + " of " + length + ", " + answer.body();
            if (length <= limit.longest()) {
                assertThat(answer.status()).as(how).isBetween(200, 299);
            } else {
                assertThat(answer.status()).as(how).isIn(400, 422);
                assertThat(answer.text("detail")).as(how).contains("and got " + length);
            }
        }
    }

    @Test
    void aControlCharacterIsRefusedInEveryShortText() {
        List<Limit> texts = new ArrayList<>(OF_TEXT);
        texts.addAll(OF_ANOTHER_LENGTH);
        for (long seed = BASE; seed < BASE + RUNS; seed++) {
            Random random = new Random(seed);
            Limit limit = pick(texts, random);
            int control = random.nextBoolean() ? random.nextInt(0x20) : 0x7f + random.nextInt(0x21);
            String text = pick(CHARACTERS, random) + Character.toString(control) + pick(CHARACTERS, random);

            Answer answer = limit.place().take(stage, text);

            assertThat(answer.status())
                    .as("-Dlongshore.seed=%d: %s", seed, limit.name())
                    .isIn(400, 422);
            assertThat(answer.text("detail"))
                    .contains("has the control character \\u%04x at character 1".formatted(control));
        }
    }

    // ---- names

    private record Name(String right, Place place) {}

    /** Places that take one of some names. */
    private static final List<Name> NAMES = List.of(
            new Name("process-image", (stage, text) -> stage.post("/v1/jobs", "{\"task\":" + quoted(text) + "}")),
            new Name(
                    "process-image",
                    (stage, text) ->
                            stage.put("/v1/schedules/s", "{\"cron\":\"@daily\",\"task\":" + quoted(text) + "}")),
            new Name("delaySeconds", (stage, text) -> post(stage, text, "1")),
            new Name("idempotencyKey", (stage, text) -> post(stage, text, "\"k\"")),
            new Name("jitterSeconds", (stage, text) -> put(stage, text, "1")),
            new Name(
                    "ratePerSecond",
                    (stage, text) -> stage.post("/v1/jobs/retry", "{\"all\":true," + quoted(text) + ":1}")),
            new Name("exhausted", (stage, text) -> filter(stage, "reason", text)),
            new Name("allow", (stage, text) -> schedule(stage, "overlap", text)),
            new Name("@monthly", (stage, text) -> schedule(stage, "cron", text)),
            new Name("Europe/Berlin", (stage, text) -> schedule(stage, "zone", text)),
            new Name("SUCCEEDED", (stage, text) -> list(stage, "state", text)),
            new Name("process-image", (stage, text) -> list(stage, "task", text)),
            new Name("process-image", (stage, text) -> filter(stage, "task", text)),
            new Name("process-image", (stage, text) -> stage.get("/v1/dead-letters?task=" + encoded(text))),
            new Name(
                    "process-image",
                    (stage, text) -> stage.post("/v1/jobs/purge", "{\"task\":" + quoted(text) + ",\"dryRun\":true}")),
            new Name("limit", (stage, text) -> stage.get("/v1/dead-letters?" + encoded(text) + "=1")),
            new Name(
                    "dryRun",
                    (stage, text) -> stage.post("/v1/jobs/purge", "{\"all\":true," + quoted(text) + ":true}")),
            new Name("cursor", (stage, text) -> list(stage, text, "x")));

    @Test
    void aNameThatIsNearlyRightIsRefusedWithTheRightOne() {
        for (long seed = BASE; seed < BASE + RUNS; seed++) {
            Random random = new Random(seed);
            Name name = pick(NAMES, random);
            String wrong = misspelt(name.right(), random);

            Answer answer = name.place().take(stage, wrong);

            String how = "-Dlongshore.seed=" + seed + ": " + wrong + ", " + answer.body();
            assertThat(answer.status()).as(how).isIn(400, 422);
            assertThat(answer.text("detail")).as(how).contains("did you mean '" + name.right() + "'?");
        }
        assertThat(stage.memory.rows().all()).isEmpty();
    }

    /** One letter in the middle is another one, twice there, or gone. */
    private static String misspelt(String name, Random random) {
        int at = 1 + random.nextInt(name.length() - 2);
        String before = name.substring(0, at);
        String behind = name.substring(at + 1);
        return switch (random.nextInt(3)) {
            case 0 -> before + "\u00e9" + behind;
            case 1 -> before + name.charAt(at) + name.charAt(at) + behind;
            default -> before + behind;
        };
    }

    // ---- places

    private static Place field(String name) {
        return (stage, text) -> post(stage, name, quoted(text));
    }

    private static Answer post(ApiStage stage, String field, String value) {
        return stage.post("/v1/jobs", "{\"task\":\"echo\"," + quoted(field) + ":" + value + "}");
    }

    private static Answer put(ApiStage stage, String field, String value) {
        return stage.put(
                "/v1/schedules/s", "{\"task\":\"echo\",\"cron\":\"@daily\"," + quoted(field) + ":" + value + "}");
    }

    private static Answer schedule(ApiStage stage, String field, String text) {
        String rest = field.equals("cron") || field.equals("every") ? "" : ",\"cron\":\"@daily\"";
        return stage.put("/v1/schedules/s", "{\"task\":\"echo\"" + rest + ",\"" + field + "\":" + quoted(text) + "}");
    }

    private static Answer filter(ApiStage stage, String field, String text) {
        return stage.post("/v1/jobs/purge", "{" + quoted(field) + ":" + quoted(text) + "}");
    }

    private static Answer list(ApiStage stage, String parameter, String value) {
        return stage.get("/v1/jobs?" + encoded(parameter) + "=" + encoded(value));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        return Json.of(text).text();
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
