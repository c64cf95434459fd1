package dev.longshore.suites.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The books of a Longshore: what it did, and whether every job is accounted for. */
interface LedgerScenarios {
    Api api();

    @Test
    default void statsCountAJobThatHasRunWithItsWaitAndRunTime() {
        Instant start = Instant.now().minusSeconds(60);
        api().await(api().rehearse(Map.of("runMs", 50)), "SUCCEEDED");

        Api.Answer answer = api().get("/v1/stats?from=" + start);

        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        assertThat(answer.json().get("states").get("SUCCEEDED").asLong()).isPositive();
        assertThat(answer.json().get("waitMillis").get("max").asLong()).isNotNegative();
        JsonNode rehearsals = answer.json()
                .get("tasks")
                .valueStream()
                .filter(task -> task.get("task").asString().equals("rehearse"))
                .findFirst()
                .orElseThrow();
        assertThat(rehearsals.get("runMillis").get("max").asLong()).isGreaterThanOrEqualTo(50);
    }

    @Test
    default void theLedgerListsItsHoursAndTakesAnAudit() {
        assertThat(api().post("/v1/ledger/audit", Map.of()).status()).isEqualTo(202);

        JsonNode ledger = api().get("/v1/ledger").json();

        assertThat(ledger.get("explanation").asString()).isNotBlank();
        assertThat(ledger.get("totals").get("missing").asLong()).isZero();
        assertThat(api().get("/v1/ledger?from=never").status()).isEqualTo(400);
    }
}
