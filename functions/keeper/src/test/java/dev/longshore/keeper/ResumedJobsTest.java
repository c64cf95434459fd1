package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobQueue;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.pause.Pausable;
import dev.longshore.job.pause.Pause;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumedJobsTest {
    private static final Pausable TASK = Pausable.task("t");

    private final KeeperStage stage = new KeeperStage();

    @Test
    void heldJobsAreSentWhenTheirPauseIsOverAndNotBefore() {
        JobId id = hold();
        pause();
        assertThat(stage.sendResumed()).isZero();
        assertThat(nextMessage()).isNull();

        resume();

        assertThat(stage.sendResumed()).isEqualTo(1);
        assertThat(nextMessage())
                .as("when every worker knows")
                .isEqualTo(stage.now().plus(HoldReason.UNTIL_WORKERS_KNOW));
        assertThat(stage.job(id).isHeldByPause()).isFalse();
    }

    @Test
    void aJobThatIsNotDueYetIsSentWithTheDelayThatIsLeft() {
        JobId id = stage.enqueue(3, Duration.ofMinutes(10));
        stage.memory.queue().loseAll(KeeperStage.POOL);
        hold(id);
        pause();
        resume();

        stage.sendResumed();

        assertThat(nextMessage()).isEqualTo(stage.now().plus(Duration.ofMinutes(10)));
    }

    @Test
    void moreJobsThanAPageHoldsAreAllSentInOneTick() {
        IntStream.range(0, 2_500).forEach(i -> hold());
        pause();
        resume();

        assertThat(stage.sendResumed()).isEqualTo(2_500);
        assertThat(stage.memory.queue().depth(KeeperStage.POOL).delayed()).isEqualTo(2_500);
        assertThat(JobId.SHARDS)
                .allSatisfy(shard -> assertThat(stage.memory.jobs().held(HoldReason.paused(TASK), shard, 1))
                        .isEmpty());
    }

    @Test
    void aResumedPauseIsKeptForHalfAnHourForJobsThatALateWorkerHolds() {
        pause();
        resume();
        stage.memory.clock().advance(ResumedJobs.LOOKED_AFTER.minusMillis(1));
        stage.sendResumed();
        JobId late = hold();
        stage.memory.clock().advance(Duration.ofMillis(1));

        assertThat(stage.sendResumed()).as("what came late").isEqualTo(1);
        assertThat(stage.job(late).isHeldByPause()).isFalse();

        assertThat(stage.memory.pauses().all()).isEmpty();
    }

    @Test
    void aPauseIsNotRemovedWhileItsJobsCannotBeSent() {
        JobId id = hold();
        pause();
        resume();
        stage.memory.clock().advance(ResumedJobs.LOOKED_AFTER);
        stage.faults.refuse("sendAll", 1);

        assertThat(stage.sendResumed()).isZero();

        assertThat(stage.job(id).isHeldByPause()).isTrue();
        assertThat(stage.memory.pauses().all()).hasSize(1);
        assertThat(stage.sendResumed()).isEqualTo(1);
        stage.sendResumed();
        assertThat(stage.memory.pauses().all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pauses", "held", "sendAll", "release", "remove"})
    void aDispatcherThatDiesBeforeAnyOfItsCallsLosesNothing(String call) {
        diesAt(call, () -> stage.faults.refuse(call, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pauses", "held", "sendAll", "release", "remove"})
    void aDispatcherThatDiesAfterAnyOfItsCallsLosesNothing(String call) {
        diesAt(call, () -> stage.faults.loseAnswer(call, 1));
    }

    private void diesAt(String call, Runnable fault) {
        List<JobId> ids = IntStream.range(0, 40).mapToObj(i -> hold()).toList();
        pause();
        resume();
        stage.memory.clock().advance(ResumedJobs.LOOKED_AFTER);
        fault.run();

        for (int tick = 0; tick < 3; tick++) {
            try {
                stage.sendResumed();
            } catch (RuntimeException died) {
                assertThat(died).hasMessageContaining(call);
            }
            assertThat(ids).as("in the index, or with a message").allSatisfy(id -> {
                if (!stage.job(id).isHeldByPause()) {
                    assertThat(stage.hasMessage(id)).isTrue();
                }
            });
        }

        assertThat(ids).allSatisfy(id -> {
            assertThat(stage.job(id).isHeldByPause()).isFalse();
            assertThat(stage.hasMessage(id)).isTrue();
        });
        assertThat(stage.memory.pauses().all()).isEmpty();
    }

    @Test
    void aJobThatIsHeldAgainBetweenItsMessageAndItsReleaseStaysInTheIndex() {
        JobId id = hold();
        pause();
        resume();
        JobQueue toALateWorker = afterSending(() -> {
            hold(id); // by a worker that has not seen it yet, and has deleted the message
            stage.memory.queue().loseAll(KeeperStage.POOL);
        });

        new ResumedJobs(stage.memory.engines(stage.memory.rows(), toALateWorker)).release(stage.thirtySeconds());

        assertThat(stage.job(id).isHeldByPause()).isTrue();
        assertThat(stage.sendResumed()).isEqualTo(1);
        assertThat(stage.hasMessage(id)).isTrue();
    }

    @Test
    void aJobThatIsPausedAnewInTheMiddleOfAResumptionWaitsOn() {
        hold();
        pause();
        resume();
        stage.sendResumed();
        Pause anew = stage.memory.pauses().pause(TASK, stage.now(), "k");
        JobId id = hold();
        stage.memory.clock().advance(ResumedJobs.LOOKED_AFTER.multipliedBy(2));

        assertThat(stage.sendResumed()).isZero();

        assertThat(stage.job(id).isHeldByPause()).isTrue();
        assertThat(stage.memory.pauses().all()).containsExactly(anew);
    }

    @Test
    void aDeadLetterOfAJobThatAPauseHoldsSendsNoMessage() {
        JobId id = hold();
        stage.letterFor(id);

        stage.handleDeadLetters();

        assertThat(nextMessage()).isNull();
        assertThat(stage.job(id).isHeldByPause()).isTrue();
    }

    private JobQueue afterSending(Runnable then) {
        return (JobQueue) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {JobQueue.class}, (proxy, method, arguments) -> {
                    Object answer = method.invoke(stage.memory.queue(), arguments);
                    if (method.getName().equals("sendAll")) {
                        then.run();
                    }
                    return answer;
                });
    }

    private JobId hold() {
        JobId id = stage.enqueue(3, Duration.ZERO);
        stage.memory.queue().loseAll(KeeperStage.POOL);
        hold(id);
        return id;
    }

    private void hold(JobId id) {
        Job job = stage.job(id);
        stage.memory
                .jobs()
                .apply(
                        id,
                        new Lifecycle(stage.now(), job.token() + "'")
                                .hold(stage.job(id), HoldReason.paused(TASK), stage.now()));
    }

    private void pause() {
        stage.memory.pauses().pause(TASK, stage.now(), "k");
    }

    private void resume() {
        stage.memory.pauses().resume(TASK, stage.now());
    }

    private @Nullable Instant nextMessage() {
        return stage.memory.queue().nextVisibleAt(KeeperStage.POOL);
    }
}
