package dev.longshore.suites.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A payload that is uploaded before its job is enqueued. */
public interface UploadScenarios {
    /** The Longshore to test. */
    Api api();

    @Test
    default void aPayloadThatNoDoorTakesIsUploadedAndItsJobSucceeds() {
        String quotes =
                "\"".repeat(2_000_000); // four times as long in Lambda's event, where quote and backslash are escaped
        String payload = Json.of(Map.of("value", quotes)).text();
        assertThat(api().post("/v1/jobs", Map.of("task", "rehearse", "payload", Map.of("value", quotes)))
                        .status())
                .isEqualTo(413);

        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        Api.Answer opened = api().post("/v1/uploads", Map.of("bytes", bytes.length));
        assertThat(opened.status()).as(opened.raw().body()).isEqualTo(201);
        JsonNode upload = opened.json();
        String ref = upload.get("payloadRef").asString();
        assertThat(api().post("/v1/jobs", Map.of("task", "rehearse", "payloadRef", ref))
                        .status())
                .as("before the PUT")
                .isEqualTo(422);
        HttpRequest.Builder put =
                HttpRequest.newBuilder(URI.create(upload.get("url").asString())).PUT(BodyPublishers.ofByteArray(bytes));
        upload.get("headers")
                .properties()
                .forEach(header -> put.header(header.getKey(), header.getValue().asString()));
        Api.Answer sent = api().send(put);
        assertThat(sent.status()).as(sent.raw().body()).isEqualTo(200);

        String id = api().enqueue(Map.of("task", "rehearse", "payloadRef", ref, "delaySeconds", 3_600));

        assertThat(api().send(api().request("/v1/jobs/" + id + "/payload")
                                .header("Accept-Encoding", "gzip")
                                .GET())
                        .status())
                .isEqualTo(200);
        assertThat(api().post("/v1/jobs/" + id + "/cancel", Map.of()).status()).isEqualTo(200);
        String small = uploaded(Map.of("value", "uploaded"));
        JsonNode job = api().await(api().enqueue(Map.of("task", "rehearse", "payloadRef", small)), "SUCCEEDED");
        assertThat(job.get("payload").get("value").asString()).isEqualTo("uploaded");
    }

    private String uploaded(Map<String, ?> payload) {
        byte[] bytes = Json.of(payload).utf8();
        JsonNode upload =
                api().post("/v1/uploads", Map.of("bytes", bytes.length)).json();
        Api.Answer sent = api().send(
                        HttpRequest.newBuilder(URI.create(upload.get("url").asString()))
                                .PUT(BodyPublishers.ofByteArray(bytes)));
        assertThat(sent.status()).as(sent.raw().body()).isEqualTo(200);
        return upload.get("payloadRef").asString();
    }
}
