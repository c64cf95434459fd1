package dev.longshore.suites.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What requests are taken, and what is said of those that are not: the same wherever Longshore runs. */
public interface RequestScenarios {
    /** The Longshore to test. */
    Api api();

    @Test
    default void aRequestOfTheSameMeaningIsTheSameRequest() {
        String key = UUID.randomUUID().toString();
        Api.Answer first = api().post(
                        "/v1/jobs",
                        Map.of("task", "rehearse", "payload", Map.of("value", 1), "tags", List.of()),
                        "Idempotency-Key",
                        key);

        Api.Answer again = api().post(
                        "/v1/jobs",
                        Map.of("task", "rehearse", "payload", Map.of("value", 1.0), "delaySeconds", 0),
                        "Idempotency-Key",
                        key);

        assertThat(first.status()).as(first.raw().body()).isEqualTo(202);
        assertThat(again.status()).as(again.raw().body()).isEqualTo(200);
        assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
    }

    @Test
    default void allMistakesOfARequestAreReportedAtOnce() {
        Api.Answer answer = api().post(
                        "/v1/jobs",
                        Map.of("task", "rehearse", "payload", Map.of("runMs", "long", "fail", 1), "delaySeconds", -1));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json()
                        .get("errors")
                        .valueStream()
                        .map(error -> error.get("field").asString()))
                .containsExactlyInAnyOrder("/payload/runMs", "/payload/fail", "/delaySeconds");
    }

    @Test
    default void whatOnlyAPayloadsCodeCanRefuseIsTakenAndEndsDeadAsUndecodable() {
        String id = api().rehearse(Map.of("runMs", -1));

        JsonNode job = api().await(id, "DEAD");

        assertThat(job.get("deadReason").asString()).isEqualTo("undecodable");
        assertThat(job.get("attempt").asInt()).isZero();
        assertThat(job.get("error").get("message").asString()).contains("runMs takes 0 to 900000, and got -1");
    }

    @Test
    default void taskSaysByAJsonSchemaWhatItsPayloadsLookLike() {
        JsonNode rehearse = api().get("/v1/tasks")
                .json()
                .get("tasks")
                .valueStream()
                .filter(task -> task.get("name").asString().equals("rehearse"))
                .findFirst()
                .orElseThrow();

        JsonNode schema = rehearse.get("payload");
        assertThat(schema.get("$schema").asString()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.get("type").asString()).isEqualTo("object");
        assertThat(schema.get("properties").propertyNames()).contains("runMs", "failAttempts", "value");
    }
}
