package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change;
import dev.longshore.job.Change.Outcome;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.Progress;
import dev.longshore.task.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a {@link JobStore} has to do with a job's row: create it once, change it by its guards, keep its bodies. */
public abstract class JobStoreContract extends JobStoreSteps {
    /** Deletes a row, as DynamoDB does when its time to live is over. */
    protected abstract void deleteRow(JobId id);

    // ---- creating

    @Test
    void aJobIsFoundAsItWasCreated() {
        NewJob job = new NewJob(
                JobId.next(NOW, random),
                "process-video",
                "heavy",
                7,
                Json.parse("{\"a\":1.50,\"b\":\"\u6771\ud83d\udea2\"}"),
                NOW,
                NOW.plusSeconds(90),
                NOW.plusSeconds(900),
                List.of("blue", "green"),
                "customer-1",
                null,
                "hash",
                Map.of("tenant", "t1"),
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                tokens.next());

        Job created = created(job);

        assertThat(found(job.id())).isEqualTo(created);
        assertThat(created.state()).isEqualTo(JobState.SCHEDULED);
        assertThat(created.task()).isEqualTo("process-video");
        assertThat(created.pool()).isEqualTo("heavy");
        assertThat(created.maxAttempts()).isEqualTo(7);
        assertThat(created.createdAt()).isEqualTo(NOW);
        assertThat(created.due()).isEqualTo(created.runAt()).isEqualTo(NOW.plusSeconds(90));
        assertThat(created.expiresAt()).isEqualTo(NOW.plusSeconds(900));
        assertThat(created.tags()).containsExactly("blue", "green");
        assertThat(created.fairKey()).isEqualTo("customer-1");
        assertThat(created.requestHash()).isEqualTo("hash");
        assertThat(created.meta()).isEqualTo(Map.of("tenant", "t1"));
        assertThat(created.traceparent()).isEqualTo(job.traceparent());
        assertThat(created.attempt()).isZero();
        assertThat(created.fence()).isZero();
        assertThat(store().payload(created)).isEqualTo(job.payload());
        assertThat(store().result(created)).isNull();
    }

    @Test
    void aJobKeepsItsDepthInAChain() {
        Job first = created(newJob());
        NewJob next = newJob().enqueuedBy(first);

        Job second = created(next);
        Job third = created(newJob().enqueuedBy(done(second.id(), claim(second.id()))));

        assertThat(List.of(first.chainDepth(), second.chainDepth(), third.chainDepth()))
                .containsExactly(0, 1, 2);
        assertThat(found(third.id())).isEqualTo(third);
    }

    @Test
    void whatIsNotThereIsNotFoundAndNotChanged() {
        JobId id = JobId.next(NOW, random);

        assertThat(store().find(id)).isEmpty();
        assertThat(store().apply(id, claim(id))).isInstanceOf(Outcome.Missing.class);
        assertThat(store().find(id)).isEmpty();
    }

    @Test
    void aCreationRetriedAfterALostResponseIsRecognised() {
        NewJob job = newJob();
        created(job);

        assertThat(store().create(job, KEY_EXPIRES)).isInstanceOf(Creation.Created.class);
    }

    @Test
    void aSecondJobUnderAnIdIsTheFirstOne() {
        NewJob job = newJob();
        created(job);

        NewJob other = NewJob.of(job.id(), "other", "default", 1, Json.parse("2"), NOW, tokens.next());

        assertThat(store().create(other, KEY_EXPIRES)).isEqualTo(new Creation.Exists(found(job.id())));
        assertThat(found(job.id()).task()).isEqualTo("rehearse");
    }

    @Test
    void aSecondJobUnderAKeyIsTheFirstOneAndLeavesNothingBehind() {
        String key = UUID.randomUUID().toString();
        Job first = created(newJob().underKey(key, "hash"));
        NewJob second = newJob().underKey(key, "hash");

        assertThat(store().create(second, KEY_EXPIRES)).isEqualTo(new Creation.Exists(first));
        assertThat(store().find(second.id())).isEmpty();
        assertThat(first.idempotencyKey()).isEqualTo(key);
    }

    @Test
    void aKeyIsFreeWhenTheRowOfItsJobIsGone() {
        String key = UUID.randomUUID().toString();
        Job first = created(newJob().underKey(key, "hash"));
        deleteRow(first.id());

        Job second = created(newJob().underKey(key, "other hash"));

        assertThat(store().create(newJob().underKey(key, "hash"), KEY_EXPIRES)).isEqualTo(new Creation.Exists(second));
    }

    @Test
    void keyIsFreeWhenItsJobIsPurged() throws Exception {
        String key = UUID.randomUUID().toString();
        Job purged = purged(created(newJob().underKey(key, "hash")).id());

        List<Creation> creations = atOnce(4, () -> store().create(newJob().underKey(key, "hash"), KEY_EXPIRES));

        assertThat(creations.stream().filter(Creation.Created.class::isInstance))
                .hasSize(1);
        assertThat(creations.stream().map(JobStoreSteps::idOf).distinct())
                .hasSize(1)
                .doesNotContain(purged.id());
    }

    private Job purged(JobId id) {
        return done(id, new OperatorChanges(NOW, tokens.next()).purge(dead(id)));
    }

    @Test
    void aCreationUnderAKeyRetriedAfterALostResponseIsRecognised() {
        NewJob job = newJob().underKey(UUID.randomUUID().toString(), "hash");
        created(job);

        assertThat(store().create(job, KEY_EXPIRES)).isInstanceOf(Creation.Created.class);
    }

    @Test
    void ofManyCreationsUnderOneKeyAtOnceOneMakesTheJob() throws Exception {
        String key = UUID.randomUUID().toString();

        List<Creation> creations = atOnce(8, () -> store().create(newJob().underKey(key, "hash"), KEY_EXPIRES));

        assertThat(creations.stream().filter(Creation.Created.class::isInstance))
                .hasSize(1);
        assertThat(creations.stream().map(JobStoreSteps::idOf).distinct()).hasSize(1);
    }

    @Test
    void aKeyWhoseTimeIsOverIsFreeAgain() {
        String key = UUID.randomUUID().toString();
        assertThat(store().create(newJob().underKey(key, "hash"), NOW.minusSeconds(1)))
                .isInstanceOf(Creation.Created.class);

        assertThat(store().create(newJob().underKey(key, "hash"), KEY_EXPIRES)).isInstanceOf(Creation.Created.class);
    }

    @Test
    void aWithdrawnJobIsGoneAndItsKeyIsFree() {
        String key = UUID.randomUUID().toString();
        Job job = created(newJob().underKey(key, "hash"));

        assertThat(store().withdraw(job)).isTrue();

        assertThat(store().find(job.id())).isEmpty();
        assertThat(store().withdraw(job)).isFalse();
        assertThat(store().create(newJob().underKey(key, "hash"), KEY_EXPIRES)).isInstanceOf(Creation.Created.class);
    }

    @Test
    void aJobThatWasClaimedMeanwhileIsNotWithdrawn() {
        Job job = created(newJob());
        Job running = done(job.id(), claim(job.id()));

        assertThat(store().withdraw(job)).isFalse();
        assertThat(found(job.id())).isEqualTo(running);
    }

    // ---- changing

    @Test
    void aChangeWhoseGuardHoldsIsWritten() {
        Job job = created(newJob());

        Job running = done(job.id(), claim(job.id()));

        assertThat(running.state()).isEqualTo(JobState.RUNNING);
        assertThat(running.attempt()).isEqualTo(1);
        assertThat(running.fence()).isEqualTo(1);
        assertThat(found(job.id())).isEqualTo(running);
    }

    @Test
    void aRefusedChangeLeavesTheJobAsItIsAndReturnsIt() {
        Job job = created(newJob());
        Job running = done(job.id(), claim(job.id()));

        assertThat(store().apply(job.id(), claim(job.id()))).isEqualTo(new Outcome.Refused(running));
        assertThat(found(job.id())).isEqualTo(running);
    }

    @Test
    void aChangeWhoseAnswerWasLostIsDoneAndNotDoneTwice() {
        Job job = created(newJob());
        var claim = claim(job.id());
        Job running = done(job.id(), claim);

        assertThat(store().apply(job.id(), claim)).isEqualTo(new Outcome.Done(running));
        assertThat(found(job.id()).fence()).isEqualTo(1);
    }

    @Test
    void anothersChangeIsNotTakenForOnesOwn() {
        Job job = created(newJob());
        var claim = claim(job.id());
        Job running = done(job.id(), claim);
        done(job.id(), new Lifecycle(NOW, tokens.next()).snooze(running, Duration.ofSeconds(60), false));

        assertThat(store().apply(job.id(), claim)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void ofManyWorkersThatClaimAtOnceOneGetsTheJob() throws Exception {
        Job job = created(newJob());

        List<Outcome> outcomes = atOnce(8, () -> store().apply(job.id(), claim(job.id())));

        assertThat(outcomes.stream().filter(Outcome.Done.class::isInstance)).hasSize(1);
        assertThat(found(job.id()).attempt()).isEqualTo(1);
    }

    @Test
    void aHistoryHasEveryStateOfTheJob() {
        Job job = created(newJob());
        Job running = done(job.id(), claim(job.id()));
        done(
                job.id(),
                new Lifecycle(NOW.plusSeconds(1), tokens.next())
                        .retry(running, Duration.between(NOW.plusSeconds(1), NOW), false, new JobError("T", "m", "s")));
        Job again = done(job.id(), claim(job.id()));
        Job succeeded = done(
                job.id(),
                new Lifecycle(NOW.plusSeconds(2), tokens.next())
                        .succeed(again, null, null, Duration.between(NOW.plusSeconds(2), KEY_EXPIRES)));

        assertThat(succeeded.history())
                .extracting(entry -> entry.state() + " " + entry.attempt() + " " + entry.error())
                .containsExactly(
                        "QUEUED null null", "RUNNING 1 null", "RETRYING 1 T: m", "RUNNING 2 null", "SUCCEEDED 2 null");
        assertThat(succeeded.error()).as("the error of an attempt before").isNull();
    }

    @Test
    void aCrashedJobWithAttemptsLeftIsNotKilled() {
        Job job = created(newJob());
        Job running = done(job.id(), claim(job.id()));

        assertThat(store().apply(job.id(), new Lifecycle(NOW.plusSeconds(86_400), tokens.next()).killCrashed(running)))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aHandlerCannotCancelAJobWithoutACancellationRequest() {
        Job job = created(newJob());
        Job running = done(job.id(), claim(job.id()));

        assertThat(store().apply(
                                job.id(),
                                new Lifecycle(NOW, tokens.next())
                                        .cancelRunning(running, null, Duration.between(NOW, KEY_EXPIRES))))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aSnoozeGivesTheAttemptBackAndTheHistorySaysSo() {
        Job job = created(newJob());
        Job running = done(job.id(), claim(job.id()));
        done(job.id(), new Lifecycle(NOW, tokens.next()).snooze(running, Duration.ZERO, false));

        Job again = done(job.id(), claim(job.id()));

        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.history())
                .extracting(entry -> entry.state() + " " + entry.attempt() + " " + entry.snoozed())
                .containsExactly("QUEUED null false", "RUNNING 1 false", "RETRYING 0 true", "RUNNING 1 false");
    }

    @Test
    void aCheckpointIsThereForTheNextAttempt() {
        Job job = created(newJob());
        Job running = done(job.id(), claim(job.id()));
        done(job.id(), Lifecycle.checkpoint(running, Json.parse("{\"next\":\"\u00e9\"}")));
        done(job.id(), Lifecycle.progress(running, new Progress(40, "page 4 of 10")));
        done(job.id(), new Lifecycle(NOW, tokens.next()).snooze(running, Duration.ZERO, false));

        Job again = done(job.id(), claim(job.id()));

        assertThat(again.checkpoint()).isEqualTo(Json.parse("{\"next\":\"\u00e9\"}"));
        assertThat(again.progress()).as("a new attempt starts at nothing").isNull();
        assertThat(again.progressText()).isNull();
    }

    @Test
    void progressIsThereWithItsTextAndStaysWithTheOutcome() {
        JobId id = created(newJob()).id();
        Job running = done(id, claim(id));
        done(running.id(), Lifecycle.progress(running, new Progress(40, "page 4 of 10")));
        assertThat(found(running.id()).progress()).isEqualTo(40);
        assertThat(found(running.id()).progressText()).isEqualTo("page 4 of 10");

        Change end = new Lifecycle(NOW, tokens.next())
                .succeed(running, null, new Progress(90, "\ud83d\udea2"), Duration.between(NOW, KEY_EXPIRES));
        Job ended = done(running.id(), end);

        assertThat(ended.progress()).isEqualTo(90);
        assertThat(ended.progressText()).isEqualTo("\ud83d\udea2");
        assertThat(found(running.id())).isEqualTo(ended);
    }
}
