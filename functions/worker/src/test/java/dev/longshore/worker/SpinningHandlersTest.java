package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.task.JobContext;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handlers that compute and do not look at interrupts, on more threads than there are processors. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpinningHandlersTest {
    private static final int HANDLERS = 2 * Runtime.getRuntime().availableProcessors();

    private final WorkerStage stage = new WorkerStage();
    private final AtomicInteger ended = new AtomicInteger();
    private final List<JobContext> contexts = new ArrayList<>();
    private volatile boolean released;

    /** A second passes with each wait, and the wait itself is short: what a watcher needs is a processor. */
    private final Waiter shortWaits = (end, time) -> {
        if (end.await(20, TimeUnit.MILLISECONDS)) {
            return true;
        }
        stage.memory.clock().advance(Duration.ofSeconds(1));
        return false;
    };

    @AfterEach
    void letThemEnd() {
        released = true;
    }

    private Object spin(Json payload, JobContext job) {
        synchronized (contexts) {
            contexts.add(job);
        }
        while (!released) {
            Thread.onSpinWait();
        }
        return ended.incrementAndGet();
    }

    @Test
    void timeoutsComeThoughEveryProcessorIsTaken() throws IOException {
        stage.task("spin", this::spin)
                .timeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.fixed(Duration.ofMinutes(5)).maxAttempts(3));
        List<JobId> ids = enqueueMany("spin");

        String response = stage.workOnBatch(stage.worker(shortWaits, null));

        assertThat(ended).as("no handler has ended").hasValue(0);
        assertThat(ids).allSatisfy(id -> {
            assertThat(stage.job(id).state()).isEqualTo(JobState.RETRYING);
            assertThat(stage.job(id).error().type()).isEqualTo("TimedOut");
            assertThat(stage.job(id).leaseUntil()).isNull();
        });
        assertThat(response).as("each message comes back").contains("itemIdentifier");
        assertThat(contexts)
                .allSatisfy(job -> assertThatThrownBy(() -> job.checkpoint("x"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("can do nothing more"));
    }

    private List<JobId> enqueueMany(String task) {
        return IntStream.range(0, HANDLERS).mapToObj(i -> stage.enqueue(task)).toList();
    }

    @Test
    void heartbeatsComeThoughEveryProcessorIsTaken() throws IOException {
        stage.task("long", this::spin).timeout(Duration.ofMinutes(2)).retry(RetryPolicy.never());
        List<JobId> ids = enqueueMany("long");

        stage.workOnBatch(stage.worker(shortWaits, null));

        assertThat(stage.faults.calls().stream().filter("extendLease"::equals))
                .as("heartbeats of each in its two minutes")
                .hasSizeGreaterThanOrEqualTo(4 * ids.size());
        assertThat(ids).allSatisfy(id -> assertThat(stage.job(id).state()).isEqualTo(JobState.DEAD));
    }

    @Test
    void aSandboxWhoseHandlerCannotBeStoppedGivesItsNextBatchBackAndEnds() throws IOException {
        AtomicInteger sandboxesEnded = new AtomicInteger();
        JobWorker worker = stage.worker(shortWaits, sandboxesEnded::incrementAndGet);
        stage.task("spin", this::spin)
                .timeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.fixed(Duration.ofMinutes(5)).maxAttempts(3));
        stage.task("greet", (payload, job) -> "hello");
        stage.enqueue("spin");
        stage.workOnBatch(worker);
        assertThat(sandboxesEnded).as("what was done in this batch counts").hasValue(0);
        JobId next = stage.enqueue("greet");

        String response = stage.workOnBatch(worker);

        assertThat(sandboxesEnded).hasValue(1);
        assertThat(response).contains("itemIdentifier");
        assertThat(stage.job(next).attempt()).as("its handler was not started").isZero();
        assertThat(stage.memory.queue().receive(WorkerStage.POOL, 10))
                .as("another sandbox can have it at once")
                .hasSize(1);
    }

    @Test
    void aSandboxContinuesWhenItsHandlerHasEndedAfterAll() throws IOException, InterruptedException {
        AtomicInteger sandboxesEnded = new AtomicInteger();
        JobWorker worker = stage.worker(shortWaits, sandboxesEnded::incrementAndGet);
        List<Thread> handlers = new ArrayList<>();
        stage.task("spin", (payload, job) -> {
                    handlers.add(Thread.currentThread());
                    return spin(payload, job);
                })
                .timeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.never());
        stage.task("greet", (payload, job) -> "hello");
        stage.enqueue("spin");
        stage.workOnBatch(worker);
        released = true;
        handlers.getFirst().join();
        JobId next = stage.enqueue("greet");

        stage.workOnBatch(worker);

        assertThat(sandboxesEnded).hasValue(0);
        assertThat(stage.job(next).state()).isEqualTo(JobState.SUCCEEDED);
    }
}
