package dev.longshore.worker;

import static dev.longshore.worker.DeadStage.ALL;
import static dev.longshore.worker.DeadStage.filter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PurgeTest {
    private final DeadStage stage = new DeadStage();

    @Test
    void theDeadJobsThatTheFilterMeansCountAsGoneAndNoOthers() {
        JobId red = stage.dead("order 1 failed", "red");
        JobId blue = stage.dead("order 2 failed", "blue");

        JobId purge = stage.purge(filter(null, null, null, "red"), 1_000);

        assertThat(stage.result(purge).text()).contains("\"purged\":1", "\"skipped\":0");
        assertThat(stage.job(red).isPurged(stage.now())).isTrue();
        assertThat(stage.state(red))
                .as("its row stays until DynamoDB deletes it")
                .isEqualTo(JobState.DEAD);
        assertThat(stage.job(blue).isPurged(stage.now())).isFalse();
        assertThat(stage.memory
                        .jobs()
                        .dead(red.shard(), stage.now().minusSeconds(99), stage.now(), null, 9)
                        .items())
                .noneMatch(job -> job.id().equals(red));
    }

    @Test
    void aPurgedJobIsNotRedriven() {
        List<JobId> ids = stage.dead(5, "no route");
        stage.workUntilEnd(stage.purge(ALL, 3));

        JobId redrive = stage.redrive(ALL, 1_000, null, false);

        assertThat(stage.result(redrive).text()).isEqualTo("{\"sent\":2,\"skipped\":0}");
        assertThat(ids.subList(0, 3))
                .allSatisfy(id -> assertThat(stage.state(id)).isEqualTo(JobState.DEAD));
    }

    @Test
    void theBodiesOfAJobWhoseDeathWasNotHandledEndWithItsRow() {
        stage.keepPayloadsApart();
        JobId unhandled = stage.dead("no route");
        JobId handled = stage.dead("no route");
        stage.changed(handled, new Lifecycle(stage.now(), "handled").markDeathHandled(stage.job(handled)));
        Instant start = stage.now();

        stage.workUntilEnd(stage.purge(ALL, 1_000));

        assertThat(stage.payloadEnds(unhandled)).isEqualTo(stage.job(unhandled).rowEnds());
        assertThat(stage.payloadEnds(handled)).isBetween(start.minusSeconds(1), stage.now());
    }

    @Test
    void killedAtAnyCallItPurgesWhatWasOrderedAndKeepsItsLimit() {
        DeadStage whole = new DeadStage();
        whole.dead(9, "no route");
        whole.workUntilEnd(whole.purge(ALL, 7));
        for (int call = 1; call <= whole.storeCalls(); call++) {
            for (boolean afterItsEffect : new boolean[] {false, true}) {
                DeadStage killed = new DeadStage();
                List<JobId> ids = killed.dead(9, "no route");
                killed.killAt(call, afterItsEffect);
                JobId purge = killed.purge(ALL, 7);

                String where = "killed " + (afterItsEffect ? "after" : "before") + " call " + call;
                assertThat(killed.result(purge).text()).as(where).contains("\"purged\":7", "\"skipped\":0");
                assertThat(ids.stream().filter(id -> killed.job(id).isPurged(killed.now())))
                        .as(where)
                        .hasSize(7);
            }
        }
    }
}
