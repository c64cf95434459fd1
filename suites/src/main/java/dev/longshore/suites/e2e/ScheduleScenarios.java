package dev.longshore.suites.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** Schedules, wherever Longshore runs. Each test has a schedule of its own, and takes it away again. */
interface ScheduleScenarios {
    /** The Longshore to test. */
    Api api();

    @Test
    @Execution(ExecutionMode.CONCURRENT) // waits for up to two minutes
    default void aScheduleOfEveryMinuteMakesAJobThatSucceeds() {
        String name = "e2e-" + UUID.randomUUID();
        Api.Answer made = put(
                name,
                Map.of(
                        "task",
                        "rehearse",
                        "payload",
                        Map.of("value", name),
                        "cron",
                        "* * * * *",
                        "tags",
                        List.of(name)));
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        try {
            JsonNode job = awaitJob("schedule:" + name);

            JsonNode end = api().await(job.get("id").asString(), "SUCCEEDED");
            assertThat(end.get("result").get("value").asString()).isEqualTo(name);
            assertThat(end.get("meta").get("schedule").asString()).isEqualTo(name);
            Instant instant = Instant.parse(end.get("meta").get("scheduledFor").asString());
            assertThat(instant.getEpochSecond() % 60).isZero();
            assertThat(Instant.parse(end.get("startedAt").asString()))
                    .as("not before its instant")
                    .isAfterOrEqualTo(instant);
            JsonNode schedule = api().get("/v1/schedules/" + name).json();
            assertThat(schedule.get("last").get("outcome").asString()).isEqualTo("created");
            assertThat(schedule.get("skipped").asInt()).isZero();
        } finally {
            assertThat(delete(name).status()).isEqualTo(200);
        }
        assertThat(api().get("/v1/schedules/" + name).status()).isEqualTo(404);
    }

    @Test
    default void aScheduleOfAnIntervalHasInstantsAtEqualDistancesFromItsAnchor() {
        String name = "e2e-" + UUID.randomUUID();
        Api.Answer made = put(
                name,
                Map.of("task", "rehearse", "every", "PT90M", "anchor", "2090-03-10T12:00:00Z", "payload", Map.of()));
        try {
            assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
            assertThat(api().get("/v1/schedules/" + name)
                            .json()
                            .get("next")
                            .valueStream()
                            .map(JsonNode::asString))
                    .startsWith("2090-03-10T12:00:00.000Z", "2090-03-10T13:30:00.000Z", "2090-03-10T15:00:00.000Z");
        } finally {
            assertThat(delete(name).status()).isEqualTo(200);
        }
    }

    @Test
    default void aScheduleRunsNowPausesResumesAndListsItsNextFiveInstants() {
        String name = "e2e-" + UUID.randomUUID();
        put(name, Map.of("task", "rehearse", "cron", "30 2 29 FEB *", "zone", "Europe/Berlin"));
        try {
            JsonNode next = api().get("/v1/schedules/" + name).json().get("next");
            assertThat(next.valueStream().map(JsonNode::asString))
                    .hasSize(5)
                    .isSorted()
                    .allMatch(instant -> instant.endsWith("-02-29T01:30:00.000Z"));

            Api.Answer run = api().post("/v1/schedules/" + name + "/run", Map.of());
            assertThat(run.status()).isEqualTo(202);
            api().await(run.json().get("id").asString(), "SUCCEEDED");
            JsonNode last = api().get("/v1/schedules/" + name).json().get("last");
            assertThat(last.get("outcome").asString()).isEqualTo("run_now");
            assertThat(last.get("job").asString())
                    .isEqualTo(run.json().get("id").asString());

            Api.Answer paused = api().post("/v1/schedules/" + name + "/pause", Map.of());
            assertThat(paused.json().get("paused").asBoolean()).isTrue();
            Api.Answer resumed = api().post("/v1/schedules/" + name + "/resume", Map.of());
            assertThat(resumed.json().get("paused").asBoolean()).isFalse();
            assertThat(api().get("/v1/schedules?limit=100")
                            .json()
                            .get("schedules")
                            .toString())
                    .contains(name);
        } finally {
            assertThat(delete(name).status()).isEqualTo(200);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT) // waits for up to two minutes
    default void scheduleThatIsChangedOrDeletedStartsNothingOfItsOldDefinition() {
        String name = "e2e-" + UUID.randomUUID();
        Map<String, Object> old = Map.of(
                "task", "rehearse", "cron", "* * * * *", "tags", List.of(name), "payload", Map.of("value", "old"));
        put(name, old);
        try {
            awaitJob("schedule:" + name);
            Map<String, Object> changed = new HashMap<>(old);
            changed.put("payload", Map.of("value", "new"));
            assertThat(put(name, changed).status()).isEqualTo(200);
        } finally {
            assertThat(delete(name).status()).isEqualTo(200);
        }

        assertThat(api().get("/v1/jobs?tag=schedule:" + name)
                        .json()
                        .get("jobs")
                        .valueStream()
                        .filter(job -> "SCHEDULED".equals(job.get("state").asString())))
                .isEmpty();
    }

    @Test
    default void aScheduleThatCannotBeIsRefusedWithThePlaceOfTheMistake() {
        String name = "e2e-" + UUID.randomUUID();

        Api.Answer cron = put(name, Map.of("task", "rehearse", "cron", "0 25 * * *"));
        Api.Answer task = put(name, Map.of("task", "reherse", "cron", "@daily"));
        Api.Answer payload =
                put(name, Map.of("task", "rehearse", "cron", "@daily", "payload", Map.of("runMs", "long")));

        assertThat(cron.status()).isEqualTo(422);
        assertThat(cron.json().get("field").asString()).isEqualTo("/cron");
        assertThat(cron.json().get("detail").asString()).contains("hour", "0 to 23");
        assertThat(task.json().get("detail").asString()).contains("did you mean 'rehearse'?");
        assertThat(payload.json().get("field").asString()).isEqualTo("/payload/runMs");
        assertThat(api().get("/v1/schedules/" + name).status()).isEqualTo(404);
    }

    private Api.Answer put(String name, Map<String, ?> body) {
        return api().send(api().request("/v1/schedules/" + name)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(Json.of(body).text())));
    }

    private Api.Answer delete(String name) {
        return api().send(api().request("/v1/schedules/" + name).DELETE());
    }

    /** The first job with this tag; the dispatcher comes once a minute, and makes a job up to a minute ahead. */
    private JsonNode awaitJob(String tag) {
        return api().await(
                        "job with the tag " + tag,
                        Duration.ofMinutes(2),
                        () -> api().get("/v1/jobs?tag=" + tag)
                                .json()
                                .get("jobs")
                                .valueStream()
                                .findFirst());
    }
}
