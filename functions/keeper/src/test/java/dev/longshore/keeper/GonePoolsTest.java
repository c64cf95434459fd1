package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.HoldReason;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.pause.Pausable;
import dev.longshore.suites.faults.FaultyJobQueue;
import dev.longshore.task.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pools that a deployment does not have any more, and queues that take no messages: neither holds up another pool. */
class GonePoolsTest {
    private static final String GONE = "gone";

    private final KeeperStage stage = new KeeperStage();
    private final List<String> notified = new ArrayList<>();

    @BeforeEach
    void aPoolThatIsThere() {
        stage.memory.queue().sendRaw(KeeperStage.POOL, "so that it is there");
        stage.memory.queue().loseAll(KeeperStage.POOL);
    }

    private void theTaskIsIn(String pool) {
        stage.tasks
                .add("t", Json.class, (payload, job) -> "done")
                .pool(pool)
                .onDead(dead -> notified.add(dead.reason()));
    }

    // ---- what is due

    @Test
    void jobsOfAPoolThatIsGoneStarveNoOther() {
        List<JobId> gone = jobs(GONE, 200);
        List<JobId> others = jobs(KeeperStage.POOL, 200);
        stage.memory.queue().removePool(GONE);
        stage.memory.clock().advance(Duration.ofMinutes(20));

        assertThat(stage.dispatch()).isEqualTo(200);

        assertThat(others)
                .noneSatisfy(id -> assertThat(stage.job(id).isHeldUntilDue()).isTrue());
        assertThat(gone)
                .allSatisfy(id -> assertThat(stage.job(id).isHeldUntilDue()).isTrue());
    }

    @Test
    void jobsOfAQueueThatTakesNothingStarveNoOther() {
        List<JobId> refused = jobs("down", 200);
        List<JobId> others = jobs(KeeperStage.POOL, 200);
        ((FaultyJobQueue) stage.engines.queue()).refuse("down");
        stage.memory.clock().advance(Duration.ofMinutes(20));

        assertThat(stage.dispatch()).isEqualTo(200);

        assertThat(others)
                .noneSatisfy(id -> assertThat(stage.job(id).isHeldUntilDue()).isTrue());
        ((FaultyJobQueue) stage.engines.queue()).refuse(null);
        assertThat(stage.dispatch()).isEqualTo(200);
        assertThat(refused)
                .noneSatisfy(id -> assertThat(stage.job(id).isHeldUntilDue()).isTrue());
    }

    @Test
    void aQueueThatFailsIsTriedOnceByEachShardInATick() {
        jobs("down", JobId.SHARDS.size() * 150);
        FaultyJobQueue queue = (FaultyJobQueue) stage.engines.queue();
        queue.refuse("down");
        stage.memory.clock().advance(Duration.ofMinutes(20));

        stage.dispatch();

        assertThat(queue.refusals()).isBetween(1, JobId.SHARDS.size());
    }

    @Test
    void heldJobsOfAQueueThatTakesNothingDoNotCountAsRescued() {
        jobs("down", 3);
        JobId other = stage.enqueue(3, Duration.ofMinutes(20));
        ((FaultyJobQueue) stage.engines.queue()).refuse("down");
        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().rescued()).isEqualTo(1);
        assertThat(stage.hasMessage(other)).isTrue();
    }

    @Test
    void aJobOfAPoolThatIsGoneIsDeadWithAReasonOfItsOwnWhenNoDeploymentHasBroughtItInTime() {
        theTaskIsIn(GONE);
        JobId id = stage.enqueue(GONE, "t", 3, Duration.ofMinutes(20));
        stage.memory.queue().removePool(GONE);
        stage.memory
                .clock()
                .advance(Duration.ofMinutes(20).plus(Lifecycle.DEPLOYMENT_GRACE).minusMillis(1));
        stage.dispatch();
        assertThat(stage.job(id).state()).as("a deployment may bring it").isEqualTo(JobState.SCHEDULED);

        stage.memory.clock().advance(Duration.ofMillis(1));
        stage.dispatch();

        assertThat(stage.job(id).state()).isEqualTo(JobState.DEAD);
        assertThat(stage.job(id).deadReason()).isEqualTo(DeadReason.UNKNOWN_POOL);
        assertThat(stage.job(id).error().message()).contains("pool gone", "10 minutes", "retry");
        assertThat(stage.job(id).attempt()).isZero();
        stage.handleDeadLetters();
        assertThat(notified).containsExactly("unknown_pool");
    }

    @Test
    void aJobWhoseTaskHasMovedToAnotherPoolIsSentThere() {
        theTaskIsIn(KeeperStage.POOL);
        JobId id = stage.enqueue(GONE, "t", 3, Duration.ofMinutes(20));
        stage.memory.queue().removePool(GONE);
        stage.memory.clock().advance(Duration.ofMinutes(20));

        assertThat(stage.dispatch()).isEqualTo(1);

        assertThat(stage.hasMessage(id)).isTrue();
        assertThat(stage.job(id).isHeldUntilDue()).isFalse();
    }

    @Test
    void aPoolThatADeploymentBringsBackInTimeGetsItsJobs() {
        JobId id = stage.enqueue(GONE, "t", 3, Duration.ofMinutes(20));
        stage.memory.queue().removePool(GONE);
        stage.memory.clock().advance(Duration.ofMinutes(25));
        assertThat(stage.dispatch()).isZero();

        stage.memory.queue().restorePool(GONE);

        assertThat(stage.dispatch()).isEqualTo(1);
        assertThat(stage.memory.queue().bodies(GONE)).hasSize(1);
        assertThat(stage.job(id).isHeldUntilDue()).isFalse();
    }

    @Test
    void aRowOfNewerCodeIsLeftToItsOwnDispatcherAndKeepsNoOther() {
        JobId newer = stage.enqueue(3, Duration.ofMinutes(20));
        stage.memory.rows().plant(newer, stage.memory.rows().row(newer).put(Field.STATE, "WAITING"));
        List<JobId> others = jobs(KeeperStage.POOL, 50);
        stage.memory.clock().advance(Duration.ofMinutes(20));

        assertThat(stage.dispatch()).isEqualTo(50);

        assertThat(others)
                .noneSatisfy(id -> assertThat(stage.job(id).isHeldUntilDue()).isTrue());
        assertThat(stage.hasMessage(newer)).isFalse();
    }

    // ---- what lost its message with its queue

    @Test
    void anAuditGoesToItsEndAndHandsTheJobsOfAPoolThatIsGoneToTheDispatcher() {
        JobId waiting = stage.enqueue(GONE, "t", 3, Duration.ZERO);
        JobId running = stage.enqueue(GONE, "t", 3, Duration.ZERO);
        JobId lastAttempt = stage.enqueue(GONE, "t", 1, Duration.ZERO);
        stage.claim(running);
        stage.claim(lastAttempt);
        JobId other = stage.enqueue(3, Duration.ZERO);
        stage.memory.queue().loseAll(KeeperStage.POOL);
        stage.memory.queue().removePool(GONE);
        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().hours()).isPositive();
        stage.handleDeadLetters();
        stage.dispatch();
        stage.memory.clock().advance(Duration.ofHours(1));
        stage.dispatch();

        assertThat(stage.hasMessage(other)).as("the other pool's is sent again").isTrue();
        assertThat(List.of(stage.job(waiting), stage.job(running)))
                .allSatisfy(job -> assertThat(job.deadReason()).isEqualTo(DeadReason.UNKNOWN_POOL));
        assertThat(stage.job(lastAttempt).deadReason()).isEqualTo(DeadReason.CRASHED);
    }

    @Test
    void aDeathInAPoolThatIsGoneIsReportedByTheDeadLettersOfAnother() {
        theTaskIsIn(GONE);
        JobId id = stage.dead(Duration.ofDays(30));
        stage.memory.rows().plant(id, stage.memory.rows().row(id).put(Field.POOL, GONE));
        stage.memory.queue().removePool(GONE);
        stage.memory.clock().advance(Duration.ofMinutes(76));

        stage.audit();
        stage.handleDeadLetters();

        assertThat(notified).containsExactly("exhausted");
    }

    @Test
    void anAuditOfAPoolWhoseQueueFailsRescuesTheOthers() {
        stage.enqueue("down", "t", 3, Duration.ZERO);
        JobId other = stage.enqueue(3, Duration.ZERO);
        stage.memory.queue().loseAll(KeeperStage.POOL);
        stage.memory.queue().loseAll("down");
        ((FaultyJobQueue) stage.engines.queue()).refuse("down");
        stage.memory.clock().advance(Duration.ofMinutes(76));

        assertThat(stage.audit().hours()).isPositive();

        assertThat(stage.hasMessage(other)).isTrue();
    }

    @Test
    void aRescuedJobWhosePoolIsGoneIsHeldAsDue() {
        JobId id = stage.enqueue(GONE, "t", 3, Duration.ZERO);
        stage.claim(id);
        stage.memory
                .queue()
                .sendToDeadLetters(
                        KeeperStage.POOL, JobMessage.of(stage.job(id)).write());
        stage.memory.queue().removePool(GONE);
        stage.memory.clock().advance(Duration.ofMinutes(2));

        stage.handleDeadLetters();

        assertThat(stage.job(id).state()).isEqualTo(JobState.RETRYING);
        assertThat(stage.job(id).isHeldUntilDue()).isTrue();
    }

    // ---- jobs held by a pause

    @Test
    void jobsOfAMissingPoolThatAPauseHeldAreHeldAsDueAndTheRestIsSent() {
        Pausable task = Pausable.task("t");
        JobId gone = stage.enqueue(GONE, "t", 3, Duration.ZERO);
        JobId other = stage.enqueue(3, Duration.ZERO);
        for (JobId id : List.of(gone, other)) {
            stage.memory
                    .jobs()
                    .apply(
                            id,
                            new Lifecycle(stage.now(), "held-" + id)
                                    .hold(stage.job(id), HoldReason.paused(task), stage.now()));
        }
        stage.memory.queue().loseAll(KeeperStage.POOL);
        stage.memory.queue().removePool(GONE);
        stage.memory.pauses().pause(task, stage.now(), "me");
        stage.memory.pauses().resume(task, stage.now());

        stage.sendResumed();

        assertThat(stage.hasMessage(other)).isTrue();
        assertThat(stage.job(gone).isHeldUntilDue()).isTrue();
    }

    @Test
    void jobsOfAMissingPoolThatARemovedPauseHeldAreHeldAsDue() {
        JobId id = stage.enqueue(GONE, "t", 3, Duration.ZERO);
        stage.memory
                .jobs()
                .apply(
                        id,
                        new Lifecycle(stage.now(), "held")
                                .hold(stage.job(id), HoldReason.paused(Pausable.task("t")), stage.now()));
        stage.memory.queue().removePool(GONE);
        stage.memory.clock().advance(Duration.ofMinutes(76));

        stage.audit();

        assertThat(stage.job(id).isHeldByPause()).isFalse();
        assertThat(stage.job(id).isHeldUntilDue()).isTrue();
    }

    private List<JobId> jobs(String pool, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> stage.enqueue(pool, "t", 3, Duration.ofMinutes(20)))
                .toList();
    }
}
