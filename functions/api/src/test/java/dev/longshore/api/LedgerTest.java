package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.JobId;
import dev.longshore.job.key.ApiKey.Scope;
import dev.longshore.job.ledger.HourTally;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.ledger.LedgerStore.AuditProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code GET /v1/ledger} on entries as the audit leaves them. It is noon. */
class LedgerTest {
    private final ApiStage stage = new ApiStage();
    private final Instant noon = stage.memory.clock().instant();

    @Test
    void aLedgerThatNoAuditHasWrittenYetIsRedAndSaysSo() {
        Answer answer = stage.get("/v1/ledger");

        assertThat(answer.json().get("balanced").asBoolean()).isFalse();
        assertThat(answer.text("explanation")).contains("No audit has run yet");
    }

    @Test
    void hoursThatAddUpAreGreenWithTheirTotals() {
        audited(noon.minusSeconds(3_600));
        count(noon.minus(Duration.ofHours(2)), 3, 0, null);
        count(noon.minus(Duration.ofHours(3)), 4, 0, null);

        Answer answer = stage.get("/v1/ledger");

        assertThat(answer.json().get("balanced").asBoolean()).as(answer.body()).isTrue();
        assertThat(answer.json().get("totals").get("accepted").asLong()).isEqualTo(7);
        assertThat(answer.json().get("totals").get("waiting").asLong()).isEqualTo(7);
        assertThat(answer.json().get("hours").get(0).get("hour").asString()).isEqualTo("2026-03-10T09:00:00.000Z");
        assertThat(answer.text("auditedAt")).isEqualTo(ApiStage.time(noon));
        assertThat(answer.json().has("tickedAt")).isFalse();
        stage.memory.ledger().ticked(noon);
        assertThat(stage.get("/v1/ledger").text("tickedAt")).isEqualTo(ApiStage.time(noon));
        assertThat(answer.json().has("auditRequestedAt")).isFalse();
    }

    @Test
    void aMissingJobIsRedAndTheSentenceSaysHowMany() {
        audited(noon.minusSeconds(3_600));
        count(noon.minus(Duration.ofHours(2)), 5, 2, null);

        Answer answer = stage.get("/v1/ledger");

        assertThat(answer.json().get("balanced").asBoolean()).isFalse();
        assertThat(answer.text("explanation")).startsWith("2 jobs of 1 hours are missing");
        assertThat(answer.json().get("totals").get("accepted").asLong()).isEqualTo(5);
        assertThat(answer.json().get("totals").get("waiting").asLong()).isEqualTo(3);
    }

    @Test
    void anAuditThatDoesNotRunIsRed() {
        audited(noon.minus(Duration.ofHours(3)));

        assertThat(stage.get("/v1/ledger").text("explanation"))
                .contains("2026-03-10T09:00:00Z should have been counted by now");
    }

    @Test
    void anOpenHourThatIsNotCountedAgainIsRed() {
        audited(noon.minusSeconds(3_600));
        count(noon.minus(Duration.ofHours(9)), 3, 0, noon.minus(Duration.ofMinutes(61)));

        assertThat(stage.get("/v1/ledger").text("explanation")).contains("03:00:00Z should have been counted");
        assertThat(stage.get("/v1/ledger?from=2026-03-10T05:00:00Z")
                        .json()
                        .get("balanced")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aRequestedAuditShowsWhenItIsDone() {
        audited(noon.minusSeconds(3_600));

        Answer asked = stage.post("/v1/ledger/audit", "");

        assertThat(asked.status()).isEqualTo(202);
        assertThat(asked.text("requestedAt")).isEqualTo(ApiStage.time(noon));
        assertThat(stage.memory.ledger().requested()).contains(noon);
        assertThat(stage.get("/v1/ledger").text("auditRequestedAt")).isEqualTo(ApiStage.time(noon));
        AuditProgress progress = stage.memory.ledger().progress().orElseThrow();
        stage.memory.ledger().keep(progress.finished(noon.plusSeconds(9), noon));
        assertThat(stage.get("/v1/ledger").json().has("auditRequestedAt")).isFalse();
    }

    @Test
    void rangesThatCannotBeReadAre400() {
        problem(stage.get("/v1/ledger?since=2026-03-10T12:00:00Z"), 400, "'since' is unknown", "Possible: from, to");
        problem(stage.get("/v1/ledger?from=yesterday"), 400, "'from' takes a time in ISO 8601");
        problem(stage.get("/v1/ledger?from=2026-03-10T12:00:00Z"), 400, "'from' is not before 'to'");
        problem(stage.get("/v1/ledger?from=2026-01-01T12:00:00Z"), 400, "'from' is more than 31 days before 'to'");
        problem(stage.get("/v1/ledger?to=2026-03-10T12:00:00Z&to=x"), 400, "'to' is there 2 times");
        problem(stage.post("/v1/ledger/audit", "{\"now\":true}"), 422, "takes no body");
    }

    @Test
    void readingNeedsReadAndAskingNeedsOperate() {
        String reader = "Bearer " + stage.key("reader", Set.of(Scope.READ));
        String enqueuer = "Bearer " + stage.key("enqueuer", Set.of(Scope.ENQUEUE));

        assertThat(stage.send("GET", "/v1/ledger", Map.of("authorization", reader), new byte[0])
                        .status())
                .isEqualTo(200);
        problem(stage.send("GET", "/v1/ledger", Map.of("authorization", enqueuer), new byte[0]), 403, "'read'");
        problem(stage.send("POST", "/v1/ledger/audit", Map.of("authorization", reader), new byte[0]), 403, "'operate'");
    }

    @Test
    void aJobWhoseRetentionIsOverIsGoneThoughItsRowIsStillThere() {
        JobId id = stage.enqueued("{\"task\":\"echo\",\"delaySeconds\":60}");
        stage.post("/v1/jobs/" + id + "/cancel", "");
        stage.memory.clock().advance(Duration.ofDays(7).minusSeconds(1));
        assertThat(stage.get("/v1/jobs/" + id).status()).isEqualTo(200);
        assertThat(stage.get("/v1/jobs?from=2026-03-01T00:00:00Z").json().get("jobs"))
                .hasSize(1);

        stage.memory.clock().advance(Duration.ofSeconds(1));

        assertThat(stage.memory.jobs().find(id)).isPresent();
        problem(stage.get("/v1/jobs/" + id), 404, "no such job");
        problem(stage.get("/v1/jobs/" + id + "/payload"), 404, "no such job");
        problem(stage.post("/v1/jobs/" + id + "/retry", ""), 404, "no such job");
        problem(stage.post("/v1/jobs/" + id + "/cancel", ""), 404, "no such job");
        assertThat(stage.get("/v1/jobs?from=2026-03-01T00:00:00Z").json().get("jobs"))
                .isEmpty();
    }

    @Test
    void freshLedgerShowsNoHourBeforeTheFirstJobAndEveryHourAfterIt() {
        audited(noon.minus(Duration.ofHours(30)), noon.minusSeconds(3_600));
        for (int ago = 30; ago > 1; ago--) {
            count(noon.minus(Duration.ofHours(ago)), ago == 4 ? 2 : 0, 0, null);
        }

        assertThat(hours(""))
                .containsExactly("2026-03-10T08:00:00.000Z", "2026-03-10T09:00:00.000Z", "2026-03-10T10:00:00.000Z");
        assertThat(hours("?from=2026-03-10T09:00:00Z"))
                .as("after the first job")
                .hasSize(2);
        assertThat(hours("?from=2026-03-09T01:00:00Z"))
                .as("from before the first audit")
                .hasSize(3);
    }

    @Test
    void ledgerWithoutAnyJobShowsNoHours() {
        audited(noon.minus(Duration.ofHours(30)), noon.minusSeconds(3_600));
        count(noon.minus(Duration.ofHours(2)), 0, 0, null);

        assertThat(hours("")).isEmpty();
        assertThat(stage.get("/v1/ledger").json().get("balanced").asBoolean()).isTrue();
    }

    private List<String> hours(String query) {
        return stage.get("/v1/ledger" + query)
                .json()
                .get("hours")
                .valueStream()
                .map(hour -> hour.get("hour").asString())
                .toList();
    }

    private void audited(Instant upTo) {
        audited(noon.minus(Duration.ofDays(9)), upTo);
    }

    private void audited(Instant since, Instant upTo) {
        AuditProgress progress = new AuditProgress(0, since, upTo, null, null, null);
        stage.memory.ledger().keep(progress.finished(noon, null));
    }

    private void count(Instant hour, long accepted, long missing, @Nullable Instant next) {
        LedgerHour counted = LedgerHour.counted(hour, noon, HourTally.NOTHING, null);
        stage.memory
                .ledger()
                .put(
                        new LedgerHour(
                                hour,
                                noon,
                                next,
                                accepted,
                                0,
                                0,
                                0,
                                accepted - missing,
                                0,
                                0,
                                missing,
                                counted.memory()),
                        null);
    }
}
