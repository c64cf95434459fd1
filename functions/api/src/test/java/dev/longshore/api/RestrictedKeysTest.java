package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.JobId;
import dev.longshore.job.deadletter.Quarantine.Quarantined;
import dev.longshore.job.key.ApiKey.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A key that is restricted to tasks: what it gets of its own, and that it gets nothing of others. */
class RestrictedKeysTest {
    private static final String MARK = "word-of-another-task";
    private static final String OTHERS_PAYLOAD = "{\"file\":\"" + MARK + "\",\"width\":1}";
    private static final String OTHERS_JOB =
            "{\"task\":\"process-image\",\"tags\":[\"" + MARK + "\"],\"payload\":" + OTHERS_PAYLOAD;

    /** Calls that answer a restricted key with its own part of everything, or that are about no task yet. */
    private static final Set<String> ANSWERED_IN_PART = Set.of("GET /v1/tasks", "POST /v1/uploads");

    private final ApiStage stage = new ApiStage();
    private final String echo = stage.key("restricted", EnumSet.complementOf(EnumSet.of(Scope.ADMIN)), Set.of("echo"));
    private final String image = stage.key("image", EnumSet.allOf(Scope.class), Set.of("process-image"));

    /** Every call of the API, with everything of another task that its path, query or body can name. */
    @Test
    void noCallOfTheApiGivesAnotherTasksDataOrChangesIt() {
        JobId waiting = stage.enqueued(OTHERS_JOB + ",\"delaySeconds\":600}");
        JobId ended = stage.enqueued(OTHERS_JOB + "}");
        stage.post("/v1/jobs/" + ended + "/cancel", "");
        JobId dead = stage.enqueued(OTHERS_JOB + "}");
        stage.killed(dead, MARK);
        assertThat(schedule(
                        "others",
                        "{\"task\":\"process-image\",\"cron\":\"@daily\",\"payload\":" + OTHERS_PAYLOAD + "}"))
                .isEqualTo(201);
        Instant now = stage.memory.clock().instant();
        stage.memory.quarantine().keep(new Quarantined("m1", "heavy", MARK, now, now.plusSeconds(60)));
        List<String> ids = List.of(
                waiting.text(),
                ended.text(),
                dead.text(),
                "others",
                "process-image",
                "resize-image",
                "heavy",
                "m1",
                "all");
        List<String> queries = List.of("", "?task=process-image", "?task=resize-image");
        List<String> bodies = List.of(
                "",
                "{}",
                OTHERS_JOB + "}",
                "{\"task\":\"resize-image\",\"payload\":" + OTHERS_PAYLOAD + "}",
                "{\"jobs\":[" + OTHERS_JOB + "}]}",
                "{\"task\":\"process-image\"}",
                "{\"task\":\"process-image\",\"payload\":" + OTHERS_PAYLOAD + "}",
                "{\"task\":\"process-image\",\"cron\":\"@daily\",\"payload\":" + OTHERS_PAYLOAD + "}",
                "{\"task\":\"echo\",\"cron\":\"@daily\"}",
                "{\"all\":true}",
                "{\"bytes\":1}",
                "{\"all\":true,\"dryRun\":true}",
                "{\"tag\":\"" + MARK + "\",\"dryRun\":true}");
        String before = everything();
        Set<String> walked = new TreeSet<>();

        for (String call : stage.function.calls()) {
            String[] sides = call.split(" ", 2);
            if (!sides[1].startsWith("/v1/") || sides[1].equals("/v1/health")) {
                continue; // pages, and requests without a key
            }
            walked.add(call);
            boolean refusedWithAReason = false;
            for (String path : paths(sides[1], ids)) {
                for (String query : sides[0].equals("GET") ? queries : List.of("")) {
                    for (String body : sides[0].equals("GET") ? List.of("") : bodies) {
                        Answer answer = stage.as(echo, sides[0], path + query, body);
                        String what =
                                call + " " + path + query + " " + body + ": " + answer.status() + " " + answer.body();
                        assertThat(answer.body())
                                .as(what)
                                .doesNotContain(MARK, waiting.text(), ended.text(), dead.text());
                        assertThat(answer.status())
                                .as(what)
                                .satisfiesAnyOf(
                                        status -> assertThat(status).isBetween(400, 499),
                                        status -> assertThat(status).isEqualTo(207),
                                        status -> assertThat(ANSWERED_IN_PART).contains(call),
                                        status ->
                                                assertThat(answer.text("task")).isEqualTo("echo"));
                        refusedWithAReason |=
                                answer.status() == 403 || answer.body().contains("\"status\":403");
                    }
                }
            }
            assertThat(refusedWithAReason || ANSWERED_IN_PART.contains(call))
                    .as(call)
                    .isTrue();
        }

        assertThat(walked).hasSizeGreaterThan(30);
        assertThat(stage.as(echo, "GET", "/v1/tasks", "").body()).doesNotContain("process-image", "width");
        assertThat(everything()).as("nothing of the other task was changed").isEqualTo(before);
    }

    private static List<String> paths(String route, List<String> ids) {
        if (!route.contains("{")) {
            return List.of(route);
        }
        List<String> paths = new ArrayList<>();
        ids.forEach(id -> paths.add(route.replaceAll("\\{[^}]*}", id)));
        return paths;
    }

    /** The other task's rows, schedules, pauses, messages and keys. */
    private String everything() {
        return stage.memory.rows().all().stream()
                        .map(Object::toString)
                        .filter(row -> row.contains(MARK) || row.contains("process-image"))
                        .sorted()
                        .toList()
                + stage.get("/v1/schedules/others").body()
                + stage.memory.pauses().all().stream()
                        .filter(pause -> !pause.what().name().equals("echo"))
                        .toList()
                + stage.get("/v1/quarantine").body()
                + stage.memory.keys().apiKeyIds();
    }

    @Test
    void aRefusalSaysWhatToPass() {
        problem(stage.as(echo, "GET", "/v1/jobs", ""), 403, "restricted to the tasks echo", "pass ?task=");
        problem(stage.as(echo, "GET", "/v1/stats", ""), 403, "pass ?task=");
        problem(stage.as(echo, "GET", "/v1/dead-letters", ""), 403, "pass ?task=");
        problem(stage.as(echo, "POST", "/v1/jobs/purge", "{\"all\":true}"), 403, "send 'task'");
        problem(stage.as(echo, "GET", "/v1/queues", ""), 403, "all tasks", "a key that is not restricted");
        Answer another =
                problem(stage.as(echo, "POST", "/v1/jobs", "{\"task\":\"process-imag\"}"), 403, "another task");
        assertThat(another.text("type")).endsWith("/restricted");
        assertThat(another.body()).as("no name of a task is given away").doesNotContain("process-image");
    }

    @Test
    void theKeyDoesWithItsOwnTaskWhatItsScopesSay() {
        String job = stage.as(echo, "POST", "/v1/jobs", "{\"task\":\"echo\",\"delaySeconds\":600}")
                .text("id");
        for (String path : List.of(
                "/v1/jobs/" + job,
                "/v1/jobs/" + job + "/payload",
                "/v1/jobs?task=echo",
                "/v1/stats?task=echo",
                "/v1/dead-letters?task=echo",
                "/v1/tasks")) {
            assertThat(stage.as(echo, "GET", path, "").status()).as(path).isEqualTo(200);
        }
        assertThat(stage.as(echo, "GET", "/v1/jobs?task=echo", "").body()).contains(job);
        for (String path : List.of(
                "/v1/jobs/" + job + "/cancel",
                "/v1/jobs/" + job + "/rerun",
                "/v1/tasks/echo/pause",
                "/v1/tasks/echo/resume")) {
            assertThat(stage.as(echo, "POST", path, "").status()).as(path).isIn(200, 202);
        }
        assertThat(stage.as(echo, "PUT", "/v1/schedules/mine", "{\"task\":\"echo\",\"cron\":\"@daily\"}")
                        .status())
                .isEqualTo(201);
        assertThat(stage.as(echo, "POST", "/v1/schedules/mine/run", "").status())
                .isEqualTo(202);
        assertThat(stage.as(echo, "POST", "/v1/jobs/retry", "{\"task\":\"echo\",\"dryRun\":true}")
                        .status())
                .isEqualTo(200);
        assertThat(stage.as(
                                echo,
                                "POST",
                                "/v1/jobs/batch",
                                "{\"jobs\":[{\"task\":\"echo\"},{\"task\":\"process-image\"}]}")
                        .json()
                        .get("results")
                        .valueStream()
                        .map(result -> result.get("status").asInt()))
                .containsExactly(202, 403);
    }

    @Test
    void aTaskIsTheSameUnderItsAlias() {
        JobId id = stage.enqueued(OTHERS_JOB + "}");

        assertThat(stage.as(image, "GET", "/v1/jobs/" + id, "").status()).isEqualTo(200);
        assertThat(stage.as(image, "GET", "/v1/jobs?task=resize-image", "").status())
                .isEqualTo(200);
        String byAlias = stage.post("/v1/keys", "{\"name\":\"a\",\"scopes\":[\"read\"],\"tasks\":[\"resize-image\"]}")
                .text("key");
        assertThat(stage.as(byAlias, "GET", "/v1/jobs/" + id, "").status()).isEqualTo(200);
    }

    @Test
    void aDeadJobOfTheKeysTaskIsNotRetriedAsAnother() {
        JobId dead = stage.dead("echo", "no route");

        problem(
                stage.as(echo, "POST", "/v1/jobs/" + dead + "/retry", "{\"task\":\"process-image\"}"),
                403,
                "another task");
        assertThat(stage.as(echo, "POST", "/v1/jobs/" + dead + "/retry", "").status())
                .isEqualTo(200);
    }

    @Test
    void aScheduleIsNotTakenOverFromAnotherTask() {
        schedule("others", "{\"task\":\"process-image\",\"cron\":\"@daily\",\"payload\":" + OTHERS_PAYLOAD + "}");

        problem(
                stage.as(echo, "PUT", "/v1/schedules/others", "{\"task\":\"echo\",\"cron\":\"@daily\"}"),
                403,
                "another task");
        assertThat(stage.get("/v1/schedules/others").text("task")).isEqualTo("process-image");
    }

    @Test
    void anIdempotencyKeyOfAnotherTasksJobNamesNoJob() {
        Map<String, String> key = Map.of("idempotency-key", "k");
        String first = stage.post("/v1/jobs", OTHERS_JOB + "}", key).text("id");

        Answer refused = stage.post(
                "/v1/jobs", "{\"task\":\"echo\"}", Map.of("idempotency-key", "k", "authorization", "Bearer " + echo));

        assertThat(problem(refused, 422, "belongs to another request").body()).doesNotContain(first);
    }

    @Test
    void statsOfATaskCountItsJobsAlone() {
        stage.enqueue("1");
        stage.enqueued(OTHERS_JOB + "}");

        assertThat(stage.get("/v1/stats?task=echo").json().get("jobs").asInt()).isEqualTo(1);
        assertThat(stage.get("/v1/stats").json().get("jobs").asInt()).isEqualTo(2);
        problem(stage.get("/v1/stats?task=ecko"), 422, "did you mean 'echo'?");
    }

    private int schedule(String name, String body) {
        return stage.put("/v1/schedules/" + name, body).status();
    }
}
