package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.LimitKey;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.engines.Limiter;
import dev.longshore.job.limit.LimitState;
import dev.longshore.job.limit.LimitStore.SetNumber;
import dev.longshore.job.limit.Slot;
import dev.longshore.job.limit.Waiter;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.task.Json;
import dev.longshore.task.Limit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which jobs of a task with limits run at once, in which order, and what it costs. */
class LimitsTest extends LimitSteps {
    // ---- slots and the line

    @Test
    void aJobWithoutASlotIsHeldWithoutAMessageAndUsesUpNoAttempt() {
        limited(1);
        JobId first = stage.enqueue("sync", "1");
        JobId second = stage.enqueue("sync", "2");
        meanwhile = () -> {
            assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);
            assertThat(stage.job(second).heldByLimit()).contains(SYNC);
            assertThat(stage.job(second).attempt()).isZero();
            assertThat(stage.memory.queue().nextVisibleAt(WorkerStage.POOL))
                    .as("only the message of the job that runs")
                    .isAfter(now());
        };

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(started).containsExactly("1");
        assertThat(stage.job(first).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(stage.job(second).isHeld())
                .as("released by the end of the first")
                .isFalse();
        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);
        assertThat(started).containsExactly("1", "2");
    }

    @Test
    void jobsRunInTheOrderOfEnqueueingHoweverTheirMessagesCome() {
        limited(1);
        for (int i = 1; i <= 6; i++) {
            stage.enqueue("sync", String.valueOf(i));
            stage.memory.clock().advance(Duration.ofMillis(1));
        }
        meanwhile = () -> workInDisorder(5);

        stage.workOnce();
        stage.workUntilQuiet();

        assertThat(started).containsExactly("1", "2", "3", "4", "5", "6");
    }

    @Test
    void aLongLineIsHeldInTheIndexAndRunsInOrder() {
        limited(1);
        List<String> all =
                IntStream.rangeClosed(1, 60).mapToObj(String::valueOf).toList();
        all.forEach(payload -> {
            stage.enqueue("sync", payload);
            stage.memory.clock().advance(Duration.ofMillis(1));
        });
        meanwhile = () -> workInDisorder(59);

        stage.workOnce();
        stage.workUntilQuiet();

        assertThat(started).containsExactlyElementsOf(all);
    }

    @Test
    void eachKeyHasItsOwnSlots() {
        stage.task("sync", this::run).limit(Limit.concurrent(1).perKey());
        enqueue("1", "acme");
        JobId second = enqueue("2", "acme");
        enqueue("3", "other");
        meanwhile = () -> {
            stage.workOnce();
            stage.workOnce();
        };

        stage.workOnce();

        assertThat(started).containsExactly("1", "3");
        assertThat(stage.job(second).isHeld()).as("released").isFalse();
    }

    @Test
    void tasksThatUseALimitHaveItsSlotsTogether() {
        stage.tasks.limit("crm-api", Limit.concurrent(1));
        stage.task("sync", this::run).uses("crm-api");
        stage.task("read", this::run).uses("crm-api");
        stage.enqueue("sync", "1");
        JobId second = stage.enqueue("read", "2");
        meanwhile = () -> {
            stage.workOnce();
            assertThat(stage.job(second).heldByLimit()).contains(new LimitKey("crm-api", ""));
        };

        stage.workOnce();
        stage.workUntilQuiet();

        assertThat(started).containsExactly("1", "2");
    }

    @Test
    void aJobOfSeveralLimitsNeedsASlotOfEachAndKeepsNoneWhileItWaits() {
        stage.tasks.limit("a-first", Limit.concurrent(2));
        stage.task("sync", this::run).uses("a-first").limit(Limit.concurrent(1));
        stage.enqueue("sync", "1");
        JobId second = stage.enqueue("sync", "2");
        meanwhile = () -> {
            stage.workOnce();
            assertThat(stage.job(second).heldByLimit()).contains(SYNC);
            assertThat(slots(new LimitKey("a-first", ""))).hasSize(1);
        };

        stage.workOnce();
        stage.workUntilQuiet();

        assertThat(started).containsExactly("1", "2");
        assertThat(slots(SYNC)).isEmpty();
        assertThat(slots(new LimitKey("a-first", ""))).isEmpty();
    }

    @Test
    void aBatchOfJobsRunsAsManyAtOnceAsTheLimitHasSlots() throws Exception {
        CountDownLatch two = new CountDownLatch(2);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        stage.task("sync", (payload, job) -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    two.countDown();
                    two.await();
                    running.decrementAndGet();
                    return null;
                })
                .limit(Limit.concurrent(2));
        List<JobId> ids = IntStream.range(0, 10)
                .mapToObj(i -> stage.enqueue("sync", "{}"))
                .toList();

        stage.workOnBatch(stage.worker());
        stage.workUntilQuiet();

        assertThat(most).hasValue(2);
        assertThat(ids).allSatisfy(id -> assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED));
    }

    // ---- numbers

    @Test
    void anOperatorsNumberCountsWithinFiveSeconds() {
        limited(1);
        JobWorker worker = stage.worker();
        for (int i = 1; i <= 3; i++) {
            stage.enqueue("sync", String.valueOf(i));
        }
        stage.memory.limits().set("sync", new SetNumber(2, now(), "k"));
        meanwhile = () -> {
            Received other = stage.receive();
            worker.work(stage.delivery(other), now().plus(Duration.ofMinutes(15)));
        };

        worker.work(stage.delivery(stage.receive()), now().plus(Duration.ofMinutes(15)));

        assertThat(started).containsExactly("1", "2");
    }

    @Test
    void aLowerNumberCountsForTheJobsThatRunWhenTheyEnd() {
        limited(2);
        JobWorker worker = stage.worker();
        for (int i = 1; i <= 3; i++) {
            stage.enqueue("sync", String.valueOf(i));
        }
        Received first = stage.receive();
        Received second = stage.receive();
        Received third = stage.receive();
        meanwhile = () -> {
            meanwhile = () -> {
                work(worker, third);
                stage.memory.limits().set("sync", new SetNumber(1, now(), "k"));
                stage.memory.clock().advance(LimitNumbers.PERIOD);
            };
            work(worker, second);
            assertThat(slots(SYNC))
                    .as("the first job's, and none for the third")
                    .hasSize(1);
        };

        work(worker, first);

        assertThat(slots(SYNC)).hasSize(1);
        assertThat(started).containsExactly("1", "2");
    }

    private void work(JobWorker worker, Received message) {
        worker.work(stage.delivery(message), now().plus(Duration.ofMinutes(15)));
    }

    /** The slot of the second limit was handed to the job, and meanwhile the first one has none: it would idle. */
    @Test
    void aJobThatWaitsForOneLimitLeavesWhatIsReservedForItInTheNext() {
        stage.tasks.limit("a-first", Limit.concurrent(1).perKey());
        stage.tasks.limit("z-last", Limit.concurrent(1));
        stage.task("sync", this::run).uses("a-first", "z-last");
        stage.task("free", this::run).uses("z-last");
        JobId first = enqueue("1", "acme");
        JobId waiting = enqueue("2", "acme");
        JobId other = stage.enqueue("free", "3");
        LimitKey last = new LimitKey("z-last", "");
        Slot reserved = new Slot(waiting, now().plusSeconds(60), null);
        LimitState before = new LimitState(List.of(reserved), List.of(Waiter.of(stage.job(other))), null, now(), "t");
        stage.memory.limits().replace(last, LimitState.EMPTY, before, now());
        new Limiter(stage.memory.engines())
                .take(stage.job(first), new LimitKey("a-first", "acme"), 1, now().plusSeconds(40));
        stage.receive();

        assertThat(stage.workOnce()).isEqualTo(Verdict.DELETE);

        assertThat(stage.job(waiting).heldByLimit()).contains(new LimitKey("a-first", "acme"));
        assertThat(slots(last)).extracting(Slot::job).containsExactly(other);
    }

    @Test
    void aJobThatAnOperatorRunsNowIsInTheLineFromNowOn() {
        limited(1);
        NewJob tomorrow = NewJob.of(
                        JobId.next(now(), stage.memory.random()),
                        "sync",
                        WorkerStage.POOL,
                        3,
                        Json.parse("1"),
                        now(),
                        "t")
                .at(now().plus(Duration.ofDays(1)));
        Job job = new Enqueuer(stage.memory.engines()).enqueue(tomorrow).job();
        assertThat(Waiter.of(job).since()).isEqualTo(now().plus(Duration.ofDays(1)));

        stage.memory.jobs().apply(job.id(), new OperatorChanges(now(), "run").runNow(job, job.pool(), "k"));

        assertThat(Waiter.of(stage.job(job.id())).since()).isEqualTo(now());
    }

    @Test
    void aTaskWithoutLimitsReadsNoSlots() {
        stage.task("free", this::run);
        stage.enqueue("free", "1");

        stage.workOnce();

        assertThat(stage.faults.calls()).doesNotContain("slots", "replaceSlots", "numbers", "find");
    }

    @Test
    void aLimitCostsTwoWritesAJob() {
        limited(1);
        stage.enqueue("sync", "1");

        stage.workOnce();

        assertThat(stage.faults.calls()).filteredOn("replaceSlots"::equals).hasSize(2);
    }
}
