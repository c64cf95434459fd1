package dev.longshore.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.Uniqueness;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.engines.Enqueuer.BatchResult;
import dev.longshore.job.engines.HeldJobs;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.suites.faults.Faults;
import dev.longshore.suites.faults.FaultyJobQueue;
import dev.longshore.task.Json;
import dev.longshore.task.OnDuplicate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** First the row, then the message; and whatever fails between them loses nothing. */
class EnqueuerTest {
    private static final String POOL = "default";

    private final InMemoryEngines memory = InMemoryEngines.create();
    private final Faults faults = new Faults();
    private final Engines engines = faults.engines(memory.engines());
    private final FaultyJobQueue queue = (FaultyJobQueue) engines.queue();
    private final Enqueuer enqueuer = new Enqueuer(engines);
    private final WriteTokens tokens = new WriteTokens(memory.random());

    @Test
    void theRowIsWrittenBeforeTheMessageIsSent() {
        enqueuer.enqueue(newJob());

        assertThat(faults.calls()).containsExactly("keepBody", "create", "send");
    }

    @Test
    void aJobWhoseMessageCannotBeSentWaitsInTheDueIndexAndIsAccepted() {
        faults.refuse("send", 1);

        Job job = created(enqueuer.enqueue(newJob()));

        assertThat(due()).containsExactly(job.id());
    }

    @Test
    void aDelayedJobWhoseMessageCannotBeSentWaitsInTheIndexUntilItIsDue() {
        faults.refuse("send", 1);

        Job job = created(enqueuer.enqueue(newJob().at(now().plus(Duration.ofMinutes(5)))));

        assertThat(memory.jobs().find(job.id()).orElseThrow().indexedAt()).isEqualTo(job.due());
    }

    @Test
    void aJobThatNeitherQueueNorIndexTakesIsRefusedAndLeavesNoRow() {
        faults.refuse("send", 1).refuse("hold", 1);
        NewJob job = newJob();

        assertThatThrownBy(() -> enqueuer.enqueue(job)).isInstanceOf(StoreUnavailableException.class);

        assertThat(memory.jobs().find(job.id())).isEmpty();
    }

    @Test
    void anIdempotencyKeyTakenByAnEnqueueThatFailedIsFreeAgain() {
        String key = UUID.randomUUID().toString();
        faults.refuse("send", 1).refuse("hold", 1);
        assertThatThrownBy(() -> enqueuer.enqueue(newJob().underKey(key, "hash")))
                .isInstanceOf(StoreUnavailableException.class);

        assertThat(enqueuer.enqueue(newJob().underKey(key, "hash"))).isInstanceOf(Creation.Created.class);
    }

    @Test
    void aRepeatedRequestSendsTheMessageOfAJobThatWasNeverClaimed() {
        NewJob job = newJob().underKey("key", "hash");
        enqueuer.enqueue(job);
        memory.queue().loseAll(POOL); // a crash between row and message looks the same

        enqueuer.enqueue(newJob().underKey("key", "hash"));

        assertThat(memory.queue().receive(POOL, 10)).hasSize(1);
    }

    @Test
    void aRepeatedRequestSendsNoMessageOfAJobThatIsInWork() {
        NewJob job = newJob();
        enqueuer.enqueue(job);
        memory.queue().loseAll(POOL);
        done(job.id(), new Lifecycle(now(), tokens.next()).claim(job.id(), now().plusSeconds(60)));

        enqueuer.enqueue(job);
        enqueuer.enqueueAll(List.of(job));

        assertThat(memory.queue().receive(POOL, 10)).isEmpty();
    }

    @Test
    void aJobThatWasAcknowledgedStaysWhenARepeatedRequestCanBeSentNowhere() {
        NewJob job = newJob().underKey("key", "hash");
        enqueuer.enqueue(job);
        faults.refuse("send", 1).refuse("hold", 1);

        assertThatThrownBy(() -> enqueuer.enqueue(newJob().underKey("key", "hash")))
                .isInstanceOf(StoreUnavailableException.class);

        assertThat(memory.jobs().find(job.id())).isPresent();
    }

    @Test
    void aJobOfABatchThatWasThereBeforeStaysWhenItCanBeSentNowhere() {
        NewJob job = newJob();
        enqueuer.enqueue(job);
        faults.refuse("sendAll", 1).refuse("hold", 1);

        NewJob again = NewJob.of(job.id(), "rehearse", POOL, 3, Json.parse("1"), now(), tokens.next());
        assertThat(enqueuer.enqueueAll(List.of(again)).getFirst()).isInstanceOf(Enqueuer.BatchResult.Failed.class);

        assertThat(memory.jobs().find(job.id())).isPresent();
    }

    @Test
    void aJobThatARepeatedRequestWasAnsweredWithIsNotWithdrawnByTheFirst() {
        NewJob job = newJob().underKey("key", "hash");
        Job created = created(memory.jobs().create(job, now().plusSeconds(60)));

        enqueuer.enqueue(newJob().underKey("key", "hash"));

        assertThat(memory.jobs().withdraw(created)).isFalse();
        assertThat(memory.jobs().find(job.id())).isPresent();
    }

    @Test
    void aMessageThatCannotBeSentAgainDoesNotCostTheJob() {
        Job job = created(enqueuer.enqueue(newJob()));
        faults.refuse("send", 1).refuse("hold", 1);

        assertThatThrownBy(() -> enqueuer.nudge(job, now())).isInstanceOf(StoreUnavailableException.class);

        assertThat(memory.jobs().find(job.id())).isPresent();
    }

    @Test
    void aJobOfTheFarFutureHasNoMessageYet() {
        Job job = created(enqueuer.enqueue(newJob().at(now().plus(Duration.ofHours(1)))));

        assertThat(memory.queue().nextVisibleAt(POOL)).isNull();
        assertThat(job.isHeldUntilDue()).isTrue();
    }

    @Test
    void ofABatchThatTheQueueTakesInPartTheRestIsHeld() {
        faults.refuse("sendAll", 1);

        List<Enqueuer.BatchResult> results =
                enqueuer.enqueueAll(Stream.generate(this::newJob).limit(25).toList());

        assertThat(results).hasSize(25).allMatch(Enqueuer.BatchResult.Accepted.class::isInstance);
        assertThat(due()).hasSize(25);
    }

    @Test
    void ofABatchOnlyThoseThatTheQueueDidNotTakeAreHeld() {
        List<NewJob> batch = Stream.generate(this::newJob).limit(5).toList();
        queue.leaveOut(1, 3);

        assertThat(enqueuer.enqueueAll(batch)).allMatch(Enqueuer.BatchResult.Accepted.class::isInstance);

        assertThat(due())
                .containsExactlyInAnyOrder(batch.get(1).id(), batch.get(3).id());
        assertThat(memory.queue().receive(POOL, 10)).hasSize(3);
    }

    @Test
    void ofABatchThatNeitherQueueNorIndexTakesNoRowIsLeft() {
        NewJob job = newJob();
        faults.refuse("sendAll", 1).refuse("hold", 1);

        assertThat(enqueuer.enqueueAll(List.of(job)).getFirst()).isInstanceOf(Enqueuer.BatchResult.Failed.class);

        assertThat(memory.jobs().find(job.id())).isEmpty();
    }

    @Test
    void aRowThatCouldNotBeWithdrawnEitherIsReportedWithTheFirstError() {
        faults.refuse("send", 1).refuse("hold", 1).refuse("withdraw", 1);

        assertThatThrownBy(() -> enqueuer.enqueue(newJob()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("hold")
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .singleElement()
                        .satisfies(also -> assertThat(also).hasMessageContaining("withdraw")));
    }

    @Test
    void aJobThatIsClaimedInTheMomentOfARepeatedRequestIsAnsweredAsItIsNow() {
        NewJob job = newJob();
        enqueuer.enqueue(job);
        faults.afterCalls(
                "create",
                1,
                () -> done(job.id(), new Lifecycle(now(), tokens.next()).claim(job.id(), now().plusSeconds(60))));

        Creation again =
                enqueuer.enqueue(NewJob.of(job.id(), "rehearse", POOL, 3, Json.parse("1"), now(), tokens.next()));

        assertThat(again.job().state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void aBatchOfTwoPoolsIsAnsweredInOrderAndHoldsTheJobsWhoseMessagesWereNotTaken() {
        List<NewJob> batch = List.of(inPool("a"), inPool("b"), inPool("a"), inPool("b"), inPool("b"), inPool("a"));
        queue.refuse("b");

        List<BatchResult> results = enqueuer.enqueueAll(batch);

        assertThat(results)
                .extracting(result ->
                        ((BatchResult.Accepted) result).creation().job().id())
                .isEqualTo(batch.stream().map(NewJob::id).toList());
        for (NewJob job : batch) {
            assertThat(memory.jobs().find(job.id()).orElseThrow().isHeldUntilDue())
                    .as(job.pool())
                    .isEqualTo(job.pool().equals("b"));
        }
        assertThat(memory.queue().receive("a", 10)).hasSize(3);
    }

    @Test
    void ofABatchTheOneJobIsHeldWhoseMessageWasLeftOut() {
        List<NewJob> batch = List.of(inPool("a"), inPool("b"), inPool("b"), inPool("b"));
        faults.afterCalls("sendAll", 1, () -> queue.leaveOut(1)); // of the second pool's batch

        enqueuer.enqueueAll(batch);

        List<JobId> held = due();
        assertThat(held).hasSize(1);
        List<JobId> withMessage = Stream.of("a", "b")
                .flatMap(pool -> memory.queue().receive(pool, 10).stream())
                .map(message -> JobMessage.read(message.body())
                        .flatMap(JobMessage::jobId)
                        .orElseThrow())
                .toList();
        assertThat(withMessage).hasSize(3).doesNotContainAnyElementsOf(held);
    }

    private NewJob inPool(String pool) {
        return NewJob.of(
                JobId.next(now(), memory.random()), "rehearse", pool, 3, Json.parse("1"), now(), tokens.next());
    }

    @Test
    void aBatchSendsNoMessageOfAJobOfTheFarFuture() {
        enqueuer.enqueueAll(List.of(newJob().at(now().plus(Duration.ofHours(1)))));

        assertThat(memory.queue().nextVisibleAt(POOL)).isNull();
    }

    @Test
    void redrivenJobsLeaveTheIndexTogetherOnceTheirMessagesAreSent() {
        List<Job> back = Stream.generate(this::redriven).limit(12).toList();
        faults.refuse("sendAll", 1);

        new HeldJobs(engines).tryRelease(back);
        assertThat(due()).as("the queue took none").hasSize(12);

        queue.leaveOut(4);
        new HeldJobs(engines).tryRelease(back);
        assertThat(due())
                .as("the queue took all but one")
                .containsExactly(back.get(4).id());
        assertThat(memory.queue().receive(POOL, 20)).hasSize(11);
    }

    @Test
    void aRedrivenJobThatIsDueLaterThanAMessageCanWaitStaysInTheIndex() {
        Job later = redriven(now().plus(Duration.ofMinutes(16)));

        new HeldJobs(engines).tryRelease(List.of(later));

        assertThat(memory.queue().nextVisibleAt(POOL)).isNull();
        assertThat(memory.jobs().find(later.id()).orElseThrow().isHeldUntilDue())
                .isTrue();
    }

    @Test
    void aRedrivenJobStaysInTheDueIndexUntilItsMessageIsSent() {
        Job back = redriven();
        assertThat(due()).as("after a crash right behind the write").containsExactly(back.id());
        faults.refuse("sendAll", 1);

        new HeldJobs(engines).tryRelease(List.of(back));
        assertThat(due()).as("the queue did not take it").containsExactly(back.id());

        new HeldJobs(engines).tryRelease(List.of(back));
        assertThat(due()).isEmpty();
        assertThat(memory.queue().receive(POOL, 10)).hasSize(1);
    }

    @Test
    void aJobWhoseReleaseFailedIsSentTwiceRatherThanNever() {
        Job back = redriven();
        faults.refuse("release", 1);

        new HeldJobs(engines).tryRelease(List.of(back));

        assertThat(due()).containsExactly(back.id());
        assertThat(memory.queue().receive(POOL, 10)).hasSize(1);
    }

    // ---- duplicates

    @Test
    void duplicateKeepsTheFirstJobAndSendsItWhileItsOwnRequestMayStillWithdrawIt() {
        Job first = created(enqueuer.enqueue(unique(OnDuplicate.KEEP)));
        memory.queue().loseAll(POOL);

        Job answer = duplicate(enqueuer.enqueue(unique(OnDuplicate.KEEP)));

        assertThat(answer.id()).isEqualTo(first.id());
        assertThat(memory.jobs().withdraw(first)).as("it was acknowledged").isFalse();
        assertThat(memory.queue().receive(POOL, 10)).hasSize(1);
        memory.queue().loseAll(POOL);
        memory.clock().advance(Duration.ofMinutes(15));
        duplicate(enqueuer.enqueue(unique(OnDuplicate.KEEP)));
        assertThat(memory.queue().receive(POOL, 10))
                .as("no request is that long")
                .isEmpty();
    }

    @Test
    void requestThatReplacesAJobWhoseOwnMessageCannotBeSentSendsIt() {
        NewJob second = unique(OnDuplicate.REPLACE);
        faults.refuse("send", 1)
                .refuse("hold", 1)
                .afterCalls("create", 1, () -> new Enqueuer(memory.engines()).enqueue(second));

        assertThatThrownBy(() -> enqueuer.enqueue(unique(OnDuplicate.KEEP)))
                .isInstanceOf(StoreUnavailableException.class);

        Job kept = memory.rows().all().getFirst();
        assertThat(memory.jobs().payload(kept)).as("not withdrawn").isEqualTo(second.payload());
        assertThat(memory.queue().receive(POOL, 10)).hasSize(1);
    }

    @Test
    void replacedJobThatTheDueIndexHoldsIsReleasedWhenItIsDueAtOnce() {
        Job first = created(enqueuer.enqueue(unique(OnDuplicate.KEEP).at(now().plus(Duration.ofHours(1)))));

        Job replaced = duplicate(enqueuer.enqueue(unique(OnDuplicate.REPLACE)));

        assertThat(replaced.id()).isEqualTo(first.id());
        assertThat(memory.jobs().find(first.id()).orElseThrow().isHeld()).isFalse();
        assertThat(memory.queue().receive(POOL, 10)).hasSize(1);
    }

    @Test
    void requestThatFindsTheJobStartedMeanwhileMakesOneOfItsOwn() {
        Job first = created(enqueuer.enqueue(unique(OnDuplicate.REPLACE)));
        faults.afterCalls(
                "find",
                1,
                () -> done(first.id(), new Lifecycle(now(), tokens.next()).claim(first.id(), now().plusSeconds(60))));
        NewJob second = unique(OnDuplicate.REPLACE);

        assertThat(created(enqueuer.enqueue(second)).id()).isEqualTo(second.id());

        assertThat(memory.jobs().payload(memory.jobs().find(first.id()).orElseThrow()))
                .isNotEqualTo(second.payload());
    }

    @Test
    void twoRequestsThatReplaceAtOnceReplaceOneAfterTheOther() {
        Job first = created(enqueuer.enqueue(unique(OnDuplicate.REPLACE)));
        NewJob third = unique(OnDuplicate.REPLACE);
        NewJob second = unique(OnDuplicate.REPLACE);
        faults.afterCalls("find", 1, () -> new Enqueuer(memory.engines()).enqueue(second));

        assertThat(duplicate(enqueuer.enqueue(third)).id()).isEqualTo(first.id());

        assertThat(memory.jobs().payload(memory.jobs().find(first.id()).orElseThrow()))
                .isEqualTo(third.payload());
    }

    @Test
    void ofABatchTheFirstOfAKeyIsMadeAndTheLastOneReplacesIt() {
        List<NewJob> batch =
                Stream.generate(() -> unique(OnDuplicate.REPLACE)).limit(20).toList();

        List<BatchResult> results = enqueuer.enqueueAll(batch);

        Job first = created(((BatchResult.Accepted) results.getFirst()).creation());
        assertThat(first.id()).isEqualTo(batch.getFirst().id());
        assertThat(results.subList(1, 20))
                .allSatisfy(result -> assertThat(duplicate(((BatchResult.Accepted) result).creation())
                                .id())
                        .isEqualTo(first.id()));
        assertThat(memory.jobs().payload(memory.jobs().find(first.id()).orElseThrow()))
                .isEqualTo(batch.getLast().payload());
        assertThat(memory.queue().receive(POOL, 10)).isNotEmpty();
    }

    private NewJob unique(OnDuplicate onDuplicate) {
        String token = tokens.next();
        return NewJob.of(JobId.next(now(), memory.random()), "rehearse", POOL, 3, Json.of(token), now(), token)
                .unique(Uniqueness.of("key", onDuplicate));
    }

    private static Job duplicate(Creation creation) {
        return ((Creation.Duplicate) creation).job();
    }

    private Job redriven() {
        return redriven(now());
    }

    private Job redriven(Instant due) {
        Job job = created(memory.jobs().create(newJob(), now()));
        Job running = done(job.id(), new Lifecycle(now(), tokens.next()).claim(job.id(), now().plusSeconds(60)));
        Job dead = done(
                job.id(),
                new Lifecycle(now(), tokens.next()).kill(running, DeadReason.EXHAUSTED, new JobError("T", "m")));
        return done(job.id(), new OperatorChanges(now(), tokens.next()).redrive(dead, dead.pool(), due, "operator"));
    }

    private Job done(JobId id, Change change) {
        return ((Change.Outcome.Done) memory.jobs().apply(id, change)).job();
    }

    private static Job created(Creation creation) {
        return ((Creation.Created) creation).job();
    }

    private NewJob newJob() {
        return NewJob.of(
                JobId.next(now(), memory.random()), "rehearse", POOL, 3, Json.parse("1"), now(), tokens.next());
    }

    private List<JobId> due() {
        return "0123456789abcdef"
                .chars()
                .mapToObj(Character::toString)
                .flatMap(shard -> memory.jobs().held(HoldReason.DUE, shard, now(), null, 100).items().stream())
                .map(Job::id)
                .toList();
    }

    private Instant now() {
        return memory.clock().instant();
    }
}
