package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A task's {@code onDead} hook is deployed with the task: nothing else has to be named for it to run. */
class DeathHooksTest {
    private static final String KEEPER = "dev/longshore/keeper/DeadLetterFunction.class";
    private static final String WORKER = "com/example/Worker.class";

    /** One task with a hook in the pool {@code shop}, one without in another. */
    private static TaskCatalog tasks() {
        TaskCatalog tasks = new TaskCatalog();
        tasks.add("ship", Json.class, (order, job) -> order).pool("shop").onDead(dead -> {});
        tasks.add("greet", Json.class, (name, job) -> name);
        return tasks;
    }

    private static LongshoreProps props(String... entries) {
        return LongshoreProps.of(tasks(), StackTemplate.workerJar(entries), "com.example.Worker");
    }

    @Test
    void deadLetterFunctionRunsTheHooksOutOfTheWorkersJar() {
        StackTemplate template = StackTemplate.of(props(WORKER, KEEPER));

        JsonNode function = template.properties("DeadLetters");
        assertThat(function.get("Handler").asString()).isEqualTo("dev.longshore.keeper.DeadLetterFunction");
        assertThat(function.get("Code"))
                .isEqualTo(template.properties("Worker-shop").get("Code"));
        assertThat(variables(template).get("LONGSHORE_WORKER").asString()).isEqualTo("com.example.Worker");
    }

    @Test
    void withoutHooksItRunsOutOfLongshoresOwnJar() {
        StackTemplate template = StackTemplate.of(StackTemplate.props());

        assertThat(template.properties("DeadLetters").get("Code"))
                .isEqualTo(template.properties("Dispatcher").get("Code"));
        assertThat(variables(template).has("LONGSHORE_WORKER")).isFalse();
    }

    @Test
    void classThatTheTeamNamesIsDeployedInItsPlace() {
        StackTemplate template =
                StackTemplate.of(props(WORKER, "com/example/Deaths.class").deadLetterHandler("com.example.Deaths"));

        assertThat(template.properties("DeadLetters").get("Handler").asString()).isEqualTo("com.example.Deaths");
        assertThat(variables(template).has("LONGSHORE_WORKER")).isFalse();
    }

    @Test
    void workersJarWithoutTheFunctionStopsTheSynthesis() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StackTemplate.of(props(WORKER)))
                .withMessageContaining("runs the onDead hooks of the tasks ship out of the worker's jar")
                .withMessageContaining("worker.jar lacks dev.longshore.keeper.DeadLetterFunction; add"
                        + " dev.longshore:longshore-keeper to the worker's dependencies");
    }

    @Test
    void workersJarWithoutTheWorkerStopsTheSynthesis() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StackTemplate.of(props(KEEPER)))
                .withMessageContaining("Workers run com.example.Worker, and the worker's jar ")
                .withMessageContaining("worker.jar lacks com.example.Worker; name the worker's class");
    }

    @Test
    void workersJarWithoutTheClassThatTheTeamNamesStopsTheSynthesis() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StackTemplate.of(props(WORKER, KEEPER).deadLetterHandler("com.example.Deaths")))
                .withMessageContaining("deadLetterHandler names a class of the worker's jar")
                .withMessageContaining("worker.jar lacks com.example.Deaths");
    }

    @Test
    void fileThatIsNoJarStopsTheSynthesis(@TempDir Path folder) throws Exception {
        Path noJar = Files.writeString(folder.resolve("worker.jar"), "no jar");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> StackTemplate.of(LongshoreProps.of(tasks(), noJar, "com.example.Worker")))
                .withMessageContaining("worker.jar cannot be read as a jar");
    }

    @Test
    void hookFindsTheVariablesOfItsTasksPoolAndNoOthers() {
        StackTemplate template = StackTemplate.of(props(WORKER, KEEPER)
                .pool(WorkerPool.named("shop").environment("PAGER_URL", "https://pager.example.com"))
                .pool(WorkerPool.named("default").environment("MODEL", "large")));

        assertThat(variables(template).get("PAGER_URL").asString()).isEqualTo("https://pager.example.com");
        assertThat(variables(template).has("MODEL")).isFalse();
    }

    @Test
    void twoPoolsWithHooksThatSetAVariableToTwoValuesStopTheSynthesis() {
        TaskCatalog tasks = tasks();
        tasks.find("greet").orElseThrow().onDead(dead -> {});
        LongshoreProps props = LongshoreProps.of(tasks, StackTemplate.workerJar(WORKER, KEEPER), "com.example.Worker")
                .pool(WorkerPool.named("shop").environment("PAGER_URL", "https://shop.example.com"))
                .pool(WorkerPool.named("default").environment("PAGER_URL", "https://pager.example.com"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> StackTemplate.of(props))
                .withMessage("The pools default and shop set PAGER_URL to two values, and the dead-letter function runs"
                        + " onDead hooks of tasks of both; give PAGER_URL one value, or another name in one of them");
    }

    private static JsonNode variables(StackTemplate template) {
        return template.properties("DeadLetters").get("Environment").get("Variables");
    }
}
