package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.Page;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.job.operatorlog.OperatorLog;
import dev.longshore.memory.InMemoryOperatorLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who did what, when; and what becomes of an action that cannot be logged. */
class OperatorLogTest {
    private final ApiStage stage = new ApiStage();

    @Test
    void everyCallOfAnOperatorIsLoggedWithItsKeyAndOutcomeNewestFirst() {
        JobId id = stage.enqueued("{\"task\":\"echo\",\"payload\":\"secret\"}");
        String key = stage.key("ops7", Set.of(Scope.OPERATE));
        as(key, "/v1/jobs/" + id + "/cancel", "");
        stage.memory.clock().advance(Duration.ofMillis(1));
        as(key, "/v1/jobs/" + id + "/retry", "{\"payload\":\"secret\"}");
        stage.memory.clock().advance(Duration.ofMillis(1));
        String order = as(key, "/v1/jobs/purge", "{\"tag\":\"secret\"}").text("id");

        JsonNode entries = stage.get("/v1/operator-log").json().get("entries");

        assertThat(entries).hasSize(3);
        assertThat(entries.get(0).toString())
                .contains(
                        "\"key\":\"ops7\"", "POST /v1/jobs/purge", "/v1/jobs/" + order, "\"outcome\":\"done\"", "202");
        assertThat(entries.get(1).toString())
                .contains("POST /v1/jobs/{id}/retry", id.text(), "\"outcome\":\"refused\"", "409");
        assertThat(entries.get(2).toString())
                .contains("POST /v1/jobs/{id}/cancel", id.text(), "\"status\":200", "2026-03-10T12:00:00.000Z");
        assertThat(entries.toString()).doesNotContain("secret");
    }

    @Test
    void whatIsRefusedAtTheDoorAndWhatOnlyReadsIsNotLogged() {
        JobId id = stage.enqueued("{\"task\":\"echo\"}");
        problem(as(stage.key("reader", Set.of(Scope.READ)), "/v1/jobs/" + id + "/cancel", ""), 403);
        stage.get("/v1/jobs/" + id);

        assertThat(stage.get("/v1/operator-log").json().get("entries")).isEmpty();
    }

    @Test
    void anActionThatCannotBeLoggedIsNotDone() {
        JobId id = stage.enqueued("{\"task\":\"echo\"}");
        FailingLog log = new FailingLog(1);

        problem(with(log, "/v1/jobs/" + id + "/cancel"), 503);

        assertThat(stage.job(id).state().isTerminal()).isFalse();
    }

    @Test
    void anActionWhoseOutcomeCannotBeLoggedIsThereAsOneOfUnknownOutcome() {
        JobId id = stage.enqueued("{\"task\":\"echo\"}");
        FailingLog log = new FailingLog(2);

        assertThat(with(log, "/v1/jobs/" + id + "/cancel").status()).isEqualTo(200);

        Instant now = stage.memory.clock().instant();
        assertThat(log.list(now, now, 10, null).items()).singleElement().satisfies(entry -> {
            assertThat(entry.status()).isNull();
            assertThat(entry.target()).isEqualTo(id.text());
        });
    }

    @Test
    void anActionThatWasAnswered503MayHaveBeenDoneAndItsOutcomeIsUnknown() {
        JobId id = stage.enqueued("{\"task\":\"echo\"}");
        stage.faults.loseAnswer("cancelWaiting", 1);

        problem(stage.post("/v1/jobs/" + id + "/cancel", ""), 503);

        assertThat(stage.get("/v1/operator-log").json().get("entries").get(0).toString())
                .contains("\"outcome\":\"unknown\",\"status\":503");
    }

    @Test
    void theLogIsReadInPagesAndTimes() {
        for (int i = 0; i < 5; i++) {
            stage.post("/v1/jobs/" + i + "/cancel", "");
            stage.memory.clock().advance(Duration.ofHours(1));
        }
        JsonNode page = stage.get("/v1/operator-log?limit=3").json();
        JsonNode rest = stage.get(
                        "/v1/operator-log?limit=3&cursor=" + page.get("cursor").asString())
                .json();

        assertThat(targets(page)).containsExactly("4", "3", "2");
        assertThat(targets(rest)).containsExactly("1", "0");
        assertThat(rest.has("cursor")).isFalse();
        assertThat(targets(stage.get("/v1/operator-log?from=2026-03-10T13:00:00Z&to=2026-03-10T14:00:00Z")
                        .json()))
                .containsExactly("2", "1");
        problem(stage.get("/v1/operator-log?from=2026-03-11T00:00:00Z&to=2026-03-10T00:00:00Z"), 400, "after 'to'");
        problem(stage.get("/v1/operator-log?key=a"), 400, "unknown");
        problem(
                stage.get("/v1/operator-log?to=2026-03-10T14:00:00Z&cursor="
                        + page.get("cursor").asString()),
                400,
                "cursor");
    }

    private static List<String> targets(JsonNode page) {
        return page.get("entries")
                .valueStream()
                .map(entry -> entry.get("target").asString())
                .toList();
    }

    private ApiStage.Answer as(String key, String path, String body) {
        return stage.post(path, body, Map.of("authorization", "Bearer " + key));
    }

    private ApiStage.Answer with(OperatorLog log, String path) {
        Engines engines = stage.engines;
        return stage.on(new Engines(
                        engines.rows(),
                        engines.bodies(),
                        engines.queue(),
                        engines.keys(),
                        engines.quarantine(),
                        engines.schedules(),
                        engines.pauses(),
                        engines.limits(),
                        engines.ledger(),
                        log,
                        engines.files(),
                        engines.uploadUrls(),
                        engines.clock(),
                        engines.random()))
                .post(path, "");
    }

    /** A log whose write of this number is not made. */
    private static final class FailingLog implements OperatorLog {
        private final OperatorLog log = new InMemoryOperatorLog();
        private int writesUntilFailure;

        FailingLog(int failingWrite) {
            this.writesUntilFailure = failingWrite;
        }

        @Override
        public void write(Entry entry) {
            if (--writesUntilFailure == 0) {
                throw new StoreUnavailableException("as the test wants it", new IllegalStateException());
            }
            log.write(entry);
        }

        @Override
        public Page<Entry, String> list(Instant from, Instant to, int limit, @Nullable String before) {
            return log.list(from, to, limit, before);
        }
    }
}
