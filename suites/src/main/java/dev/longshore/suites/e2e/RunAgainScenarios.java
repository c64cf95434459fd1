package dev.longshore.suites.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A job runs before its time, or again as a new job, wherever Longshore runs. */
public interface RunAgainScenarios {
    /** The Longshore to test. */
    Api api();

    @Test
    default void scheduledJobRunsNow() {
        String id = api().enqueue(Map.of("task", "rehearse", "payload", Map.of("value", 1), "delaySeconds", 86_400));
        assertThat(api().job(id).get("state").asString()).isEqualTo("SCHEDULED");

        Api.Answer answer = api().post("/v1/jobs/" + id + "/run-now", Map.of());

        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        JsonNode job = api().await(id, "SUCCEEDED");
        assertThat(Api.states(job)).containsExactly("SCHEDULED", "QUEUED", "RUNNING", "SUCCEEDED");
        assertThat(api().post("/v1/jobs/" + id + "/run-now", Map.of()).status()).isEqualTo(409);
    }

    @Test
    default void jobThatHasEndedRunsAgainAsANewJobThatLinksBack() {
        String first =
                api().enqueue(Map.of("task", "rehearse", "payload", Map.of("value", "same"), "tags", List.of("again")));
        JsonNode done = api().await(first, "SUCCEEDED");
        String key = "again-" + UUID.randomUUID();

        Api.Answer answer = api().post("/v1/jobs/" + first + "/rerun", Map.of(), "Idempotency-Key", key);
        Api.Answer repeated = api().post("/v1/jobs/" + first + "/rerun", Map.of(), "Idempotency-Key", key);

        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
        String again = answer.json().get("id").asString();
        assertThat(repeated.status()).isEqualTo(200);
        assertThat(repeated.json().get("id").asString()).isEqualTo(again).isNotEqualTo(first);
        JsonNode job = api().await(again, "SUCCEEDED");
        assertThat(job.get("rerunOf").asString()).isEqualTo(first);
        assertThat(job.get("result").get("value").asString()).isEqualTo("same");
        assertThat(job.get("tags").get(0).asString()).isEqualTo("again");
        assertThat(api().job(first)).as("the first job stays as it was").isEqualTo(done);
    }

    @Test
    default void deadJobRunsAgainWithAnotherPayloadAndStaysDead() {
        String dead = api().rehearse(Map.of("failAttempts", 1, "failWith", "discard"));
        api().await(dead, "DEAD");

        Api.Answer answer = api().post("/v1/jobs/" + dead + "/rerun", Map.of("payload", Map.of("value", "fixed")));

        JsonNode job = api().await(answer.json().get("id").asString(), "SUCCEEDED");
        assertThat(job.get("result").get("value").asString()).isEqualTo("fixed");
        assertThat(api().job(dead).get("state").asString()).isEqualTo("DEAD");
    }

    @Test
    default void progressIsThereWithItsText() {
        String id = api().rehearse(Map.of("runMs", 100, "progressSteps", 4));

        JsonNode job = api().await(id, "SUCCEEDED");

        assertThat(job.get("progress").asInt()).isEqualTo(100);
        assertThat(job.get("progressText").asString()).isEqualTo("step 4 of 4");
    }

    @Test
    default void unknownTaskInABulkRetryIsRefusedAndADryRunCountsWithoutRetrying() {
        String tag = "dry-" + UUID.randomUUID();
        String dead = api().enqueue(Map.of(
                "task", "rehearse", "payload", Map.of("failAttempts", 1, "failWith", "discard"), "tags", List.of(tag)));
        api().await(dead, "DEAD");

        Api.Answer unknown = api().post("/v1/jobs/retry", Map.of("task", "reherse"));
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.json().get("field").asString()).isEqualTo("/task");
        assertThat(unknown.json().get("detail").asString()).contains("did you mean 'rehearse'?");

        api().await(
                        "count of 1 in the index of dead jobs",
                        Duration.ofSeconds(30),
                        () -> Optional.of(api().post("/v1/jobs/retry", Map.of("tag", tag, "dryRun", true)))
                                .filter(answer -> answer.json().get("count").asInt() == 1));
        assertThat(api().job(dead).get("state").asString()).isEqualTo("DEAD");
    }
}
