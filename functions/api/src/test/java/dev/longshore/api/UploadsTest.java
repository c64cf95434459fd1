package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.JobId;
import dev.longshore.job.engines.Uploads;
import dev.longshore.job.key.ApiKey.Scope;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Payloads that are uploaded first, and named by the jobs that get them. */
class UploadsTest {
    private static final String HELLO = "{\"value\":\"hello\"}";
    private static final String SHA256 = "0123456789abcdef".repeat(4);

    private final ApiStage stage = new ApiStage();

    @Test
    void aJobGetsTheUploadedPayload() {
        String ref = uploaded(HELLO);

        Answer job = enqueue(ref);

        assertThat(job.status()).as(job.body()).isEqualTo(202);
        assertThat(job.json().get("payload").toString()).isEqualTo(HELLO);
    }

    @Test
    void theAnswerSaysHowToUploadAndUntilWhen() {
        Answer answer = stage.post("/v1/uploads", "{\"bytes\":17,\"sha256\":\"" + SHA256 + "\"}");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text("method")).isEqualTo("PUT");
        assertThat(answer.json().get("headers").toString())
                .isEqualTo("{\"x-amz-checksum-sha256\":\"ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8=\"}");
        assertThat(answer.text("expiresAt")).isEqualTo("2026-03-10T12:15:00.000Z");
        assertThat(answer.json().get("maxBytes").asInt()).isEqualTo(Uploads.LARGEST);
        assertThat(answer.text("payloadRef")).matches("[0-9a-f-]{36}\\.[0-9a-f]{32}");
    }

    @Test
    void fiveMegabytesOfQuotesFitThroughAnUploadThoughNoDoorTakesThem() {
        String quotes = "\"" + "\\\"".repeat((EnqueueRequests.LARGEST_PAYLOAD - 2) / 2) + "\"";
        problem(stage.enqueue(quotes), 413, "POST /v1/uploads");

        Answer job = enqueue(uploaded(quotes));

        assertThat(job.status()).as(job.text("detail")).isEqualTo(202);
        JobId id = new JobId(job.text("id"));
        assertThat(stage.memory.jobs().payload(stage.job(id)).text()).isEqualTo(quotes);
    }

    @Test
    void aJobKeepsItsPayloadWhenTheUploadIsGone() {
        JsonNode upload = open(HELLO);
        put(upload, HELLO);
        JobId id = new JobId(enqueue(upload.get("payloadRef").asString()).text("id"));

        stage.memory.files().delete(file(upload));

        assertThat(stage.get("/v1/jobs/" + id + "/payload").body()).isEqualTo(HELLO);
    }

    @Test
    void anotherKeyCannotUseAnUpload() {
        String ref = uploaded(HELLO);
        String other = stage.key("other", EnumSet.of(Scope.ENQUEUE));

        Answer answer = stage.post("/v1/jobs", request(ref), Map.of("authorization", "Bearer " + other));

        problem(answer, 422, "names nothing that this key has uploaded");
        assertThat(answer.text("field")).isEqualTo("/payloadRef");
    }

    @Test
    void aRestrictedKeyUsesAnUploadForItsOwnTasksOnly() {
        String restricted = stage.key("restricted", EnumSet.of(Scope.ENQUEUE), Collections.singleton("process-image"));
        Map<String, String> asRestricted = Map.of("authorization", "Bearer " + restricted);
        JsonNode upload =
                stage.post("/v1/uploads", "{\"bytes\":27}", asRestricted).json();
        put(upload, "{\"file\":\"a.png\",\"width\":300}");
        String ref = upload.get("payloadRef").asString();

        assertThat(stage.post("/v1/jobs", request(ref), asRestricted).status()).isEqualTo(403);
        assertThat(stage.post("/v1/jobs", request(ref).replace("echo", "process-image"), asRestricted)
                        .status())
                .isEqualTo(202);
    }

    @Test
    void whatWasNeverUploadedIsRefusedAndSoIsWhatIsNoReference() {
        String ref = open(HELLO).get("payloadRef").asString();

        problem(enqueue(ref), 422, "names nothing that this key has uploaded", "send the PUT first");
        problem(enqueue("../../secret"), 422, "/payloadRef is no payloadRef");
        problem(enqueue(ref.substring(0, 37) + "0".repeat(32)), 422, "names nothing that this key has uploaded");
    }

    @Test
    void anUploadCanBeUsedForADayByAnyNumberOfJobs() {
        String ref = uploaded(HELLO);

        stage.memory.clock().advance(Uploads.KEPT.minusMillis(1));
        assertThat(enqueue(ref).status()).isEqualTo(202);
        assertThat(enqueue(ref).status()).isEqualTo(202);
        stage.memory.clock().advance(Duration.ofMillis(1));

        problem(enqueue(ref), 422, "an upload is kept for 24 hours", "upload the payload again");
    }

    @Test
    void anUploadIsCheckedLikeAPayloadInTheRequest() {
        Answer mistaken = stage.post(
                "/v1/jobs",
                request(uploaded("{\"file\":\"a.png\",\"width\":\"wide\"}")).replace("echo", "process-image"));

        problem(mistaken, 422, "/payload/width");
        problem(enqueue(uploaded("{\"a\":")), 422, "/payloadRef names an upload that is no JSON", "column");
        problem(enqueue(uploaded("{\"a\":1} x")), 422, "/payloadRef names an upload that is no JSON");
        problem(enqueue(uploaded(" ")), 422, "/payloadRef names an upload that is no JSON", "empty");
        problem(enqueue(uploaded("{\"a\":1,\"a\":2}")), 422, "/payloadRef names an upload that is no JSON", "twice");
        problem(enqueue(uploaded("[".repeat(501) + "]".repeat(501))), 422, "500");
    }

    @Test
    void moreThanWasAnnouncedIsRefusedWhereTheStoreTookIt() {
        JsonNode upload = open(HELLO);
        put(upload, "\"" + "x".repeat(Uploads.LARGEST) + "\"");

        problem(enqueue(upload.get("payloadRef").asString()), 413, "5242881 bytes", "5242880 are allowed");
    }

    @Test
    void anUploadThatIsTooLargeIsRefusedBeforeItIsSent() {
        problem(stage.post("/v1/uploads", "{\"bytes\":5242881}"), 413, "5242881", "5242880");
        problem(stage.post("/v1/uploads", "{\"bytes\":0}"), 422, "/bytes");
        problem(stage.post("/v1/uploads", "{}"), 422, "/bytes is missing");
        problem(stage.post("/v1/uploads", "{\"bytes\":1,\"sha256\":\"zz\"}"), 422, "/sha256", "64 hexadecimal");
        problem(stage.post("/v1/uploads", "{\"bytes\":1,\"size\":2}"), 422, "/size");
    }

    @Test
    void payloadAndPayloadRefTogetherAreRefused() {
        String ref = uploaded(HELLO);

        problem(
                stage.post("/v1/jobs", "{\"task\":\"echo\",\"payload\":1,\"payloadRef\":\"" + ref + "\"}"),
                422,
                "/payloadRef and /payload");
    }

    @Test
    void aRepeatWithTheSameReferenceIsTheSameRequestAndOneWithAnotherIsNot() {
        String ref = uploaded(HELLO);
        Map<String, String> key = Map.of("idempotency-key", "k-1");

        Answer first = stage.post("/v1/jobs", request(ref), key);
        Answer again = stage.post("/v1/jobs", request(ref), key);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("id")).isEqualTo(first.text("id"));
        problem(stage.post("/v1/jobs", request(uploaded(HELLO)), key), 422, first.text("id"));
    }

    @Test
    void theJobsOfABatchNameUploads() {
        String ref = uploaded(HELLO);

        JsonNode results = stage.post(
                        "/v1/jobs/batch",
                        "{\"jobs\":[" + request(ref) + "," + request("nothing") + "," + request(ref) + "]}")
                .json()
                .get("results");

        assertThat(results.valueStream().map(result -> result.get("status").asInt()))
                .containsExactly(202, 422, 202);
        assertThat(results.get(1).get("problem").get("field").asString()).isEqualTo("/jobs/1/payloadRef");
    }

    @Test
    void aBatchTakesPayloadsOfTwentyMegabytesTogether() {
        String ref = uploaded("\"" + "x".repeat(Uploads.LARGEST - 12) + "\"");
        String jobs = (request(ref) + ",").repeat(5) + "{\"task\":\"echo\"}";

        JsonNode results =
                stage.post("/v1/jobs/batch", "{\"jobs\":[" + jobs + "]}").json().get("results");

        assertThat(results.valueStream().map(result -> result.get("status").asInt()))
                .containsExactly(202, 202, 202, 202, 413, 202);
        assertThat(results.get(4).get("problem").get("detail").asString())
                .contains("26214350 bytes", "20971520 are allowed", "another batch");
    }

    private String uploaded(String content) {
        JsonNode upload = open(content);
        put(upload, content);
        return upload.get("payloadRef").asString();
    }

    private JsonNode open(String content) {
        int bytes = content.getBytes(StandardCharsets.UTF_8).length;
        Answer answer = stage.post("/v1/uploads", "{\"bytes\":" + bytes + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json();
    }

    private void put(JsonNode upload, String content) {
        stage.memory.files().write(file(upload), content.getBytes(StandardCharsets.UTF_8));
    }

    private static String file(JsonNode upload) {
        return URI.create(upload.get("url").asString()).getPath().substring(1);
    }

    private Answer enqueue(String ref) {
        return stage.post("/v1/jobs", request(ref));
    }

    private static String request(String ref) {
        return "{\"task\":\"echo\",\"payloadRef\":\"" + ref + "\"}";
    }
}
