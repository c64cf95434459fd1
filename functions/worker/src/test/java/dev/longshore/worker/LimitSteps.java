package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.LimitKey;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.limit.Slot;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.task.JobContext;
import dev.longshore.task.Json;
import dev.longshore.task.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps of tests of limits. The handler runs {@link #meanwhile} once, in which a test works on other messages: what happens there
 * happens while a job runs.
 */
abstract class LimitSteps {
    static final LimitKey SYNC = new LimitKey("sync", "");

    final WorkerStage stage = new WorkerStage();
    final List<String> started = new ArrayList<>();
    Runnable meanwhile = () -> {};

    void limited(int jobs) {
        stage.task("sync", this::run).limit(Limit.concurrent(jobs));
    }

    Object run(Json payload, JobContext job) {
        started.add(payload.text());
        Runnable once = meanwhile;
        meanwhile = () -> {};
        once.run();
        return "done";
    }

    JobId enqueue(String payload, String limitKey) {
        NewJob job = NewJob.of(
                        JobId.next(now(), stage.memory.random()),
                        "sync",
                        WorkerStage.POOL,
                        3,
                        Json.parse(payload),
                        now(),
                        "t" + payload)
                .underLimitKey(limitKey);
        new Enqueuer(stage.memory.engines()).enqueue(job);
        return job.id();
    }

    /** The last message first. */
    void workInDisorder(int messages) {
        List<Received> received = stage.memory.queue().receive(WorkerStage.POOL, messages);
        assertThat(received).hasSize(messages);
        received.reversed().forEach(stage::work);
    }

    List<Slot> slots(LimitKey key) {
        return stage.memory.limits().find(key).slots();
    }

    void cancel(JobId id) {
        Job job = stage.job(id);
        stage.memory
                .jobs()
                .apply(id, new OperatorChanges(now(), "cancel " + id).cancelWaiting(job, Duration.ofDays(1), "k"));
    }

    void hold(JobId id, HoldReason reason) {
        stage.memory.jobs().apply(id, new Lifecycle(now(), "hold " + id).hold(stage.job(id), reason, now()));
    }

    Instant now() {
        return stage.memory.clock().instant();
    }
}
