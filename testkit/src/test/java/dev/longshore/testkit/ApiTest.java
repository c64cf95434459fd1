package dev.longshore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.memory.InMemoryEngines;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.task.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the kit makes of an answer of the API. */
class ApiTest {
    private static Api answering(int status, String body) {
        String answer = Json.of(Map.of("statusCode", status, "body", body)).text();
        return new Api(
                new LambdaRunner(
                        (in, out, context) -> out.write(answer.getBytes(StandardCharsets.UTF_8)),
                        InMemoryEngines.create().clock(),
                        Duration.ofMinutes(1)),
                "ls_test_secret");
    }

    @Test
    void anAnswerIsItsJson() {
        assertThat(answering(202, "{\"id\":\"1\"}")
                        .post("/v1/jobs", Map.of(), Map.of())
                        .path("id")
                        .asString())
                .isEqualTo("1");
    }

    @Test
    void aFailureOfTheApiIsReportedWithItsStatus() {
        Api api = answering(503, "{\"detail\":\"A call of DynamoDB failed\"}");

        assertThatThrownBy(() -> api.post("/v1/jobs", Map.of(), Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The API answered 503: A call of DynamoDB failed");
    }

    @Test
    void allMistakesOfARequestAreReported() {
        Api api = answering(422, "{\"detail\":\"2 mistakes\",\"errors\":[{\"detail\":\"one\"},{\"detail\":\"two\"}]}");

        assertThatThrownBy(() -> api.post("/v1/jobs", Map.of(), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("one; two");
    }
}
