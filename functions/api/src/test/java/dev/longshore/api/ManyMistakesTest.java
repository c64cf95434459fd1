package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.api.ApiStage.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** All mistakes of a request are reported at once. */
class ManyMistakesTest {
    private final ApiStage stage = new ApiStage();

    @Test
    void allWrongFieldsAreReportedAndTheFirstAsBefore() {
        Answer answer = stage.post(
                "/v1/jobs",
                "{\"task\":\"process-image\",\"payload\":{\"fil\":\"a\",\"width\":\"b\"},\"colour\":1,\"delaySeconds\":-1,"
                        + "\"expiresAt\":\"soon\",\"tags\":[\"\",\"a\",7],\"meta\":{\"a\":1,\"b\":\"c\",\"d\":[]},"
                        + "\"maxAttempts\":101,\"id\":\"x\",\"fairKey\":\" \"}",
                Map.of("idempotency-key", "k\u0001"));

        problem(answer, 422, "/colour is an unknown field");
        assertThat(answer.text("field")).isEqualTo("/colour");
        assertThat(fields(answer.json()))
                .containsExactly(
                        "/colour",
                        "/payload/fil",
                        "/payload/width",
                        "/payload/file",
                        "/maxAttempts",
                        "/id",
                        "", // the header
                        "/delaySeconds",
                        "/expiresAt",
                        "/tags/0",
                        "/tags/2",
                        "/fairKey",
                        "/meta/a",
                        "/meta/d");
        assertThat(answer.json().get("errors").get(2).get("detail").asString())
                .isEqualTo("/payload/width takes a whole number, and got a string");
        assertThat(answer.json().get("errors").get(6).get("detail").asString())
                .startsWith("The header Idempotency-Key has the control character");
        assertThat(stage.memory.rows().all()).isEmpty();
    }

    @Test
    void anUnknownTaskIsReportedWithTheOtherMistakes() {
        Answer answer = stage.post("/v1/jobs", "{\"task\":\"ecko\",\"delaySeconds\":-1,\"payload\":7}");

        problem(answer, 422, "did you mean 'echo'?");
        assertThat(answer.text("type")).endsWith("/unknown-task");
        assertThat(fields(answer.json())).containsExactly("/task", "/delaySeconds");
    }

    @Test
    void aSingleMistakeIsReportedAsBefore() {
        Answer answer = stage.post("/v1/jobs", "{\"task\":\"echo\",\"delaySeconds\":-1}");

        assertThat(answer.text("field")).isEqualTo("/delaySeconds");
        assertThat(answer.json().has("errors")).isFalse();
    }

    @Test
    void atMostTwentyMistakesAreReported() {
        StringBuilder body = new StringBuilder("{\"task\":\"echo\"");
        for (int i = 0; i < 50; i++) {
            body.append(",\"x").append(i).append("\":1");
        }

        Answer answer = stage.post("/v1/jobs", body.append('}').toString());

        assertThat(fields(answer.json())).hasSize(20).startsWith("/x0").endsWith("/x19");
    }

    @Test
    void eachJobOfABatchHasItsOwnMistakesUnderItsPlace() {
        Answer answer = stage.post(
                "/v1/jobs/batch",
                "{\"jobs\":[{\"task\":\"echo\"},{\"task\":\"process-image\",\"payload\":{\"width\":1.5},\"runAt\":7},"
                        + "{\"task\":\"echo\",\"maxAttempts\":0}]}");

        JsonNode results = answer.json().get("results");
        assertThat(results.get(0).get("status").asInt()).isEqualTo(202);
        assertThat(fields(results.get(1).get("problem")))
                .containsExactly("/jobs/1/payload/width", "/jobs/1/payload/file", "/jobs/1/runAt");
        assertThat(results.get(2).get("problem").get("field").asString()).isEqualTo("/jobs/2/maxAttempts");
        assertThat(results.get(2).get("problem").has("errors")).isFalse();
    }

    @Test
    void aBatchReportsAllMistakesAroundItsJobs() {
        Answer answer =
                stage.post("/v1/jobs/batch", "{\"a/b\":1,\"job\":{\"c\":[2]},\"jobs\":[7,{\"task\":\"echo\"},[{}]]}");

        problem(answer, 422, "/a~1b is an unknown field");
        assertThat(fields(answer.json())).containsExactly("/a~1b", "/job", "/jobs/0", "/jobs/2");
        assertThat(answer.json().get("errors").get(1).get("detail").asString()).contains("did you mean 'jobs'?");
        assertThat(fields(stage.post("/v1/jobs/batch", "{\"a\":1,\"b~\":2}").json()))
                .containsExactly("/a", "/b~0", "/jobs");
        assertThat(fields(stage.post("/v1/jobs/batch", "{\"a\":1,\"jobs\":{\"task\":\"echo\"}}")
                        .json()))
                .containsExactly("/a", "/jobs");
        assertThat(stage.memory.rows().all()).isEmpty();
    }

    @Test
    void nothingIsReadAfterTwentyRefusals() {
        Refusals refusals = new Refusals();
        for (int i = 0; i < 20; i++) {
            String field = "/x" + i;
            refusals.add(() -> Problem.refused(field, "is wrong"));
        }

        refusals.add(ManyMistakesTest::notRead);
        refusals.check(ManyMistakesTest::notRead);

        assertThatThrownBy(refusals::requireNone).hasMessage("/x0 is wrong");
    }

    @Test
    void schedulesRedrivesPurgesAndRetriesReportAllMistakesToo() {
        assertThat(fields(stage.put(
                                "/v1/schedules/s",
                                "{\"task\":\"process-image\",\"cron\":\"61 * * * *\",\"zone\":\"EST\","
                                        + "\"payload\":{},\"overlap\":\"no\",\"jitterSeconds\":1.5,\"paused\":\"no\"}")
                        .json()))
                .containsExactly(
                        "/cron", "/zone", "/payload/file", "/payload/width", "/overlap", "/jitterSeconds", "/paused");
        assertThat(fields(stage.post(
                                "/v1/jobs/retry",
                                "{\"colour\":1,\"from\":\"x\",\"error\":\"y\",\"limit\":0,\"ratePerSecond\":0}")
                        .json()))
                .containsExactly("/colour", "/from", "/error", "/limit", "/ratePerSecond");
        assertThat(fields(stage.post("/v1/jobs/purge", "{\"task\":null,\"tag\":null,\"limit\":-1}")
                        .json()))
                .containsExactly("/task", "/tag", "/limit");
        String dead = stage.dead("process-image", "no route").text();
        assertThat(fields(stage.post("/v1/jobs/" + dead + "/retry", "{\"payload\":{\"file\":1,\"width\":true}}")
                        .json()))
                .containsExactly("/payload/file", "/payload/width");
        assertThat(fields(stage.post("/v1/jobs/" + dead + "/retry", "{\"a\":1,\"b\":2}")
                        .json()))
                .containsExactly("/a", "/b");
    }

    @Test
    void aPayloadThatIsTooLargeIsReportedAlone() {
        problem(
                stage.post(
                        "/v1/jobs",
                        "{\"task\":\"echo\",\"colour\":1,\"payload\":\"" + "x".repeat(5 * 1024 * 1024) + "\"}"),
                413,
                "The payload");
    }

    private static Problem notRead() {
        throw new AssertionError("read after the twentieth refusal");
    }

    private static List<String> fields(JsonNode problem) {
        return problem.path("errors")
                .valueStream()
                .map(error -> error.path("field").asString(""))
                .toList();
    }
}
