package dev.longshore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.task.Limit;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskDescription;
import dev.longshore.task.Unique;
import dev.longshore.worker.WorkerFunction;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The parts of a deployment that no job of a usual test needs. */
class DeploymentTest {
    record Named(String name) {}

    private final Deployment deployment = new Deployment(clock -> new WorkerFunction() {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("work", Named.class, (named, job) -> null)
                    .timeout(Duration.ofMinutes(3))
                    .memoryMiB(700)
                    .retention(Duration.ofDays(3))
                    .retry(RetryPolicy.fixed(Duration.ofMinutes(7)).maxAttempts(4))
                    .example(new Named("Ada"))
                    .alias("labour")
                    .every(ScheduleSpec.interval(Duration.ofHours(1)).payload(new Named("Ada")));
        }
    });

    @Test
    void anUnreadableMessageIsKeptInQuarantine() {
        deployment.memory().queue().sendRaw("default", "no message");

        while (deployment.workOnce()) {}

        assertThat(deployment.memory().quarantine().list(10, null).items()).hasSize(1);
    }

    @Test
    void anUploadHasAUrl() {
        assertThat(deployment
                        .api()
                        .post("/v1/uploads", Map.of("bytes", 10), Map.of())
                        .path("url")
                        .asString())
                .isNotEmpty();
    }

    @Test
    void aPausedScheduleMovesNoClock() {
        deployment.firstTick();
        assertThat(deployment.nextEvent()).isEqualTo("2026-03-10T12:59:00Z");

        String name = deployment
                .memory()
                .schedules()
                .list(10, null)
                .items()
                .getFirst()
                .name();
        deployment.api().post("/v1/schedules/" + name + "/pause", Map.of(), Map.of());

        assertThat(deployment.nextEvent()).isNull();
    }

    @Test
    void aTickThatFailsInPartIsAnError() {
        Instant late = Instant.MAX.minus(Duration.ofMinutes(90));
        deployment.moveClock(late);

        assertThatThrownBy(deployment::tick)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("A part of the dispatcher's tick failed at " + late + ": {")
                .hasMessageContaining("\"failed\"");
    }

    @Test
    void withoutSchedulesATaskIsOtherwiseTheSame() {
        TaskDescription task = deployment
                .tasks()
                .find("work")
                .orElseThrow()
                .limit(Limit.concurrent(2))
                .unique(Unique.by("name"))
                .description();
        assertThat(task).hasNoNullFieldsOrProperties();
        assertThat(task.schedules()).hasSize(1);
        assertThat(task.limits()).hasSize(1);

        TaskDescription without = Deployment.withoutSchedules(task);

        assertThat(without.schedules()).isEmpty();
        assertThat(without)
                .usingRecursiveComparison()
                .ignoringFields("schedules")
                .isEqualTo(task);
    }
}
