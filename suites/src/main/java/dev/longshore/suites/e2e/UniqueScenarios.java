package dev.longshore.suites.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requests with one unique key, wherever Longshore runs. */
public interface UniqueScenarios {
    /** The Longshore to test. */
    Api api();

    @Test
    default void duplicateIsAnsweredWithTheJobThatHasTheKeyUntilThatHasEnded() {
        String key = "unique-" + UUID.randomUUID();
        String first = api().enqueue(request(key, "first", Map.of("delaySeconds", 86_400)));

        Api.Answer kept = api().post("/v1/jobs", request(key, "second", Map.of()));
        Api.Answer rejected = api().post("/v1/jobs", request(key, "second", Map.of("onDuplicate", "reject")));

        assertThat(kept.status()).as(kept.raw().body()).isEqualTo(200);
        assertThat(kept.json().get("id").asString()).isEqualTo(first);
        assertThat(kept.json().get("duplicate").asBoolean()).isTrue();
        assertThat(rejected.status()).isEqualTo(409);
        assertThat(rejected.json().get("firstJob").asString()).isEqualTo(first);
        api().post("/v1/jobs/" + first + "/cancel", Map.of());
        JsonNode second = api().await(api().enqueue(request(key, "second", Map.of())), "SUCCEEDED");
        assertThat(second.get("result").get("value").asString()).isEqualTo("second");
    }

    @Test
    default void replacedJobRunsOnceWithTheLastPayloadAndTime() {
        String key = "unique-" + UUID.randomUUID();
        String first = api().enqueue(request(key, "first", Map.of("delaySeconds", 86_400)));

        for (String value : new String[] {"second", "third"}) {
            Api.Answer answer =
                    api().post("/v1/jobs", request(key, value, Map.of("onDuplicate", "replace", "delaySeconds", 1)));
            assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
            assertThat(answer.json().get("id").asString()).isEqualTo(first);
        }

        JsonNode job = api().await(first, "SUCCEEDED");
        assertThat(job.get("result").get("value").asString()).isEqualTo("third");
        assertThat(job.get("attempt").asInt()).isEqualTo(1);
    }

    @Test
    default void deadJobIsRedrivenOnlyWhileNoOtherHasItsKey() {
        String key = "unique-" + UUID.randomUUID();
        Map<String, Object> dying = request(key, "dead", Map.of());
        dying.put("payload", Map.of("failAttempts", 1, "failWith", "discard"));
        String dead = api().enqueue(dying);
        api().await(dead, "DEAD");
        String second = api().enqueue(request(key, "second", Map.of("delaySeconds", 86_400)));

        assertThat(api().post("/v1/jobs/" + dead + "/retry", Map.of()).status()).isEqualTo(409);

        api().post("/v1/jobs/" + second + "/cancel", Map.of());
        Api.Answer retried = api().post("/v1/jobs/" + dead + "/retry", Map.of("payload", Map.of("value", "fixed")));
        assertThat(retried.status()).as(retried.raw().body()).isEqualTo(200);
        api().await(dead, "SUCCEEDED");
    }

    private static Map<String, Object> request(String key, String value, Map<String, ?> more) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("task", "rehearse");
        request.put("payload", Map.of("value", value));
        request.put("uniqueKey", key);
        request.putAll(more);
        return request;
    }
}
