package dev.longshore.api;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Bodies of the allowed size that are made to be costly to read. The time limit ends a test that would otherwise take hours;
 * the slowest takes a second.
 */
@Timeout(value = 120, unit = SECONDS)
class HostileBodiesTest {
    private static final int SIZE = 4 * 1024 * 1024;

    private final ApiStage stage = new ApiStage();

    @Test
    void millionsOfTinyValues() {
        for (String value : new String[] {"{}", "{\"a\":0}"}) {
            String many = "[" + (value + ",").repeat(SIZE / (value.length() + 1) - 1) + value + "]";

            taken(many);
        }
    }

    @Test
    void fieldsWhoseNamesAllHaveTheSameHash() {
        StringBuilder fields = new StringBuilder("{");
        for (int i = 0; i < 1 << 17; i++) {
            fields.append(i == 0 ? "" : ",").append('"').append(colliding(i)).append("\":0");
        }

        Answer answer = enqueue(fields.append('}').toString());

        assertThat(answer.status()).as(answer.body()).isIn(202, 400);
    }

    /** "Aa" and "BB" have the same hash, and so has whatever is made of them. */
    private static String colliding(int number) {
        StringBuilder name = new StringBuilder();
        for (int bit = 0; bit < 17; bit++) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }

    @Test
    void hundredsOfThousandsOfMistakesCostNoMoreThanTwenty() {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; fields.length() < SIZE; i++) {
            fields.append(",\"watermark").append(i).append("\":0");
        }
        String object = fields.substring(1);
        String items = "[" + "{},".repeat(SIZE / 8) + "{}]";
        for (String body : new String[] {
            "{" + object + "}",
            "{\"task\":\"process-image\",\"payload\":{" + object + "}}",
            "{\"task\":\"process-image\",\"payload\":{\"file\":" + items + ",\"width\":" + items + "}}",
            "{\"task\":\"echo\",\"meta\":{" + object + "}}",
            "{\"task\":\"echo\",\"tags\":" + items + "}"
        }) {
            atMostTwenty(stage.post("/v1/jobs", body));
        }
        atMostTwenty(stage.post("/v1/jobs/batch", "{" + object + "}"));
        atMostTwenty(stage.post("/v1/jobs/batch", "{\"jobs\":[" + "0,".repeat(SIZE / 2) + "0]}"));
    }

    private static void atMostTwenty(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.json().path("errors").size()).isLessThanOrEqualTo(20);
    }

    @Test
    void numbersWithMoreDigitsThanThereIsMemory() {
        taken("[1e999999999,-1e-999999999,1e2147483647]");
        for (String field : new String[] {"delaySeconds", "maxAttempts"}) {
            for (String number : new String[] {"1e999999999", "1e-999999999", "9".repeat(999)}) {
                assertThat(stage.post("/v1/jobs", "{\"task\":\"echo\",\"" + field + "\":" + number + "}")
                                .status())
                        .isIn(202, 422);
            }
        }
        Answer width = stage.post(
                "/v1/jobs", "{\"task\":\"process-image\",\"payload\":{\"file\":\"a\",\"width\":1e999999999}}");
        assertThat(width.status()).isEqualTo(422);
    }

    @Test
    void stringsMadeForPatternsAndForSpellings() {
        String text = "a".repeat(SIZE);
        taken("\"" + text + "\"");
        assertThat(stage.post("/v1/jobs", "{\"task\":\"" + text + "\"}").status())
                .isEqualTo(422);
        assertThat(stage.post("/v1/jobs", "{\"task\":\"echo\",\"id\":\"" + text + "\"}")
                        .status())
                .isEqualTo(422);
        assertThat(stage.post("/v1/jobs", "{\"task\":\"echo\",\"runAt\":\"" + text + "\"}")
                        .status())
                .isEqualTo(422);
        assertThat(stage.post("/v1/jobs", "{\"task\":\"echo\",\"fairKey\":\"" + text + "\"}")
                        .status())
                .isEqualTo(422);
        for (String header : new String[] {"authorization", "accept-encoding", "traceparent", "content-type"}) {
            assertThat(stage.post("/v1/jobs", "{\"task\":\"echo\"}", Map.of(header, "Bearer ls_a_" + text))
                            .status())
                    .as(header)
                    .isIn(202, 401, 415);
        }
    }

    private void taken(String payload) {
        Answer answer = enqueue(payload);
        assertThat(answer.status())
                .as(answer.body().length() > 500 ? "…" : answer.body())
                .isEqualTo(202);
    }

    private Answer enqueue(String payload) {
        return stage.post(
                "/v1/jobs",
                "{\"task\":\"echo\",\"payload\":" + payload + "}",
                Map.of("idempotency-key", "k" + payload.hashCode()));
    }
}
