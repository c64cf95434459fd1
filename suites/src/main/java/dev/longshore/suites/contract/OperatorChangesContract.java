package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change.Outcome;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.RunsAs;
import dev.longshore.job.pause.Pausable;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a {@link JobStore} has to do when an operator changes a job. */
public abstract class OperatorChangesContract extends JobStoreSteps {
    private static final RunsAs TODAY = new RunsAs("rehearse", "default");

    // ---- redrive

    @Test
    void anotherPayloadRaisesTheEpochAndDropsTheCheckpointUnlessItIsKept() {
        for (boolean keep : new boolean[] {false, true}) {
            JobId id = created(newJob()).id();
            Job running = done(id, claim(id));
            done(id, Lifecycle.checkpoint(running, Json.parse("7")));
            Job dead = killed(running);

            Job back = done(
                    id,
                    new OperatorChanges(NOW, tokens.next())
                            .redriveWithPayload(dead, TODAY, Json.parse("2"), keep, null));

            assertThat(back.epoch()).isEqualTo(1);
            assertThat(back.checkpoint()).isEqualTo(keep ? Json.parse("7") : null);
            assertThat(found(id)).isEqualTo(back);
        }
    }

    @Test
    void redrivenJobHasThePoolOfTodayAndNothingOfItsLastLifeButItsHistory() {
        JobId id = created(newJob()).id();
        Job dead = dead(id);

        Job back = done(id, new OperatorChanges(NOW, tokens.next()).redrive(dead, "pool-of-today", NOW, "operator"));

        assertThat(back.pool()).isEqualTo("pool-of-today");
        assertThat(back.error()).isNull();
        assertThat(back.startedAt()).isNull();
        assertThat(back.history().get(2).error()).isEqualTo("T: m");
        assertThat(found(id)).isEqualTo(back);
    }

    @Test
    void redriveAsAnotherTaskIsInTheHistoryAndDropsTheCheckpointUnlessItIsKept() {
        for (boolean keep : new boolean[] {false, true}) {
            JobId id = created(newJob()).id();
            Job running = done(id, claim(id));
            done(id, Lifecycle.checkpoint(running, Json.parse("7")));
            Job dead = killed(running);

            RunsAs other = new RunsAs("rehearse-twice", "another-pool");
            Job back = done(id, new OperatorChanges(NOW, tokens.next()).redriveAsTask(dead, other, keep, "operator"));

            assertThat(back.task()).isEqualTo("rehearse-twice");
            assertThat(back.pool()).isEqualTo("another-pool");
            assertThat(back.epoch()).isEqualTo(1);
            assertThat(back.checkpoint()).isEqualTo(keep ? Json.parse("7") : null);
            assertThat(back.history().getLast().task()).isEqualTo("rehearse-twice");
            assertThat(found(id)).isEqualTo(back);
        }
    }

    @Test
    void anotherPayloadInPlaceOfALargeOneIsTheOnlyOne() {
        byte[] noise = new byte[50_000];
        random.nextBytes(noise);
        NewJob job = NewJob.of(JobId.next(NOW, random), "rehearse", "default", 3, Json.of(noise), NOW, tokens.next());
        created(job);
        Job dead = dead(job.id());

        Json small = Json.parse("{\"small\":1}");
        done(job.id(), new OperatorChanges(NOW, tokens.next()).redriveWithPayload(dead, TODAY, small, false, null));

        assertThat(store().payload(found(job.id()))).isEqualTo(small);
    }

    // ---- run now

    @Test
    void jobThatWaitsForItsTimeIsDueNowAndInTheDueIndexUntilItIsSent() {
        Instant later = NOW.plus(Duration.ofDays(3));
        Job scheduled = created(newJob().at(later));

        Job now = done(
                scheduled.id(),
                new OperatorChanges(NOW, tokens.next()).runNow(scheduled, scheduled.pool(), "operator"));

        assertThat(now.state()).isEqualTo(JobState.QUEUED);
        assertThat(now.due()).isEqualTo(NOW);
        assertThat(now.runAt()).as("what the client requested").isEqualTo(later);
        assertThat(now.history().getLast().by()).isEqualTo("operator");
        assertThat(due(now.id().shard(), NOW, List.of(now))).containsExactly(now.id());
        assertThat(found(now.id())).isEqualTo(now);
        assertThat(done(now.id(), claim(now.id())).attempt()).isEqualTo(1);
    }

    @Test
    void jobInItsBackoffIsDueNowWithTheAttemptsThatItHas() {
        JobId id = created(newJob()).id();
        Job running = done(id, claim(id));
        Instant later = NOW.plus(Duration.ofHours(1));
        JobError error = new JobError("T", "m");
        Job failed = done(
                running.id(),
                new Lifecycle(NOW, tokens.next()).retry(running, Duration.between(NOW, later), true, error));

        Job now = done(failed.id(), new OperatorChanges(NOW, tokens.next()).runNow(failed, failed.pool(), null));

        assertThat(now.attempt()).isEqualTo(1);
        assertThat(now.history().getLast().attempt()).isEqualTo(1);
        Job again = done(now.id(), claim(now.id()));
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.history().getLast().attempt()).isEqualTo(2);
    }

    @Test
    void jobThatAPauseHoldsOrAWorkerHasClaimedSinceIsNotRunNow() {
        Job paused = created(newJob());
        done(
                paused.id(),
                new Lifecycle(NOW, tokens.next()).hold(paused, HoldReason.paused(Pausable.task("rehearse")), NOW));
        Job read = created(newJob());
        Job running = done(read.id(), claim(read.id()));
        done(read.id(), new Lifecycle(NOW, tokens.next()).snooze(running, Duration.ZERO, false));

        for (Job job : List.of(paused, read)) {
            Job before = found(job.id());
            assertThat(store().apply(job.id(), new OperatorChanges(NOW, tokens.next()).runNow(job, job.pool(), null)))
                    .isEqualTo(new Outcome.Refused(before));
        }
    }

    // ---- rerun

    @Test
    void jobThatRepeatsAnotherNamesIt() {
        JobId first = created(newJob()).id();
        NewJob again = new NewJob(
                JobId.next(NOW, random),
                "rehearse",
                "default",
                3,
                Json.parse("1"),
                NOW,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                Map.of(),
                null,
                first,
                null,
                0,
                null,
                tokens.next());

        Job job = created(again);

        assertThat(job.rerunOf()).isEqualTo(first);
        assertThat(found(job.id())).isEqualTo(job);
        assertThat(found(first).rerunOf()).isNull();
    }
}
