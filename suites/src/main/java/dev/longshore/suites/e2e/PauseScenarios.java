package dev.longshore.suites.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Pausing and resuming, as an operator does it. Pauses the example task {@code generate-report}, which no other test uses. */
public interface PauseScenarios {
    /** The Longshore to test. */
    Api api();

    @Test
    default void aPausedTasksJobWaitsWithoutAnAttemptAndRunsWhenTheTaskIsResumed() {
        Api.Answer paused = api().post("/v1/tasks/generate-report/pause", Map.of());
        assertThat(paused.status()).as(paused.raw().body()).isEqualTo(200);
        assertThat(paused.json().get("paused").get("by").asString()).isNotBlank();
        try {
            String id = enqueueReport();
            api().awaitAnswer("/v1/tasks", "a held job of generate-report", tasks -> held(tasks) > 0);

            JsonNode waiting = api().job(id);
            assertThat(waiting.get("state").asString()).isEqualTo("QUEUED");
            assertThat(waiting.get("setAside").asBoolean()).isTrue();
            assertThat(waiting.get("attempt").asInt()).isZero();
            assertThat(api().post("/v1/tasks/generate-report/pause", Map.of())
                            .json()
                            .get("paused"))
                    .as("pausing twice is pausing once")
                    .isEqualTo(paused.json().get("paused"));

            Api.Answer resumed = api().post("/v1/tasks/generate-report/resume", Map.of());
            assertThat(resumed.json().has("paused")).isFalse();
            JsonNode done = api().await(id, "SUCCEEDED");
            assertThat(done.get("attempt").asInt()).isEqualTo(1);
            assertThat(Api.states(done)).containsExactly("SCHEDULED", "RUNNING", "SUCCEEDED");
        } finally {
            api().post("/v1/tasks/generate-report/resume", Map.of());
        }
    }

    @Test
    default void whatIsNotThereIsNotPaused() {
        Api.Answer pool = api().post("/v1/queues/rehearsal/pause", Map.of());
        Api.Answer task = api().post("/v1/tasks/reherse/resume", Map.of());

        assertThat(List.of(pool.status(), task.status())).containsOnly(404);
        assertThat(pool.json().get("detail").asString()).contains("did you mean 'rehearsals'?");
        assertThat(task.json().get("detail").asString()).contains("did you mean 'rehearse'?");
    }

    /** Of a job that comes to a worker when each one knows of the pause: they look once in five seconds. */
    private String enqueueReport() {
        return api().enqueue(Map.of(
                "task",
                "generate-report",
                "payload",
                Map.of("csv", "port,tons\nHamburg,7\nBremen,5\n", "title", "Made after a pause"),
                "delaySeconds",
                6));
    }

    private static int held(JsonNode tasks) {
        return tasks.get("tasks")
                .valueStream()
                .filter(task -> task.get("name").asString().equals("generate-report"))
                .mapToInt(task -> task.path("setAside").asInt(0))
                .sum();
    }
}
