package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.pause.Pausable;
import dev.longshore.task.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A task that was renamed runs the jobs that were enqueued under its former name. */
class AliasTest {
    private final WorkerStage stage = new WorkerStage();
    private final List<String> names = Collections.synchronizedList(new ArrayList<>());

    @Test
    void messageAndRowUnderAnAliasReachTheTaskWhichKnowsItselfByItsName() {
        stage.task("greet", (payload, job) -> names.add(job.task())).alias("say-hello");

        JobId id = stage.enqueue("say-hello");
        stage.workUntilQuiet();

        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(stage.job(id).task())
                .as("the row keeps the name it was enqueued under")
                .isEqualTo("say-hello");
        assertThat(names).containsExactly("greet");
    }

    @Test
    void jobThatAHandlerEnqueuesUnderAnAliasHasTheNameOfToday() {
        stage.task("greet", (payload, job) -> names.add(job.task())).alias("say-hello");
        stage.task("parent", (payload, job) -> job.enqueue("say-hello", Json.parse("{}")));

        JobId parent = stage.enqueue("parent");
        stage.workUntilQuiet();

        JobId child =
                JobId.parse(Json.parse(stage.result(parent)).as(String.class)).orElseThrow();
        assertThat(stage.job(child).task()).isEqualTo("greet");
        assertThat(stage.job(child).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void pauseUnderEitherNameHoldsJobsOfBoth() {
        stage.task("greet", (payload, job) -> names.add(job.task())).alias("say-hello");
        stage.memory
                .pauses()
                .pause(Pausable.task("say-hello"), stage.memory.clock().instant(), "me");

        JobId today = stage.enqueue("greet");
        JobId before = stage.enqueue("say-hello");
        stage.workUntilQuiet();

        assertThat(names).isEmpty();
        assertThat(List.of(today, before))
                .allSatisfy(id -> assertThat(stage.job(id).isHeldByPause()).isTrue());
    }
}
