package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.Field;
import dev.longshore.job.JobId;
import dev.longshore.job.deadletter.MaintenanceTasks;
import dev.longshore.job.pause.Pausable;
import dev.longshore.job.pause.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The task process-image was named resize-image once: requests, filters, pauses and rows under that name reach it. */
class AliasTest {
    private static final String PICTURE = "\"payload\":{\"file\":\"a.png\",\"width\":1}}";

    private final ApiStage stage = new ApiStage();

    @Test
    void jobEnqueuedUnderAnAliasIsAJobOfTheTask() {
        JobId id = stage.enqueued("{\"task\":\"resize-image\"," + PICTURE);

        assertThat(stage.job(id).task()).isEqualTo("process-image");
        assertThat(stage.job(id).pool()).isEqualTo("heavy");
    }

    @Test
    void listsAndStatsOfATaskHaveItsJobsUnderEveryName() {
        JobId today = stage.enqueued("{\"task\":\"process-image\"," + PICTURE);
        JobId before = fromBefore();
        stage.enqueue("1");

        for (String name : List.of("process-image", "resize-image")) {
            assertThat(stage.get("/v1/jobs?task=" + name).json().get("jobs").valueStream())
                    .as(name)
                    .extracting(job -> job.get("id").asString())
                    .containsExactlyInAnyOrder(today.text(), before.text());
        }
        stage.memory.clock().advance(Duration.ofSeconds(1));
        assertThat(stage.get("/v1/stats").json().get("tasks").valueStream())
                .extracting(
                        of -> of.get("task").asString() + " " + of.get("jobs").asInt())
                .containsExactly("echo 1", "process-image 2");
    }

    @Test
    void deadJobsOfATaskAreCountedAndRedrivenUnderEveryName() {
        stage.dead("process-image", "no route");
        stage.deadIn("heavy", "resize-image");
        stage.memory.clock().advance(Duration.ofSeconds(1));

        for (String name : List.of("process-image", "resize-image")) {
            assertThat(stage.get("/v1/dead-letters?task=" + name)
                            .json()
                            .get("groups")
                            .valueStream()
                            .mapToInt(group -> group.get("count").asInt())
                            .sum())
                    .as(name)
                    .isEqualTo(2);
        }
        JobId order = new JobId(
                stage.post("/v1/jobs/retry", "{\"task\":\"resize-image\"}").text("id"));
        assertThat(stage.memory
                        .jobs()
                        .payload(stage.job(order))
                        .as(MaintenanceTasks.Redrive.class)
                        .filter()
                        .aliases())
                .containsExactlyInAnyOrder("process-image", "resize-image");
    }

    @Test
    void pauseMadeUnderAnAliasIsShownForTheTaskAndEndedWithIt() {
        stage.memory.pauses().pause(Pausable.task("resize-image"), now(), "me");

        assertThat(task().get("paused").get("by").asString()).isEqualTo("me");
        assertThat(stage.post("/v1/tasks/process-image/pause", "").text("task")).isEqualTo("process-image");
        assertThat(stage.memory.pauses().all()).as("paused once").hasSize(1);

        Answer resumed = stage.post("/v1/tasks/resize-image/resume", "");

        assertThat(resumed.body()).isEqualTo("{\"task\":\"process-image\"}");
        assertThat(stage.memory.pauses().all()).noneMatch(Pause::holds);
        assertThat(task().has("paused")).isFalse();
    }

    @Test
    void scheduleUnderAnAliasIsOneOfTheTaskAndATaskListsItsAliases() {
        Answer answer = stage.put("/v1/schedules/s", "{\"task\":\"resize-image\",\"cron\":\"@daily\"," + PICTURE);

        assertThat(answer.text("task")).isEqualTo("process-image");
        assertThat(task().get("aliases").toString()).isEqualTo("[\"resize-image\"]");
    }

    private JsonNode task() {
        return stage.get("/v1/tasks")
                .json()
                .get("tasks")
                .valueStream()
                .filter(task -> task.get("name").asString().equals("process-image"))
                .findFirst()
                .orElseThrow();
    }

    /** A job that was enqueued when the task still had its former name. */
    private JobId fromBefore() {
        JobId id = stage.enqueued("{\"task\":\"process-image\"," + PICTURE);
        stage.memory.rows().plant(id, stage.memory.rows().row(id).put(Field.TASK, "resize-image"));
        return id;
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}
