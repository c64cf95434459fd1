package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.BodyStore;
import dev.longshore.job.Change;
import dev.longshore.job.Change.Outcome;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.RowStore;
import dev.longshore.job.RunsAs;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.UniqueKey;
import dev.longshore.job.UniqueKeyTakenException;
import dev.longshore.job.Uniqueness;
import dev.longshore.suites.faults.Faults;
import dev.longshore.suites.faults.FaultyRowStore;
import dev.longshore.task.Json;
import dev.longshore.task.OnDuplicate;
import dev.longshore.task.UniqueWhile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What each store has to do with unique keys: one job of a task and key at a time, whatever happens between two calls. */
public abstract class UniqueJobsContract extends JobStoreSteps {
    private static final Duration RETENTION = Duration.ofDays(1);

    private final String key = "key " + UUID.randomUUID();
    private final Faults faults = new Faults();

    /** The rows beneath {@link #store}. */
    protected abstract RowStore rows();

    /** The bodies beneath {@link #store}. */
    protected abstract BodyStore bodies();

    /** Deletes a row, as DynamoDB does when its time to live is over. */
    protected abstract void deleteRow(JobId id);

    /** When the store may delete the item of a key. */
    protected abstract Instant endOf(UniqueKey key);

    // ---- who has the key

    @Test
    void secondJobOfAKeyIsADuplicateWhileTheFirstWaitsOrRuns() {
        Job first = created(unique());
        assertThat(first.uniqueKey()).isEqualTo(key);
        assertThat(store().create(unique(), KEY_EXPIRES)).isEqualTo(new Creation.Duplicate(first));

        Job running = done(first.id(), claim(first.id()));

        NewJob second = unique();
        assertThat(store().create(second, KEY_EXPIRES)).isEqualTo(new Creation.Duplicate(running));
        assertThat(store().find(second.id())).isEmpty();
    }

    @Test
    void keyIsFreeOnceItsJobHasEnded() {
        Job succeeded = done(
                created(unique()).id(),
                claim -> new Lifecycle(NOW, tokens.next()).succeed(claim, null, null, RETENTION));
        assertThat(succeeded.state()).isEqualTo(JobState.SUCCEEDED);
        Job dead = dead(created(unique()).id());
        assertThat(dead.state()).isEqualTo(JobState.DEAD);
        Job waiting = created(unique());
        done(waiting.id(), new OperatorChanges(NOW, tokens.next()).cancelWaiting(waiting, RETENTION, null));

        assertThat(created(unique()).uniqueKey()).isEqualTo(key);
    }

    @Test
    void keyIsFreeWhenItsJobIsGone() {
        deleteRow(created(unique()).id());

        assertThat(created(unique()).uniqueKey()).isEqualTo(key);
    }

    @Test
    void jobsOfAnotherTaskOrKeyAreNoDuplicates() {
        created(unique());
        NewJob other = NewJob.of(
                        JobId.next(NOW, random), "rehearse-twice", "default", 3, Json.parse("1"), NOW, tokens.next())
                .unique(Uniqueness.of(key, OnDuplicate.KEEP));

        assertThat(created(other).uniqueKey()).isEqualTo(key);
        created(newJob().unique(Uniqueness.of(key + "2", OnDuplicate.KEEP)));
        created(newJob());
    }

    @Test
    void keyOfAJobThatCanNoLongerStartIsFreeByEveryClock() {
        Instant expires = NOW.plusSeconds(60);
        Job first = created(expiring(unique(), expires));

        assertThat(store().create(at(expires.plus(Lifecycle.CLOCK_SKEW).minusMillis(1)), KEY_EXPIRES))
                .as("a worker whose clock is behind may still start it")
                .isEqualTo(new Creation.Duplicate(first));
        created(at(expires.plus(Lifecycle.CLOCK_SKEW)));
    }

    @Test
    void keyOfAStartedJobIsFreeForARequestThatIsUniqueWhileWaitingOrReplaces() {
        Job first = created(unique());
        Uniqueness waiting = new Uniqueness(key, OnDuplicate.KEEP, UniqueWhile.WAITING, null, null);
        assertThat(store().create(newJob().unique(waiting), KEY_EXPIRES)).isEqualTo(new Creation.Duplicate(first));
        assertThat(store().create(newJob().unique(Uniqueness.of(key, OnDuplicate.REPLACE)), KEY_EXPIRES))
                .isEqualTo(new Creation.Duplicate(first));
        done(first.id(), claim(first.id()));

        Job second = created(newJob().unique(waiting));
        done(second.id(), claim(second.id()));

        created(newJob().unique(Uniqueness.of(key, OnDuplicate.REPLACE)));
    }

    // ---- repeated requests

    @Test
    void repeatedRequestIsAnsweredWithItsOwnJobThoughAnotherHasTheKey() {
        NewJob byId = unique();
        NewJob byKey = unique().underKey("idempotency " + UUID.randomUUID(), "hash");
        Job first = dead(created(byId).id());
        Job second = dead(created(byKey).id());
        Job third = created(unique());

        assertThat(store().create(again(byId), KEY_EXPIRES)).isEqualTo(new Creation.Exists(first));
        NewJob repeated = unique().underKey(String.valueOf(byKey.idempotencyKey()), "hash");
        assertThat(store().create(repeated, KEY_EXPIRES)).isEqualTo(new Creation.Exists(second));
        assertThat(store().create(unique(), KEY_EXPIRES)).isEqualTo(new Creation.Duplicate(third));
    }

    @Test
    void repeatedRequestIsAnsweredWithItsJobWhileThatHasTheKey() {
        NewJob byKey = unique().underKey("idempotency " + UUID.randomUUID(), "hash");
        Job first = created(byKey);

        assertThat(store().create(again(byKey), KEY_EXPIRES)).isEqualTo(new Creation.Exists(first));
        NewJob repeated = unique().underKey(String.valueOf(byKey.idempotencyKey()), "hash");
        assertThat(store().create(repeated, KEY_EXPIRES)).isEqualTo(new Creation.Exists(first));
        assertThat(store().create(byKey, KEY_EXPIRES)).as("its own write").isEqualTo(new Creation.Created(first));
    }

    @Test
    void creationWhoseResponseWasLostIsFoundAgain() {
        NewJob job = unique();
        faults.loseAnswer("create", 1);
        assertThatThrownBy(() -> faulty().create(job, KEY_EXPIRES)).isInstanceOf(StoreUnavailableException.class);

        Job made = found(job.id());

        assertThat(store().create(job, KEY_EXPIRES)).isEqualTo(new Creation.Created(made));
        assertThat(store().create(unique(), KEY_EXPIRES)).isEqualTo(new Creation.Duplicate(made));
    }

    // ---- several at once

    @Test
    void ofManyRequestsAtOnceOneMakesTheJob() throws Exception {
        List<Creation> first = atOnce(10, () -> store().create(unique(), KEY_EXPIRES));
        Job made = requireOne(first);
        dead(made.id());

        Job next = requireOne(atOnce(10, () -> store().create(unique(), KEY_EXPIRES)));

        assertThat(next.id()).isNotEqualTo(made.id());
    }

    private static Job requireOne(List<Creation> creations) {
        assertThat(creations.stream().map(JobStoreSteps::idOf).distinct()).hasSize(1);
        assertThat(creations).filteredOn(Creation.Created.class::isInstance).hasSize(1);
        return creations.getFirst().job();
    }

    @Test
    void ofTwoThatReadAnEndedJobTheSlowerIsADuplicate() {
        for (boolean isNew : List.of(true, false)) {
            String free = isNew ? "holder" : "find";
            if (!isNew) {
                dead(store().create(unique(), KEY_EXPIRES).job().id());
            }
            NewJob quick = unique();
            faults.afterCalls(free, 1, () -> created(quick));

            Creation slow = faulty().create(unique(), KEY_EXPIRES);

            assertThat(slow).isEqualTo(new Creation.Duplicate(found(quick.id())));
        }
    }

    @Test
    void takerThatReadTheJobAsDeadIsRefusedWhenItIsRedrivenMeanwhile() {
        Job dead = dead(created(unique()).id());
        NewJob slow = unique();
        faults.afterCalls("find", 1, () -> done(dead.id(), redrive(dead)));

        Creation creation = faulty().create(slow, KEY_EXPIRES);

        assertThat(creation).isEqualTo(new Creation.Duplicate(found(dead.id())));
        assertThat(store().find(slow.id())).isEmpty();
    }

    // ---- redrive

    @Test
    void redrivenJobTakesItsKeyAgain() {
        Job dead = dead(created(unique()).id());

        Job back = done(dead.id(), redrive(dead));

        assertThat(found(dead.id())).isEqualTo(back);
        assertThat(back.state()).isEqualTo(JobState.QUEUED);
        assertThat(back.isHeldUntilDue()).isTrue();
        assertThat(store().create(unique(), KEY_EXPIRES)).isEqualTo(new Creation.Duplicate(back));
        assertThat(store().apply(dead.id(), redrive(dead))).isEqualTo(new Outcome.Refused(back));
        deleteRow(dead.id());
        assertThat(store().apply(dead.id(), redrive(dead))).isEqualTo(new Outcome.Missing());
    }

    @Test
    void redriveIsRefusedWhileAnotherJobHasTheKey() {
        Job dead = dead(created(unique()).id());
        Job second = created(unique());

        for (Change redrive : List.of(redrive(dead), redriveWithPayload(dead))) {
            assertThatThrownBy(() -> store().apply(dead.id(), redrive))
                    .isInstanceOfSatisfying(
                            UniqueKeyTakenException.class,
                            taken -> assertThat(taken.holder()).isEqualTo(second));
            assertThat(found(dead.id())).isEqualTo(dead);
        }
        dead(second.id());
        done(dead.id(), redriveWithPayload(dead));
        assertThat(store().create(unique(), KEY_EXPIRES)).isEqualTo(new Creation.Duplicate(found(dead.id())));
    }

    @Test
    void redriveIsRefusedWhenARequestTakesTheKeyMeanwhile() {
        Job dead = dead(created(unique()).id());
        NewJob quick = unique();
        faults.afterCalls("holder", 1, () -> created(quick));

        assertThatThrownBy(() -> faulty().apply(dead.id(), redrive(dead))).isInstanceOf(UniqueKeyTakenException.class);

        assertThat(found(dead.id())).isEqualTo(dead);
        assertThat(found(quick.id()).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void redriveWhoseResponseWasLostIsRecognised() {
        Job dead = dead(created(unique()).id());
        Change redrive = redrive(dead);
        faults.loseAnswer("redrive", 1);
        assertThatThrownBy(() -> faulty().apply(dead.id(), redrive)).isInstanceOf(StoreUnavailableException.class);

        assertThat(store().apply(dead.id(), redrive)).isEqualTo(new Outcome.Done(found(dead.id())));
    }

    @Test
    void deadJobThatIsReadFromTheIndexIsNotRedrivenWithoutItsKey() {
        Job dead = dead(created(unique()).id());
        Job inIndex = store().dead(dead.id().shard(), NOW, NOW, null, 1_000).items().stream()
                .filter(job -> job.id().equals(dead.id()))
                .findFirst()
                .orElseThrow();
        assertThat(inIndex.uniqueKey()).isNull();

        assertThat(store().apply(dead.id(), redrive(inIndex))).isEqualTo(new Outcome.Refused(dead));
    }

    @Test
    void jobThatIsRedrivenAsAnotherTaskHasNoKey() {
        RunsAs other = new RunsAs("rehearse-twice", "default");
        for (boolean withPayload : List.of(true, false)) {
            Job dead = dead(created(unique()).id());
            Job holder = created(unique());
            OperatorChanges changes = new OperatorChanges(NOW, tokens.next());

            Job back = done(
                    dead.id(),
                    withPayload
                            ? changes.redriveWithPayload(dead, other, Json.parse("2"), false, null)
                            : changes.redriveAsTask(dead, other, false, null));

            assertThat(back.uniqueKey()).isNull();
            assertThat(store().create(unique(), KEY_EXPIRES)).isEqualTo(new Creation.Duplicate(holder));
            dead(holder.id());
        }
    }

    // ---- withdrawal

    @Test
    void withdrawnJobGivesItsKeyBack() {
        Job first = created(unique());

        assertThat(store().withdraw(first)).isTrue();

        assertThat(rows().holder(new UniqueKey("rehearse", key))).isEmpty();
        assertThat(created(unique()).uniqueKey()).isEqualTo(key);
    }

    @Test
    void takerThatReadAJobBeforeItsWithdrawalTakesTheKeyAfterIt() {
        Job first = created(unique());
        faults.afterCalls("holder", 1, () -> store().withdraw(first));

        assertThat(faulty().create(unique(), KEY_EXPIRES)).isInstanceOf(Creation.Created.class);
    }

    @Test
    void acknowledgedJobIsNotWithdrawnAndKeepsItsKey() {
        Job first = created(unique());
        Job acknowledged = done(first.id(), new Lifecycle(NOW, tokens.next()).acknowledge());

        assertThat(store().withdraw(first)).isFalse();

        assertThat(store().create(unique(), KEY_EXPIRES)).isEqualTo(new Creation.Duplicate(acknowledged));
    }

    // ---- how long an item stays

    @Test
    void keyStaysUntil400DaysAfterItsJobIsDueAndIsRenewedWhileThatWaits() {
        Instant due = NOW.plus(Duration.ofDays(1_000));
        Job job = created(unique().at(due));
        UniqueKey own = new UniqueKey("rehearse", key);
        assertThat(endOf(own)).isEqualTo(due.plus(Duration.ofDays(400)));

        store().renew(job, due.plus(Duration.ofDays(100)));
        assertThat(endOf(own)).isEqualTo(due.plus(Duration.ofDays(500)));

        dead(withdrawnAndMadeAgain(job).id());
        Job second = created(unique());
        Instant end = endOf(own);
        store().renew(job, due.plus(Duration.ofDays(300)));
        assertThat(endOf(own)).as("of another job").isEqualTo(end);
        assertThat(store().create(unique(), KEY_EXPIRES)).isEqualTo(new Creation.Duplicate(second));
    }

    private Job withdrawnAndMadeAgain(Job job) {
        store().withdraw(job);
        return created(unique());
    }

    @Test
    void anHourHasWhatIsRenewed() {
        Job job = created(unique());

        Job read = store().hour(NOW, rows().dayShards().of(job.id()), null, 1_000).items().stream()
                .filter(one -> one.id().equals(job.id()))
                .findFirst()
                .orElseThrow();

        assertThat(read.uniqueKey()).isEqualTo(key);
    }

    // ---- steps

    private NewJob unique() {
        return newJob().unique(Uniqueness.of(key, OnDuplicate.KEEP));
    }

    /** The same request once more: with its id, and a token of its own. */
    private NewJob again(NewJob job) {
        return NewJob.of(job.id(), job.task(), job.pool(), 3, job.payload(), NOW, tokens.next())
                .unique(job.unique());
    }

    private NewJob at(Instant now) {
        return NewJob.of(JobId.next(now, random), "rehearse", "default", 3, Json.parse("1"), now, tokens.next())
                .unique(Uniqueness.of(key, OnDuplicate.KEEP));
    }

    private static NewJob expiring(NewJob job, Instant expires) {
        return new NewJob(
                        job.id(),
                        job.task(),
                        job.pool(),
                        job.maxAttempts(),
                        job.payload(),
                        job.createdAt(),
                        null,
                        expires,
                        List.of(),
                        null,
                        null,
                        null,
                        java.util.Map.of(),
                        null,
                        job.token())
                .unique(job.unique());
    }

    private Change redrive(Job dead) {
        return new OperatorChanges(NOW, tokens.next()).redrive(dead, dead.pool(), NOW, "operator");
    }

    private Change redriveWithPayload(Job dead) {
        return new OperatorChanges(NOW, tokens.next())
                .redriveWithPayload(dead, new RunsAs(dead.task(), dead.pool()), Json.parse("2"), false, "operator");
    }

    private Job done(JobId id, java.util.function.Function<Job, Change> ofClaimed) {
        return done(id, ofClaimed.apply(done(id, claim(id))));
    }

    /** The same store, between whose calls others act. */
    private JobStore faulty() {
        return new JobStore(new FaultyRowStore(rows(), faults), bodies());
    }
}
