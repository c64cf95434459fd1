package dev.longshore.suites.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** API keys from their creation to their end, as an administrator has them made and a client uses them. */
public interface KeyScenarios {
    /** An environment of the API caches a key for 60 s; the rest is for slow machines. */
    Duration UNTIL_REFUSED = Duration.ofSeconds(90);

    /** The Longshore to test. */
    Api api();

    @Test
    default void aKeyOfOneTaskIsMadeUsedRefusedElsewhereRotatedAndRevoked() {
        String name = "scenario " + UUID.randomUUID();
        JsonNode created = json(
                201,
                api().post(
                                "/v1/keys",
                                Map.of(
                                        "name",
                                        name,
                                        "scopes",
                                        List.of("enqueue", "read"),
                                        "tasks",
                                        List.of("rehearse"))));
        String path = "/v1/keys/" + created.get("id").asString();
        Api client = api().with(created.get("key").asString());

        client.await(client.rehearse(Map.of("value", 1)), "SUCCEEDED");
        assertThat(client.get("/v1/jobs?task=rehearse&limit=1").status()).isEqualTo(200);
        refused(client.post("/v1/jobs", Map.of("task", "generate-report", "payload", Map.of())), "restricted");
        refused(client.get("/v1/jobs"), "restricted");
        refused(client.get("/v1/queues"), "restricted");
        refused(client.get("/v1/keys"), "forbidden");
        refused(client.post("/v1/tasks/rehearse/pause", Map.of()), "forbidden");

        JsonNode rotated = json(200, api().post(path + "/rotate", Map.of("overlapSeconds", 600)));
        Api rotatedClient = api().with(rotated.get("key").asString());
        api().await("acceptance of the new secret", UNTIL_REFUSED, () -> when(rotatedClient, 200));
        assertThat(client.get("/v1/jobs?task=rehearse&limit=1").status())
                .as("the secret before, in the overlap")
                .isEqualTo(200);
        JsonNode shown = json(200, api().get(path));
        assertThat(shown.has("previousUntil")).isTrue();
        assertThat(shown.has("lastUsedAt")).isTrue();
        assertThat(shown.toString()).doesNotContain("ls_");

        JsonNode newest = json(200, api().post(path + "/rotate", Map.of("overlapSeconds", 0)));
        Api newestClient = api().with(newest.get("key").asString());
        api().await("refusal of the first secret", UNTIL_REFUSED, () -> when(client, 401));
        api().await("refusal of the second secret", UNTIL_REFUSED, () -> when(rotatedClient, 401));
        api().await("acceptance of the third secret", UNTIL_REFUSED, () -> when(newestClient, 200));

        assertThat(api().send(api().request(path).DELETE()).status()).isEqualTo(204);
        api().await("refusal of the revoked key", UNTIL_REFUSED, () -> when(newestClient, 401));
        assertThat(api().get(path).status()).isEqualTo(404);
        assertThat(api().get("/v1/operator-log?limit=100").raw().body())
                .contains("DELETE /v1/keys/{id}", path.substring(path.lastIndexOf('/') + 1));
    }

    private static Optional<Api.Answer> when(Api client, int status) {
        return Optional.of(client.get("/v1/jobs?task=rehearse&limit=1")).filter(answer -> answer.status() == status);
    }

    private static JsonNode json(int status, Api.Answer answer) {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(status);
        return answer.json();
    }

    private static void refused(Api.Answer answer, String problem) {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(403);
        assertThat(answer.json().get("type").asString()).endsWith("/" + problem);
    }
}
