package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.LimitKey;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.engines.Limiter;
import dev.longshore.job.limit.LimitState;
import dev.longshore.job.limit.Slot;
import dev.longshore.job.pause.Pausable;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.task.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How the slots of a limit follow the attempts of jobs, and who leaves the line. */
class SlotsOfAttemptsTest extends LimitSteps {
    // ---- the end of an attempt

    @Test
    void aJobThatBacksOffKeepsNoSlot() {
        limited(1);
        stage.task("fail", (payload, job) -> {
                    throw new IllegalStateException("not today");
                })
                .limit(Limit.concurrent(1));
        stage.enqueue("fail", "1");

        stage.workOnce();

        assertThat(slots(new LimitKey("fail", ""))).isEmpty();
    }

    @Test
    void aRetriedJobIsBeforeThoseThatWereEnqueuedAfterIt() {
        AtomicInteger tries = new AtomicInteger();
        stage.task("sync", (payload, job) -> {
                    started.add(payload.text());
                    if (tries.incrementAndGet() == 1) {
                        throw job.retryIn(Duration.ZERO, "once more");
                    }
                    meanwhile.run();
                    return null;
                })
                .limit(Limit.concurrent(1));
        for (int i = 1; i <= 4; i++) {
            stage.enqueue("sync", String.valueOf(i));
            stage.memory.clock().advance(Duration.ofMillis(1));
        }
        Received first = stage.receive();
        List<Received> others = stage.memory.queue().receive(WorkerStage.POOL, 3);
        stage.work(first);
        meanwhile = () -> {
            meanwhile = () -> {};
            stage.work(others.get(1));
            stage.work(others.get(2));
            stage.workOnce(); // the first job's
        };
        stage.work(others.get(0));

        stage.workUntilQuiet();

        assertThat(started).containsExactly("1", "2", "1", "3", "4");
    }

    @Test
    void aSlotOfAWorkerThatCrashedIsFreeWhenItsLeaseIsOver() {
        limited(1);
        stage.enqueue("sync", "1");
        JobId second = stage.enqueue("sync", "2");
        stage.faults.breakOnce("succeed", new IllegalStateException("the sandbox died"));
        Received message = stage.receive();
        assertThatThrownBy(() -> stage.work(message)).hasMessage("the sandbox died");

        stage.workOnce();
        assertThat(started).as("the slot is still taken").containsExactly("1");
        assertThat(stage.job(second).isHeld()).isTrue();

        stage.memory.clock().advance(Duration.ofSeconds(46)); // time-out, outcome, clock skew
        new Limiter(stage.memory.engines()).attend(SYNC, 1);
        stage.workOnce();
        assertThat(started).containsExactly("1", "2");
    }

    @Test
    void aHeartbeatExtendsTheSlotWithTheLease() {
        stage.task("long", (payload, job) -> {
                    new CountDownLatch(1).await();
                    return null;
                })
                .timeout(Duration.ofMinutes(3))
                .limit(Limit.concurrent(1));
        LimitKey key = new LimitKey("long", "");
        stage.waiter.handlersHang = true;
        List<Duration> left = new ArrayList<>();
        stage.waiter.whileWaiting = () -> left.add(Duration.between(
                now(), stage.memory.limits().find(key).slots().getFirst().until()));
        stage.enqueue("long");

        stage.workOnce();

        assertThat(left).hasSize(9).allSatisfy(rest -> assertThat(rest).isEqualTo(Duration.ofSeconds(40)));
        assertThat(slots(key)).isEmpty();
    }

    /** The row has the lease of a heartbeat whose response was lost: no other job may run in the slot before it ends. Seed 4525. */
    @Test
    void aWorkerThatLosesItsLeaseLeavesTheSlotToTheEndOfIt() {
        CountDownLatch interrupted = new CountDownLatch(1);
        stage.task("long", WorkerStage.hangUntil(interrupted))
                .timeout(Duration.ofMinutes(10))
                .limit(Limit.concurrent(1));
        stage.waiter.handlersHang = true;
        stage.faults.loseAnswer("extendLease", 3);
        JobId id = stage.enqueue("long");

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);

        assertThat(interrupted.getCount()).isZero();
        assertThat(slots(new LimitKey("long", "")))
                .extracting(Slot::until)
                .containsExactly(stage.job(id).leaseUntil());
    }

    @Test
    void aHandlerIsInterruptedWhenItsSlotIsLost() {
        CountDownLatch interrupted = new CountDownLatch(1);
        stage.task("long", WorkerStage.hangUntil(interrupted))
                .timeout(Duration.ofMinutes(10))
                .limit(Limit.concurrent(1));
        LimitKey key = new LimitKey("long", "");
        stage.waiter.handlersHang = true;
        stage.waiter.whileWaiting = () -> {
            LimitState state = stage.memory.limits().find(key);
            stage.memory
                    .limits()
                    .replace(key, state, new LimitState(List.of(), state.next(), null, now(), "handed on"), now());
        };
        JobId id = stage.enqueue("long");

        assertThat(stage.workOnce()).isEqualTo(Verdict.RETRY);

        assertThat(interrupted.getCount()).isZero();
        assertThat(stage.job(id).state()).as("another worker takes it over").isEqualTo(JobState.RUNNING);
    }

    // ---- jobs that end or wait for something else while they are held

    @Test
    void aCancelledJobIsPassedOverAtOnce() {
        limited(1);
        stage.enqueue("sync", "1");
        JobId second = stage.enqueue("sync", "2");
        JobId third = stage.enqueue("sync", "3");
        meanwhile = () -> {
            stage.workOnce();
            stage.workOnce();
            cancel(second);
        };

        stage.workOnce();

        assertThat(stage.job(second).state()).isEqualTo(JobState.CANCELLED);
        assertThat(stage.job(third).isHeld()).isFalse();
        stage.workOnce();
        assertThat(started).containsExactly("1", "3");
    }

    @Test
    void aJobThatIsCancelledAfterItGotItsSlotGivesItOnAtOnce() {
        limited(1);
        stage.enqueue("sync", "1");
        JobId second = stage.enqueue("sync", "2");
        JobId third = stage.enqueue("sync", "3");
        meanwhile = () -> {
            stage.workOnce();
            stage.workOnce();
        };
        stage.workOnce();
        assertThat(stage.job(third).isHeld()).isTrue();
        cancel(second);

        stage.workOnce();

        assertThat(stage.job(third).isHeld()).isFalse();
    }

    @Test
    void aPausedJobLeavesItsSlotToAnotherTask() {
        stage.tasks.limit("crm-api", Limit.concurrent(1));
        stage.task("sync", this::run).uses("crm-api");
        stage.task("read", this::run).uses("crm-api");
        stage.enqueue("sync", "1");
        JobId second = stage.enqueue("sync", "2");
        JobId third = stage.enqueue("read", "3");
        meanwhile = () -> {
            stage.workOnce();
            stage.workOnce();
            stage.memory.pauses().pause(Pausable.task("sync"), now(), "k");
        };
        stage.workOnce();

        stage.workOnce();

        assertThat(stage.job(second).isHeldByPause()).isTrue();
        assertThat(stage.job(third).isHeld()).isFalse();
    }

    @Test
    void aHeldJobThatExpiresDoesSoWhenItsMessageComes() {
        limited(1);
        stage.enqueue("sync", "1");
        JobId second = stage.enqueueExpiring("sync", now().plusSeconds(10));
        JobId third = stage.enqueue("sync", "3");
        meanwhile = () -> {
            stage.workOnce();
            stage.workOnce();
            stage.memory.clock().advance(Duration.ofSeconds(11));
        };
        stage.workOnce();

        stage.workOnce();

        assertThat(stage.job(second).state()).isEqualTo(JobState.DEAD);
        assertThat(stage.job(third).isHeld()).isFalse();
    }
}
