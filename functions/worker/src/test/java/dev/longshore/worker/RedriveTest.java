package dev.longshore.worker;

import static dev.longshore.worker.DeadStage.ALL;
import static dev.longshore.worker.DeadStage.filter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.deadletter.DeadFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dead jobs are redriven: which, how many, how fast, and never twice. */
class RedriveTest {
    private final DeadStage stage = new DeadStage();

    @Test
    void onlyTheDeadJobsOfTheFilterAreRedriven() {
        JobId red = stage.dead("order 1 failed", "red");
        JobId blue = stage.dead("order 2 failed", "blue");
        JobId other = stage.dead("no route", "red");
        String fingerprint = stage.job(red).fingerprint();

        JobId redrive = stage.redrive(filter("t", fingerprint, "exhausted", "red"), 1_000, null, false);

        assertThat(stage.result(redrive).text()).isEqualTo("{\"sent\":1,\"skipped\":0}");
        assertThat(stage.state(red)).isEqualTo(JobState.QUEUED);
        assertThat(stage.timesRedriven(red)).isEqualTo(1);
        assertThat(stage.state(blue)).isEqualTo(JobState.DEAD);
        assertThat(stage.state(other)).isEqualTo(JobState.DEAD);
        assertThat(stage.inQueueOrDue()).containsExactly(red);
        assertThat(stage.job(red).isHeldUntilDue()).as("its message is sent").isFalse();
    }

    @Test
    void theOldestDeathsGoFirstAndTheLimitHolds() {
        List<JobId> ids = stage.dead(130, "no route");

        JobId redrive = stage.redrive(ALL, 70, null, false);

        assertThat(stage.result(redrive).text()).isEqualTo("{\"sent\":70,\"skipped\":0}");
        assertThat(stage.job(redrive).progress()).isEqualTo(100);
        assertThat(ids.subList(0, 70))
                .allSatisfy(id -> assertThat(stage.state(id)).isEqualTo(JobState.QUEUED));
        assertThat(ids.subList(70, 130))
                .allSatisfy(id -> assertThat(stage.state(id)).isEqualTo(JobState.DEAD));
    }

    @Test
    void aJobThatDiesAgainMeanwhileIsNotRedrivenTwice() {
        List<JobId> ids = stage.dead(60, "no route");
        JobId redrive = stage.redrive(ALL, 1_000, null, true);
        stage.workOnce(); // the first canary was sent
        JobId canary = ids.getFirst();
        stage.succeed(canary);
        stage.workOnce(); // and the ten behind it
        ids.subList(1, 11).forEach(stage::succeed);
        JobId late = stage.dead("no route");

        stage.workUntilEnd(redrive);

        assertThat(stage.timesRedriven(canary)).isEqualTo(1);
        assertThat(stage.timesRedriven(late)).as("it died after the order").isZero();
        assertThat(ids.subList(11, 60))
                .allSatisfy(id -> assertThat(stage.timesRedriven(id)).isEqualTo(1));
    }

    @Test
    void deadJobWhoseUniqueKeyAnotherHasIsSkippedAndTheOthersTakeTheirs() {
        JobId busy = stage.deadUnique("a");
        JobId first = stage.deadUnique("b");
        JobId second = stage.deadUnique("b");
        stage.waitingUnique("a");

        JobId redrive = stage.redrive(ALL, 1_000, null, false);

        assertThat(stage.result(redrive).text()).isEqualTo("{\"sent\":1,\"skipped\":2}");
        assertThat(stage.state(busy)).isEqualTo(JobState.DEAD);
        assertThat(List.of(stage.state(first), stage.state(second)))
                .containsExactlyInAnyOrder(JobState.QUEUED, JobState.DEAD);
    }

    @Test
    void aJobThatAnOperatorRedroveMeanwhileIsSkipped() {
        List<JobId> ids = stage.dead(3, "no route");
        stage.killAt(3 + 16, false); // in the middle of the walk through sixteen shards
        JobId redrive = stage.redrive(ALL, 1_000, null, false);
        stage.workOnce();
        Job second = stage.job(ids.get(1));
        stage.changed(
                second.id(),
                new OperatorChanges(stage.now(), "by hand").redrive(second, second.pool(), stage.now(), "another"));

        String result = stage.result(redrive).text();

        assertThat(result).isIn("{\"sent\":2,\"skipped\":0}", "{\"sent\":2,\"skipped\":1}");
        assertThat(stage.timesRedriven(ids.get(1))).isZero();
    }

    @Test
    void theBodiesOfAJobThatIsPurgedBeforeItsRedriveEndWithIt() {
        stage.keepPayloadsApart();
        JobId id = stage.dead("no route");
        JobId redrive = stage.redrive(ALL, 1_000, null, false);
        stage.atFirst(
                "redrive",
                () -> stage.changed(id, new OperatorChanges(stage.now(), "another hand").purge(stage.job(id))));

        assertThat(stage.result(redrive).text()).isEqualTo("{\"sent\":0,\"skipped\":1}");

        assertThat(stage.payloadEnds(id)).isEqualTo(stage.job(id).rowEnds());
    }

    @Test
    void filterOfATaskMeansItsJobsUnderEveryName() {
        JobId today = stage.dead("no route");
        JobId before = stage.deadOf("t-before", DeadStage.BULK, "no route");
        JobId other = stage.deadOf("another", DeadStage.BULK, "no route");
        DeadFilter filter = new DeadFilter("t", null, null, null, null, null, List.of("t", "t-before"));

        JobId redrive = stage.redrive(filter, 1_000, null, false);

        assertThat(stage.result(redrive).text()).isEqualTo("{\"sent\":2,\"skipped\":0}");
        assertThat(stage.inQueueOrDue()).containsExactlyInAnyOrder(today, before);
        assertThat(stage.state(other)).isEqualTo(JobState.DEAD);
    }

    @Test
    void redrivenJobsGoToThePoolThatTheirTaskHasToday() {
        JobId moved = stage.deadOf("t", "pool-that-is-gone", "no route");

        JobId redrive = stage.redrive(ALL, 1_000, null, false);

        assertThat(stage.result(redrive).text()).isEqualTo("{\"sent\":1,\"skipped\":0}");
        assertThat(stage.job(moved).pool()).isEqualTo(DeadStage.BULK);
        assertThat(stage.inQueueOrDue()).containsExactly(moved);
    }

    @Test
    void jobWhoseTaskAndPoolAreGoneStaysDeadAndTheOthersGoBack() {
        JobId lost = stage.deadOf("task-that-is-gone", "pool-that-is-gone", "no route");
        JobId waits = stage.deadOf("task-that-is-gone", DeadStage.BULK, "no route");
        JobId declared = stage.dead("no route");

        JobId redrive = stage.redrive(ALL, 1_000, null, false);

        assertThat(stage.result(redrive).text()).isEqualTo("{\"sent\":2,\"skipped\":1}");
        assertThat(stage.state(lost)).isEqualTo(JobState.DEAD);
        assertThat(stage.inQueueOrDue()).containsExactlyInAnyOrder(waits, declared);
    }

    // ---- rate

    @Test
    void atARateEachJobHasATimeOfItsOwnAndNothingWaits() {
        List<JobId> ids = stage.dead(120, "no route");

        JobId redrive = stage.redrive(ALL, 1_000, 0.1, false); // one in ten seconds
        Instant start = stage.now();
        stage.workOnce();

        assertThat(stage.state(redrive)).isEqualTo(JobState.SUCCEEDED);
        for (int k = 0; k < ids.size(); k++) {
            assertThat(stage.job(ids.get(k)).due()).isEqualTo(start.plusSeconds(10L * k));
            assertThat(stage.job(ids.get(k)).isHeldUntilDue())
                    .as("job %d waits %d s", k, 10 * k)
                    .isEqualTo(k > 90);
        }
        assertThat(stage.memory.queue().depth(DeadStage.BULK).delayed()).isEqualTo(90);
    }

    // ---- canary

    @Test
    void aCanaryGoesFirstThenTenThenTheRest() {
        List<JobId> ids = stage.dead(80, "no route");
        JobId redrive = stage.redrive(ALL, 1_000, null, true);

        stage.workOnce();
        assertThat(redriven(ids)).isEqualTo(1);
        stage.workOnce();
        assertThat(redriven(ids)).as("the canary has not ended").isEqualTo(1);
        stage.succeed(ids.getFirst());
        stage.workOnce();
        assertThat(redriven(ids)).isEqualTo(11);
        ids.subList(1, 11).forEach(stage::succeed);

        assertThat(stage.result(redrive).text()).isEqualTo("{\"sent\":80,\"skipped\":0}");
        assertThat(stage.job(redrive).attempt())
                .as("waiting used up no attempt")
                .isEqualTo(1);
    }

    @Test
    void aCanarysWavesKeepTheLimitOfTheOrder() {
        List<JobId> ids = stage.dead(80, "no route");
        JobId redrive = stage.redrive(ALL, 5, null, true);
        stage.workOnce();
        stage.succeed(ids.getFirst());
        stage.workOnce();
        ids.subList(1, 5).forEach(stage::succeed);

        assertThat(stage.result(redrive).text()).isEqualTo("{\"sent\":5,\"skipped\":0}");
        assertThat(redriven(ids)).isEqualTo(5);
    }

    @Test
    void aCanaryThatDiesOfTheSameErrorStopsTheRest() {
        List<JobId> ids = stage.dead(80, "order 7 failed");
        JobId redrive = stage.redrive(ALL, 1_000, null, true);
        stage.workOnce();
        stage.kill(ids.getFirst(), "order 8 failed");

        String result = stage.result(redrive).text();

        assertThat(result)
                .contains("\"sent\":1", "\"stopped\":true", ids.getFirst().text(), "of the same error");
        assertThat(redriven(ids)).isEqualTo(1);
    }

    @Test
    void oneOfTheTenThatDiesOfAnotherErrorStopsTheRestToo() {
        List<JobId> ids = stage.dead(80, "order 7 failed");
        JobId redrive = stage.redrive(ALL, 1_000, null, true);
        stage.workOnce();
        stage.succeed(ids.getFirst());
        stage.workOnce();
        stage.kill(ids.get(5), "disk full");

        assertThat(stage.result(redrive).text()).contains("\"sent\":11", "\"stopped\":true", "of another error");
        assertThat(redriven(ids)).isEqualTo(11);
    }

    @Test
    void aCanaryThatFailsAsBeforeStopsTheRestThoughItHasAttemptsLeft() {
        List<JobId> ids = stage.dead(20, "order 7 failed");
        JobId redrive = stage.redrive(ALL, 1_000, null, true);
        stage.workOnce();
        retrying(ids.getFirst(), "disk full");
        stage.workOnce();
        assertThat(stage.state(redrive)).as("another error may pass").isEqualTo(JobState.RETRYING);
        retrying(ids.getFirst(), "order 9 failed");

        assertThat(stage.result(redrive).text()).contains("\"stopped\":true", "fails as before");
    }

    @Test
    void aCanaryThatOnlySnoozesHasNotFailed() {
        List<JobId> ids = stage.dead(20, "order 7 failed");
        JobId redrive = stage.redrive(ALL, 1_000, null, true);
        stage.workOnce();
        Job held = stage.changed(
                ids.getFirst(),
                new Lifecycle(stage.now(), "claim")
                        .claim(ids.getFirst(), stage.now().plusSeconds(30)));
        stage.changed(ids.getFirst(), new Lifecycle(stage.now(), "snooze").snooze(held, Duration.ZERO, false));
        stage.workOnce();
        stage.succeed(ids.getFirst());
        stage.workOnce();
        ids.subList(1, 11).forEach(stage::succeed);

        assertThat(stage.result(redrive).text()).isEqualTo("{\"sent\":20,\"skipped\":0}");
    }

    @Test
    void aCanaryThatDoesNotEndStopsTheRestAfterAnHour() {
        List<JobId> ids = stage.dead(20, "order 7 failed");
        JobId redrive = stage.redrive(ALL, 1_000, null, true);
        Instant start = stage.now();

        assertThat(stage.result(redrive).text()).contains("1 of 1 jobs have not ended within 60 minutes");

        assertThat(Duration.between(start, stage.now())).isBetween(CanaryWatch.PATIENCE, Duration.ofMinutes(63));
        assertThat(redriven(ids)).isEqualTo(1);
    }

    // ---- killed, cancelled

    @Test
    void killedAtAnyCallItLosesNothingSendsNothingTwiceAndKeepsItsLimit() {
        int calls = callsOfAWholeRun();
        assertThat(calls).isGreaterThan(100);
        for (int call = 1; call <= calls; call++) {
            for (boolean afterItsEffect : new boolean[] {false, true}) {
                DeadStage killed = new DeadStage();
                List<JobId> ids = killed.dead(58, "no route");
                killed.killAt(call, afterItsEffect);
                JobId redrive = killed.redrive(ALL, 55, null, false);

                String result = killed.result(redrive).text();

                String where = "killed " + (afterItsEffect ? "after" : "before") + " call " + call;
                assertThat(result).as(where).isEqualTo("{\"sent\":55,\"skipped\":0}");
                assertThat(ids.subList(0, 55))
                        .as(where)
                        .allSatisfy(id -> assertThat(killed.timesRedriven(id)).isEqualTo(1));
                assertThat(ids.subList(55, 58))
                        .as(where)
                        .allSatisfy(id -> assertThat(killed.state(id)).isEqualTo(JobState.DEAD));
                assertThat(killed.inQueueOrDue()).as(where).containsAll(ids.subList(0, 55));
            }
        }
    }

    private static int callsOfAWholeRun() {
        DeadStage whole = new DeadStage();
        whole.dead(58, "no route");
        whole.workUntilEnd(whole.redrive(ALL, 55, null, false));
        return whole.storeCalls();
    }

    @Test
    void aCancelledRedriveStopsBetweenTwoBatches() {
        List<JobId> ids = stage.dead(180, "no route");
        JobId redrive = stage.redrive(ALL, 1_000, null, false);
        stage.eachCallTakes(Duration.ofMillis(10));
        stage.atFirst(
                "release",
                () -> stage.changed(redrive, new OperatorChanges(stage.now(), "requested").requestCancel("operator")));

        stage.workUntilEnd(redrive);

        assertThat(stage.state(redrive)).isEqualTo(JobState.CANCELLED);
        assertThat(redriven(ids)).isEqualTo(DeadSweep.BATCH);
        assertThat(stage.inQueueOrDue()).containsAll(ids.subList(0, DeadSweep.BATCH));
    }

    private long redriven(List<JobId> ids) {
        return ids.stream().filter(id -> stage.timesRedriven(id) > 0).count();
    }

    private void retrying(JobId id, String error) {
        Job held = stage.changed(
                id,
                new Lifecycle(stage.now(), "claim " + error)
                        .claim(id, stage.now().plusSeconds(30)));
        stage.memory.rows().plant(id, stage.memory.rows().row(id).put(Field.MAX_ATTEMPTS, 9));
        stage.changed(
                id,
                new Lifecycle(stage.now(), "retry " + error)
                        .retry(held, Duration.ZERO, false, new JobError("Oops", error)));
    }
}
