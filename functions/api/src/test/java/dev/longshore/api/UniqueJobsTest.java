package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.task.Json;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A request whose unique key another job has. */
class UniqueJobsTest {
    private final ApiStage stage = new ApiStage();

    // ---- keep

    @Test
    void duplicateIsAnsweredWithTheFirstJob() {
        JobId first = stage.enqueued(echo("1", ""));

        Answer answer = stage.post("/v1/jobs", echo("2", ""));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("id")).isEqualTo(first.text());
        assertThat(answer.json().path("duplicate").asBoolean()).isTrue();
        assertThat(answer.text("uniqueKey")).isEqualTo("k");
        assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + first);
        assertThat(payload(first)).isEqualTo("1");
        assertThat(stage.get("/v1/jobs/" + first).json().has("duplicate")).isFalse();
        assertThat(stage.post("/v1/jobs", "{\"task\":\"echo\"}").status()).isEqualTo(202);
    }

    @Test
    void keyIsFreeWhenItsJobHasEnded() {
        JobId first = stage.enqueued(echo("1", ""));
        stage.killed(first, "no route");

        assertThat(stage.enqueued(echo("2", ""))).isNotEqualTo(first);
    }

    @Test
    void repeatedRequestIsTheSameJobThoughAnotherHasTheKey() {
        Map<String, String> key = Map.of("idempotency-key", "order-1");
        Answer first = stage.post("/v1/jobs", echo("1", ""), key);
        stage.killed(new JobId(first.text("id")), "no route");
        JobId second = stage.enqueued(echo("1", ""));

        Answer repeated = stage.post("/v1/jobs", echo("1", ""), key);

        assertThat(repeated.status()).isEqualTo(200);
        assertThat(repeated.text("id")).isEqualTo(first.text("id")).isNotEqualTo(second.text());
        assertThat(repeated.json().has("duplicate")).isFalse();
        assertThat(repeated.text("state")).isEqualTo("DEAD");
    }

    @Test
    void keyWithoutTheScopeReadGetsTheStatusAloneAndThatItIsADuplicate() {
        JobId first = stage.enqueued(echo("1", ""));
        String key = stage.key("writer", EnumSet.of(Scope.ENQUEUE));

        Answer answer = stage.post("/v1/jobs", echo("2", ""), Map.of("authorization", "Bearer " + key));

        assertThat(answer.text("id")).isEqualTo(first.text());
        assertThat(answer.json().path("duplicate").asBoolean()).isTrue();
        assertThat(answer.json().has("uniqueKey")).isFalse();
        assertThat(answer.json().has("payload")).isFalse();
    }

    @Test
    void firstOfTwoDuplicatesInABatchIsMade() {
        Answer answer = stage.post(
                "/v1/jobs/batch", "{\"jobs\":[" + echo("1", "") + "," + echo("2", "") + ",{\"task\":\"echo\"}]}");

        JsonNode results = answer.json().path("results");
        assertThat(results.valueStream().map(result -> result.path("status").asInt()))
                .containsExactly(202, 200, 202);
        assertThat(results.get(1).path("job").path("id"))
                .isEqualTo(results.get(0).path("job").path("id"));
        assertThat(results.get(1).path("job").path("duplicate").asBoolean()).isTrue();
        assertThat(payload(new JobId(results.get(0).path("job").path("id").asString())))
                .isEqualTo("1");
    }

    @Test
    void requestThatIsUniqueWhileWaitingMakesAJobBesideARunningOne() {
        JobId first = stage.enqueued(echo("1", ""));
        String waiting = echo("2", ",\"uniqueWhile\":\"waiting\"");
        assertThat(stage.post("/v1/jobs", waiting).text("id")).isEqualTo(first.text());

        stage.claimed(first);

        assertThat(stage.post("/v1/jobs", echo("2", "")).text("id")).isEqualTo(first.text());
        assertThat(stage.enqueued(waiting)).isNotEqualTo(first);
    }

    // ---- replace

    @Test
    void waitingJobGetsThePayloadAndTheTimeOfTheRequest() {
        JobId first = stage.enqueued(echo("1", ",\"delaySeconds\":60"));
        stage.memory.clock().advance(Duration.ofSeconds(10));

        Answer answer = stage.post("/v1/jobs", echo("2", ",\"onDuplicate\":\"replace\",\"delaySeconds\":60"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("duplicate").asBoolean()).isTrue();
        assertThat(answer.text("id")).isEqualTo(first.text());
        assertThat(answer.json().path("payload").asInt()).isEqualTo(2);
        assertThat(stage.job(first).due())
                .isEqualTo(stage.job(first).createdAt().plusSeconds(70));
        assertThat(payload(first)).isEqualTo("2");
    }

    @Test
    void debounceEndsAtItsLongest() {
        String request = ",\"onDuplicate\":\"replace\",\"delaySeconds\":60,\"debounceMaxSeconds\":90";
        JobId first = stage.enqueued(echo("1", request));
        for (int i = 0; i < 3; i++) {
            stage.memory.clock().advance(Duration.ofSeconds(25));
            stage.post("/v1/jobs", echo("2", request));
        }

        Job job = stage.job(first);

        assertThat(job.due()).isEqualTo(job.createdAt().plusSeconds(90));
        assertThat(payload(first)).isEqualTo("2");
    }

    @Test
    void runningJobKeepsItsPayloadAndTheRequestMakesAnother() {
        JobId first = stage.enqueued(echo("1", ""));
        stage.claimed(first);

        JobId second = stage.enqueued(echo("2", ",\"onDuplicate\":\"replace\""));

        assertThat(second).isNotEqualTo(first);
        assertThat(payload(first)).isEqualTo("1");
    }

    // ---- reject

    @Test
    void rejectedDuplicateNamesTheJobThatHasTheKey() {
        JobId first = stage.enqueued(echo("1", ""));

        Answer answer = stage.post("/v1/jobs", echo("2", ",\"onDuplicate\":\"reject\""));

        problem(answer, 409);
        assertThat(answer.text("type")).endsWith("/conflict");
        assertThat(answer.text("firstJob")).isEqualTo(first.text());
        assertThat(answer.text("detail")).contains(first.text()).contains("onDuplicate");
        Answer batch = stage.post("/v1/jobs/batch", "{\"jobs\":[" + echo("2", ",\"onDuplicate\":\"reject\"") + "]}");
        assertThat(batch.json().path("results").get(0).path("status").asInt()).isEqualTo(409);
    }

    // ---- what is refused

    @Test
    void settingsWithoutAKeyAndADebounceOfWhatIsNotReplacedAreRefused() {
        for (String setting :
                List.of("\"onDuplicate\":\"keep\"", "\"uniqueWhile\":\"waiting\"", "\"debounceMaxSeconds\":9")) {
            String field = setting.substring(1, setting.indexOf('"', 1));
            problem(stage.post("/v1/jobs", "{\"task\":\"echo\"," + setting + "}"), 422, "/" + field);
        }
        problem(stage.post("/v1/jobs", echo("1", ",\"debounceMaxSeconds\":9")), 422, "/debounceMaxSeconds");
        problem(stage.post("/v1/jobs", echo("1", ",\"onDuplicate\":\"drop\"")), 422, "/onDuplicate");
        problem(
                stage.post("/v1/jobs", "{\"task\":\"echo\",\"uniqueKey\":\"" + "k".repeat(256) + "\"}"),
                422,
                "/uniqueKey");
    }

    // ---- what the task says

    @Test
    void taskThatIsUniqueByFieldsOfItsPayloadNeedsNoKey() {
        JobId first = stage.enqueued(report("{\"customer\":7,\"at\":\"monday\"}", ""));

        assertThat(stage.post("/v1/jobs", report("{\"at\":\"friday\",\"customer\":7.0}", ""))
                        .text("id"))
                .as("by the value of the number")
                .isEqualTo(first.text());
        stage.enqueued(report("{\"customer\":8}", ""));
        JobId withoutCustomer = stage.enqueued(report("{}", ""));
        assertThat(stage.post("/v1/jobs", report("{\"customer\":null}", "")).text("id"))
                .isEqualTo(withoutCustomer.text());
        JobId byKey = stage.enqueued(report("{\"customer\":7}", ",\"uniqueKey\":\"k\""));
        assertThat(byKey).as("the request's key wins").isNotEqualTo(first);
        problem(stage.post("/v1/jobs", report("{\"customer\":7}", ",\"onDuplicate\":\"reject\"")), 409);
    }

    @Test
    void taskSaysByWhatItsJobsAreUnique() {
        JsonNode tasks = stage.get("/v1/tasks").json().path("tasks");

        JsonNode unique = tasks.valueStream()
                .filter(task -> task.path("name").asString().equals("report"))
                .findFirst()
                .orElseThrow()
                .path("unique");

        assertThat(Json.of(unique).text())
                .isEqualTo("{\"fields\":[\"/customer\"],\"onDuplicate\":\"keep\",\"uniqueWhile\":\"unfinished\"}");
        assertThat(tasks.get(0).has("unique")).isFalse();
    }

    // ---- operators

    @Test
    void deadJobIsNotRedrivenWhileAnotherHasItsKey() {
        JobId first = stage.enqueued(echo("1", ""));
        stage.killed(first, "no route");
        JobId second = stage.enqueued(echo("2", ""));

        for (String body : List.of("", "{\"payload\":3}")) {
            Answer answer = stage.post("/v1/jobs/" + first + "/retry", body);
            problem(answer, 409);
            assertThat(answer.text("firstJob")).isEqualTo(second.text());
            assertThat(answer.text("detail")).contains(second.text());
        }
        assertThat(stage.job(first).state()).isEqualTo(JobState.DEAD);
        stage.post("/v1/jobs/" + second + "/cancel", "");
        assertThat(stage.post("/v1/jobs/" + first + "/retry", "").text("state")).isEqualTo("QUEUED");
        assertThat(stage.post("/v1/jobs", echo("4", "")).text("id")).isEqualTo(first.text());
    }

    @Test
    void rerunTakesTheKeyOfItsJobOrIsRefused() {
        JobId first = stage.enqueued(echo("1", ""));
        stage.killed(first, "no route");

        JobId second = new JobId(stage.post("/v1/jobs/" + first + "/rerun", "").text("id"));

        assertThat(stage.job(second).uniqueKey()).isEqualTo("k");
        problem(stage.post("/v1/jobs/" + first + "/rerun", ""), 409);
        JobId report = stage.enqueued(report("{\"customer\":7}", ""));
        stage.killed(report, "no route");
        JobId other = new JobId(stage.post("/v1/jobs/" + report + "/rerun", "{\"payload\":{\"customer\":8}}")
                .text("id"));
        assertThat(stage.job(other).uniqueKey())
                .as("of its own payload")
                .isNotEqualTo(stage.job(report).uniqueKey());
    }

    private String payload(JobId id) {
        return stage.memory.jobs().payload(stage.job(id)).text();
    }

    private static String echo(String payload, String more) {
        return "{\"task\":\"echo\",\"payload\":" + payload + ",\"uniqueKey\":\"k\"" + more + "}";
    }

    private static String report(String payload, String more) {
        return "{\"task\":\"report\",\"payload\":" + payload + more + "}";
    }
}
