package dev.longshore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Body;
import dev.longshore.job.Condition;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rows as an attempt that crashed sees them, and as all others do. */
class ObservedRowsTest {
    private static final JobId OTHER =
            JobId.parse("019cd79e-4600-7000-8000-000000000001").orElseThrow();

    private final List<String> refused = new ArrayList<>();
    private final @Nullable Deployment[] holder = new Deployment[1];
    private final Deployment deployment = new Deployment(clock -> new WorkerFunction() {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("work", Json.class, (nothing, job) -> {
                ObservedRows rows = holder[0].rows();
                Job row = rows.find(JobId.parse(job.id()).orElseThrow()).orElseThrow();
                try {
                    job.checkpoint(1);
                } catch (CrashPlan.Crash crash) {
                    attemptAll(rows, row);
                }
                return null;
            });
        }
    });

    private void attemptAll(ObservedRows rows, Job row) {
        Map<String, Runnable> calls = new LinkedHashMap<>();
        calls.put("find", () -> rows.find(row.id()));
        calls.put("withdraw", () -> rows.withdraw(row));
        calls.put("apply", () -> rows.apply(row.id(), Lifecycle.checkpoint(row, Json.of(2))));
        calls.put("create", () -> rows.create(other(), new Body.Inline(Json.of(1)), Instant.MAX));
        calls.forEach((name, call) -> {
            try {
                call.run();
            } catch (CrashPlan.Crash crash) {
                refused.add(name);
            }
        });
    }

    private NewJob other() {
        return NewJob.of(OTHER, "work", "default", 3, Json.of(1), deployment.now(), "a-token");
    }

    private JobId enqueue() {
        return JobId.parse(deployment
                        .api()
                        .post("/v1/jobs", Map.of("task", "work", "payload", Map.of()), Map.of())
                        .path("id")
                        .asString())
                .orElseThrow();
    }

    @Test
    void eachCallOfAnAttemptThatCrashedIsRefused() {
        holder[0] = deployment;
        CrashPlan plan = CrashPlan.at(0, false);
        deployment.reset(plan);
        JobId id = enqueue();
        plan.of(id);

        deployment.workOnce();

        assertThat(refused).containsExactly("find", "withdraw", "apply", "create");
        assertThat(deployment.memory().rows().find(id)).isPresent();
        assertThat(deployment.memory().rows().find(OTHER)).isEmpty();
    }

    @Test
    void whatNoAttemptCallsIsForwarded() {
        JobId id = enqueue();
        ObservedRows rows = deployment.rows();

        JobStore.Query all = new JobStore.Query(
                deployment.now().minusSeconds(60),
                deployment.now().plusSeconds(60),
                new Condition.All(List.of()),
                10,
                null);
        assertThat(rows.list(all).items()).extracting(Job::id).containsExactly(id);
        assertThat(deployment
                        .api()
                        .post("/v1/jobs/retry", Map.of("dryRun", true, "task", "work"), Map.of())
                        .path("count")
                        .asInt(-1))
                .isZero();
        Job row = rows.find(id).orElseThrow();
        assertThat(rows.withdraw(row)).isTrue();
        assertThat(rows.withdraw(row)).as("a second time").isFalse();
    }
}
