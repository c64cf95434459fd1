package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobQueue.Outgoing;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.RowStore;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.deadletter.DeadFilter;
import dev.longshore.job.deadletter.MaintenanceTasks;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.engines.HeldJobs;
import dev.longshore.job.pause.Pausable;
import dev.longshore.memory.InMemoryJobQueue;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a worker does with the jobs of what is paused. */
class PauseTest {
    private static final Pausable TASK = Pausable.task("count");
    private static final Pausable POOL = Pausable.pool(WorkerStage.POOL);

    private final WorkerStage stage = new WorkerStage();
    private final AtomicInteger starts = new AtomicInteger();

    @Test
    void aJobOfAPausedTaskIsHeldAndItsMessageDeleted() {
        JobId id = counting();
        pause(TASK);

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(starts).hasValue(0);
        assertThat(stage.job(id).isHeldByPause()).isTrue();
        assertThat(stage.job(id).isHeldUntilDue()).isFalse();
        assertThat(stage.job(id).state()).isEqualTo(JobState.QUEUED);
        assertThat(stage.job(id).attempt()).isZero();
        assertThat(stage.states(id)).containsExactly(JobState.QUEUED);
        assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL)).isNull();
        assertThat(stage.faults.calls()).doesNotContain("claim");
        assertThat(stage.memory.jobs().held(HoldReason.paused(TASK), id.shard(), 10))
                .extracting(Job::id)
                .containsExactly(id);
    }

    @Test
    void sixtyDaysOfPauseLoseNoJobAndUseUpNoAttemptAndNoReceive() {
        stage.task("count", (payload, job) -> starts.incrementAndGet());
        stage.task("flaky", (payload, job) -> {
                    if (job.attempt() == 1) {
                        throw new IllegalStateException("the first attempt fails");
                    }
                    return starts.incrementAndGet();
                })
                .retry(RetryPolicy.fixed(Duration.ofMinutes(10)).maxAttempts(2));
        JobId flaky = stage.enqueue("flaky");
        stage.workOnce();
        pause(POOL);
        List<JobId> ids = new ArrayList<>(List.of(flaky));

        for (int day = 0; day < 60; day++) {
            ids.add(stage.enqueue("count")); // enqueues continue
            for (int minute = 0; minute < 24 * 60; minute += 20) {
                stage.memory.queue().receive(WorkerStage.POOL, 10).forEach(stage::work);
                stage.memory.clock().advance(Duration.ofMinutes(20));
            }
        }
        assertThat(starts).hasValue(0);
        assertThat(stage.deadLetters()).isZero();
        assertThat(Duration.ofDays(60)).isGreaterThan(InMemoryJobQueue.RETENTION);
        assertThat(ids)
                .allSatisfy(id -> assertThat(stage.job(id).isHeldByPause()).isTrue());

        resume(POOL);
        stage.memory.clock().advance(HoldReason.UNTIL_WORKERS_KNOW);
        List<Received> messages = stage.memory.queue().receive(WorkerStage.POOL, 100);
        assertThat(messages).hasSize(61).extracting(Received::receiveCount).containsOnly(1);
        messages.forEach(stage::work);

        assertThat(starts).hasValue(61);
        assertThat(stage.job(flaky).attempt()).isEqualTo(2);
        ids.removeFirst();
        assertThat(ids).allSatisfy(id -> {
            assertThat(stage.job(id).attempt()).isEqualTo(1);
            assertThat(stage.states(id)).containsExactly(JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED);
        });
    }

    @Test
    void pausingLetsWhatRunsEnd() {
        stage.task("count", (payload, job) -> {
            pause(TASK);
            return starts.incrementAndGet();
        });
        JobId first = stage.enqueue("count");
        JobId second = stage.enqueue("count");

        stage.workOnce();
        stage.workOnce();

        assertThat(stage.job(first).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(stage.job(second).isHeldByPause()).isTrue();
    }

    @Test
    void whatIsPausedTwiceByItsPoolAndByItsTaskWaitsForTheEndOfBoth() {
        JobId id = counting();
        pause(POOL);
        pause(TASK);
        stage.workOnce();

        resume(POOL);
        stage.memory.clock().advance(HoldReason.UNTIL_WORKERS_KNOW);
        stage.workOnce();
        assertThat(stage.job(id).isHeldByPause()).isTrue();
        assertThat(starts).hasValue(0);

        resume(TASK);
        stage.workUntilQuiet();
        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(stage.job(id).isHeldByPause()).isFalse();
    }

    @Test
    void aJobThatIsHeldAgainWhileItIsReleasedIsNotLost() {
        JobId id = counting();
        pause(TASK);
        stage.workOnce();
        Job seen = stage.memory
                .jobs()
                .held(HoldReason.paused(TASK), id.shard(), 10)
                .getFirst();
        send(seen); // a resumption has sent it ...
        stage.workOnce(); // ... to a worker that does not know yet ...

        assertThat(stage.memory.jobs().apply(id, Lifecycle.release(seen))) // ... and now wants it out of the index
                .isInstanceOf(Change.Outcome.Refused.class);

        resume(TASK);
        stage.workUntilQuiet();
        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aCancelledJobLeavesThePausesIndex() {
        JobId id = counting();
        pause(TASK);
        stage.workOnce();

        stage.memory
                .jobs()
                .apply(
                        id,
                        new OperatorChanges(now(), "token").cancelWaiting(stage.job(id), Duration.ofSeconds(60), "k"));

        assertThat(stage.memory.jobs().held(HoldReason.paused(TASK), id.shard(), 10))
                .isEmpty();
        assertThat(stage.job(id).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void aLostResponseToTheHoldIsHarmless() {
        JobId id = counting();
        pause(TASK);
        stage.faults.loseAnswer("hold", 1);

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(stage.job(id).isHeldByPause()).isTrue();
    }

    @Test
    void aMessageIsKeptWhenItsJobCouldNotBeHeld() {
        counting();
        pause(TASK);
        stage.faults.refuse("hold", 3);

        assertThatThrownBy(stage::workOnce).isInstanceOf(StoreUnavailableException.class);

        assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL)).isNotNull();
    }

    @Test
    void whatHasEndedAndWhatRunsIsNotTouched() {
        JobId ended = counting();
        stage.workOnce();
        JobId running = counting();
        stage.memory.queue().loseAll(WorkerStage.POOL);
        stage.memory.jobs().apply(running, new Lifecycle(now(), "t").claim(running, now().plusSeconds(30)));
        Job endedBefore = stage.job(ended);
        Job runningBefore = stage.job(running);
        pause(TASK);
        send(endedBefore);
        send(runningBefore);

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);
        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);

        assertThat(stage.job(ended)).isEqualTo(endedBefore);
        assertThat(stage.job(running)).isEqualTo(runningBefore);
        assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL)).isEqualTo(now().plusSeconds(35));
    }

    @Test
    void aJobWhoseWorkerDiedIsRescuedAndHeld() {
        JobId id = counting();
        stage.memory.jobs().apply(id, new Lifecycle(now(), "t").claim(id, now().plusSeconds(30)));
        pause(TASK);
        stage.memory.clock().advance(Duration.ofSeconds(35));

        stage.workOnce();
        stage.workOnce();

        assertThat(stage.job(id).isHeldByPause()).isTrue();
        assertThat(stage.job(id).state()).isEqualTo(JobState.RETRYING);
        assertThat(stage.job(id).attempt()).isEqualTo(1);
        assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL)).isNull();
    }

    @Test
    void aJobOfAnUnknownTaskIsHeldTooAndNotKilled() {
        JobId id = stage.enqueue("gone");
        pause(POOL);
        stage.memory.clock().advance(Lifecycle.DEPLOYMENT_GRACE.plusSeconds(1));

        stage.workOnce();

        assertThat(stage.job(id).isHeldByPause()).isTrue();
    }

    @Test
    void aJobThatExpiresInAPauseIsDeadWhenThePauseIsOver() {
        stage.task("count", (payload, job) -> starts.incrementAndGet());
        JobId id = stage.enqueueExpiring("count", now().plusSeconds(60));
        pause(TASK);
        stage.workOnce();
        stage.memory.clock().advance(Duration.ofMinutes(2));

        resume(TASK);
        stage.workUntilQuiet();

        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.EXPIRED);
    }

    @Test
    void longshoresOwnTasksAreNeverPaused() {
        DeadFilter nothing = new DeadFilter("no-such-task", null, now(), null, null, null, List.of());
        JobId id = stage.enqueue(
                MaintenanceTasks.PURGE,
                Json.of(new MaintenanceTasks.Purge(nothing, 1)).text());
        pause(POOL);
        pause(Pausable.task(MaintenanceTasks.PURGE));

        stage.workOnce();

        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }

    // ---- looks

    @Test
    void aThousandMessagesWithinFiveSecondsTakeOneLook() {
        stage.task("count", (payload, job) -> starts.incrementAndGet());
        IntStream.range(0, 1_000).forEach(i -> stage.enqueue("count"));
        JobWorker worker = stage.worker();

        stage.memory.queue().receive(WorkerStage.POOL, 1_000).forEach(message -> work(worker, message));
        assertThat(looks()).isEqualTo(1);
        assertThat(starts).hasValue(1_000);

        stage.enqueue("count");
        stage.memory.clock().advance(PauseWatch.PERIOD);
        work(worker, stage.receive());
        assertThat(looks()).isEqualTo(2);
    }

    @Test
    void aPauseIsSeenWithinFiveSecondsAndItsEndWithinOne() {
        stage.task("count", (payload, job) -> starts.incrementAndGet());
        IntStream.range(0, 4).forEach(i -> stage.enqueue("count"));
        JobWorker worker = stage.worker();
        work(worker, stage.receive());

        pause(TASK);
        stage.memory.clock().advance(PauseWatch.PERIOD.minusMillis(1));
        work(worker, stage.receive());
        assertThat(starts).as("not seen yet").hasValue(2);
        stage.memory.clock().advance(Duration.ofMillis(1));
        work(worker, stage.receive());
        assertThat(starts).hasValue(2);

        stage.memory.pauses().resume(TASK, now());
        stage.memory.clock().advance(PauseWatch.PERIOD_IN_A_PAUSE);
        work(worker, stage.receive());
        assertThat(starts).hasValue(3);
    }

    @Test
    void whenReadingThePausesFailsTheCachedOnesCount() {
        counting();
        counting();
        pause(TASK);
        JobWorker worker = stage.worker();
        work(worker, stage.receive());
        stage.faults.refuse("pauses", 1_000);
        stage.memory.clock().advance(PauseWatch.LASTS);

        assertThat(work(worker, stage.receive())).isEqualTo(Verdict.DELETE);

        assertThat(starts).hasValue(0);
    }

    @Test
    void nothingIsHeldOrStartedOnACachedPauseThatIsTooOld() {
        counting();
        counting();
        pause(TASK);
        JobWorker worker = stage.worker();
        work(worker, stage.receive());
        stage.faults.refuse("pauses", 1_000);
        stage.memory.clock().advance(PauseWatch.LASTS.plusMillis(1));

        assertThatThrownBy(() -> work(worker, stage.receive()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("task:count");

        assertThat(starts).hasValue(0);
    }

    @Test
    void nothingIsStartedBeforeThePausesCouldBeRead() {
        counting();
        stage.faults.refuse("pauses", 1);
        JobWorker worker = stage.worker();

        assertThatThrownBy(() -> work(worker, stage.receive())).isInstanceOf(StoreUnavailableException.class);

        assertThat(starts).hasValue(0);
    }

    // ---- steps

    private JobId counting() {
        if (stage.tasks.find("count").isEmpty()) {
            stage.task("count", (payload, job) -> starts.incrementAndGet());
        }
        return stage.enqueue("count");
    }

    private void pause(Pausable what) {
        stage.memory.pauses().pause(what, now(), "k");
    }

    /** As the API and the dispatcher do. */
    private void resume(Pausable what) {
        stage.memory.pauses().resume(what, now());
        HeldJobs heldJobs = new HeldJobs(stage.memory.engines());
        JobId.SHARDS.forEach(shard -> heldJobs.releasePage(HoldReason.paused(what), shard, RowStore.ANY_TIME, null));
    }

    private void send(Job job) {
        stage.memory.queue().send(WorkerStage.POOL, new Outgoing(JobMessage.of(job), Duration.ZERO, null));
    }

    private Verdict work(JobWorker worker, Received message) {
        return worker.work(stage.delivery(message), now().plus(Duration.ofMinutes(15)));
    }

    private long looks() {
        return stage.faults.calls().stream().filter("pauses"::equals).count();
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}
