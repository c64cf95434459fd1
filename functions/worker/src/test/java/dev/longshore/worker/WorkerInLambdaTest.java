package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.crac.Core;
import org.junit.jupiter.api.Test;

/** A worker in a process whose environment is that of a deployed function. */
class WorkerInLambdaTest {
    private static final Map<String, String> DEPLOYED = Map.of(
            "LONGSHORE_TABLE", "jobs",
            "LONGSHORE_QUEUES", "default=https://sqs/q,https://sqs/dlq",
            "LONGSHORE_BUCKET", "files",
            "AWS_REGION", "eu-central-1",
            "AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");

    /** Prints what a deployed function does before its first invocation, a line for each step. */
    static final class Started extends WorkerFunction {
        private final List<String> steps = new ArrayList<>();

        @Override
        protected void tasks(TaskCatalog tasks) {
            steps.add("tasks");
            tasks.add("write", Json.class, () -> {
                steps.add("supplier");
                return (payload, job) -> files();
            });
        }

        public static void main(String[] arguments) throws Exception {
            Started worker = new Started();
            worker.steps.add("constructed, prepared for snapshots: " + worker.isPreparedForSnapshots());
            worker.steps.add(worker.files().getClass().getSimpleName());
            SnapshotPreparation.register(worker).beforeCheckpoint(Core.getGlobalContext());
            worker.steps.add("snapshot");
            worker.prepare();
            System.out.println(String.join("\n", worker.steps));
        }
    }

    @Test
    void initPhaseBuildsTheEnginesAndTheSnapshotHasTheCatalogueButNoSuppliedHandler() throws Exception {
        assertThat(start(DEPLOYED))
                .containsExactly("constructed, prepared for snapshots: true", "S3FileStore", "tasks", "snapshot");
    }

    @Test
    void functionWhoseEnvironmentLacksAVariableDoesNotStart() throws Exception {
        assertThat(start(Map.of("LONGSHORE_TABLE", "jobs", "AWS_REGION", "eu-central-1")))
                .anyMatch(line -> line.contains(
                        "The environment variable LONGSHORE_QUEUES is not set; the CDK construct sets it"));
    }

    private static List<String> start(Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlogback.configurationFile=longshore-lambda-logback.xml",
                "-classpath",
                System.getProperty("java.class.path"),
                Started.class.getName());
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output.lines().toList();
    }
}
