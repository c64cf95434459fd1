package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.LimitKey;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.engines.Limiter;
import dev.longshore.job.limit.LimitState;
import dev.longshore.job.limit.LimitStore.SetNumber;
import dev.longshore.job.limit.Slot;
import dev.longshore.task.Json;
import dev.longshore.task.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The dispatcher looks after the lines of limits in which nothing moves. */
class LimitLinesTest {
    private static final LimitKey KEY = new LimitKey("t", "");

    private final KeeperStage stage = new KeeperStage();
    private final Limiter limiter = new Limiter(stage.engines);

    LimitLinesTest() {
        stage.tasks.add("t", Json.class, (payload, job) -> null).limit(Limit.concurrent(1));
    }

    @Test
    void aLineThatMovesIsLeftAlone() {
        runs(enqueue());
        waits(enqueue());
        stage.memory.clock().advance(LimitLines.UNATTENDED.minusMillis(10));

        assertThat(attend()).isZero();
    }

    @Test
    void theSlotOfACrashedWorkerGoesToTheFirstInTheLine() {
        runs(enqueue());
        JobId second = enqueue();
        waits(second);
        stage.memory.clock().advance(LimitLines.UNATTENDED);
        assertThat(attend()).isEqualTo(1);
        assertThat(messages()).isZero();

        stage.memory.clock().advance(Duration.ofSeconds(1)); // the lease of 41 s, and clocks may differ by 5
        attend();

        assertThat(stage.job(second).isHeld()).isFalse();
        assertThat(messages()).isEqualTo(1);
    }

    @Test
    void aJobWhoseMessageWasLostIsSentAnother() {
        JobId first = enqueue();
        runs(first);
        JobId second = enqueue();
        waits(second);
        end(first);
        stage.memory.queue().loseAll(KeeperStage.POOL);

        stage.memory.clock().advance(LimitState.RESERVATION.plusSeconds(5));
        attend();

        assertThat(messages()).isEqualTo(1);
    }

    /** The worker that handed the slot on crashed before it sent the message: the job is still held. */
    @Test
    void aJobThatGotItsSlotAndNoMessageIsSentOne() {
        JobId first = enqueue();
        runs(first);
        JobId second = enqueue();
        waits(second);
        stage.faults.refuse("sendAll", 1);
        end(first);
        assertThat(stage.job(second).isHeld()).isTrue();

        stage.memory.clock().advance(LimitState.RESERVATION.plusSeconds(5));
        attend();

        assertThat(stage.job(second).isHeld()).isFalse();
        assertThat(messages()).isEqualTo(1);
    }

    @Test
    void manyCancelledJobsArePassedOverAtOnce() {
        JobId first = enqueue();
        runs(first);
        List<JobId> waiting = waitingJobs(100);
        JobId last = waiting.getLast();
        waiting.subList(0, 99).forEach(this::cancel);

        end(first);
        for (int tick = 0; tick < 2 && stage.job(last).isHeld(); tick++) {
            stage.memory.clock().advance(LimitState.RESERVATION.plusSeconds(5));
            attend();
        }

        assertThat(stage.job(last).isHeld()).isFalse();
        assertThat(stage.memory.limits().find(KEY).slots())
                .extracting(Slot::job)
                .containsExactly(last);
    }

    private void cancel(JobId id) {
        Job job = stage.job(id);
        stage.memory
                .jobs()
                .apply(
                        id,
                        new OperatorChanges(stage.now(), "cancel " + id).cancelWaiting(job, Duration.ofDays(1), "k"));
    }

    @Test
    void aLimitThatAnOperatorRaisesIsFilledByTheNextTickThatLooks() {
        runs(enqueue());
        List<JobId> waiting = waitingJobs(3);
        stage.memory.limits().set("t", new SetNumber(3, stage.now(), "k"));
        stage.memory.clock().advance(Duration.ofSeconds(30));
        limiter.extend(KEY, running(), 1, stage.now().plus(Duration.ofMinutes(5)));

        stage.memory.clock().advance(LimitLines.UNATTENDED);
        attend();

        assertThat(waiting.subList(0, 2))
                .allSatisfy(id -> assertThat(stage.job(id).isHeld()).isFalse());
        assertThat(stage.job(waiting.get(2)).isHeld()).isTrue();
    }

    @Test
    void aLimitThatIsNoLongerInTheCodeHoldsNoJobs() {
        runs(enqueue());
        List<JobId> waiting = waitingJobs(50);
        stage.memory.clock().advance(LimitLines.UNATTENDED);

        new LimitLines(stage.engines, List.of()).attend(stage.thirtySeconds());

        assertThat(waiting).allSatisfy(id -> assertThat(stage.job(id).isHeld()).isFalse());
        assertThat(messages()).isEqualTo(50);
    }

    @Test
    void oneLineThatFailsKeepsNoOtherFromBeingLookedAfter() {
        runs(enqueue());
        waits(enqueue());
        stage.memory.clock().advance(LimitLines.UNATTENDED);
        stage.faults.refuse("slots", 1);

        assertThat(attend()).isEqualTo(1);
        assertThat(attend()).isEqualTo(1);
    }

    // ---- the audit, behind the tick

    @Test
    void aHeldJobWithoutAPlaceInTheLineIsFoundByTheAudit() {
        JobId id = enqueue();
        hold(id);
        stage.memory.clock().advance(Duration.ofMinutes(76));

        stage.audit();
        assertThat(stage.memory.limits().find(KEY).othersSince()).isNotNull();
        stage.memory.clock().advance(LimitLines.UNATTENDED);
        attend();

        assertThat(stage.job(id).isHeld()).isFalse();
    }

    @Test
    void aHeldJobWithItsPlaceInTheLineIsLeftAloneHoweverLongItWaits() {
        JobId first = enqueue();
        runs(first);
        JobId second = enqueue();
        waits(second);
        stage.memory.clock().advance(Duration.ofMinutes(76));
        LimitState before = stage.memory.limits().find(KEY);

        assertThat(stage.audit().rescued())
                .as("only the one that was lost while it ran")
                .isLessThanOrEqualTo(1);

        assertThat(stage.memory.limits().find(KEY)).isEqualTo(before);
        assertThat(stage.job(second).isHeld()).isTrue();
    }

    private int attend() {
        return new LimitLines(stage.engines, stage.tasks.descriptions()).attend(stage.thirtySeconds());
    }

    private JobId enqueue() {
        JobId id = stage.enqueue(3, Duration.ZERO);
        stage.memory.queue().loseAll(KeeperStage.POOL);
        stage.memory.clock().advance(Duration.ofMillis(1));
        return id;
    }

    private List<JobId> waitingJobs(int jobs) {
        List<JobId> waiting = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            JobId id = enqueue();
            waits(id);
            waiting.add(id);
        }
        return waiting;
    }

    private void runs(JobId id) {
        assertThat(take(id)).isInstanceOf(Limiter.Admission.Taken.class);
    }

    private void waits(JobId id) {
        assertThat(take(id)).isInstanceOf(Limiter.Admission.Waits.class);
        hold(id);
    }

    private Limiter.Admission take(JobId id) {
        return limiter.take(stage.job(id), KEY, 1, stage.now().plusSeconds(41));
    }

    private void hold(JobId id) {
        Job job = stage.job(id);
        stage.memory
                .jobs()
                .apply(id, new Lifecycle(stage.now(), "hold " + id).hold(job, HoldReason.limit(KEY), job.createdAt()));
    }

    private void end(JobId id) {
        limiter.end(KEY, id, 1, 1);
    }

    private JobId running() {
        return stage.memory.limits().find(KEY).slots().getFirst().job();
    }

    private long messages() {
        return stage.memory.queue().depth(KeeperStage.POOL).visible();
    }
}
