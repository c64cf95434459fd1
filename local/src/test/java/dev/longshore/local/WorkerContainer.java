package dev.longshore.local;

import dev.longshore.job.aws.PoolQueues;
import dev.longshore.worker.WorkerFunction;
import dev.longshore.worker.WorkerProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A process that runs a pool's jobs on given engines, as the container on Fargate does: told by its environment alone. */
final class WorkerContainer implements AutoCloseable {
    private final Process process;

    private WorkerContainer(Process process) {
        this.process = process;
    }

    /** @param received the file of the health check; the process's output is beside it */
    static WorkerContainer start(
            LocalEngines engines,
            Class<? extends WorkerFunction> worker,
            String pool,
            int concurrency,
            Duration drain,
            Path received)
            throws IOException {
        PoolQueues queues = engines.queues(pool);
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // it ends before the second compiler pays
                "-classpath",
                System.getProperty("java.class.path"),
                WorkerProcess.class.getName());
        builder.environment()
                .putAll(Map.ofEntries(
                        Map.entry("LONGSHORE_WORKER", worker.getName()),
                        Map.entry("LONGSHORE_POOL", pool),
                        Map.entry("LONGSHORE_CONCURRENCY", Integer.toString(concurrency)),
                        Map.entry("LONGSHORE_DRAIN_SECONDS", Long.toString(drain.toSeconds())),
                        Map.entry("LONGSHORE_RECEIVED_FILE", received.toString()),
                        Map.entry("LONGSHORE_TABLE", LocalEngines.TABLE),
                        Map.entry("LONGSHORE_QUEUES", pool + "=" + queues.queueUrl() + "," + queues.deadLetterUrl()),
                        Map.entry("LONGSHORE_BUCKET", "none"),
                        Map.entry("AWS_ENDPOINT_URL_SQS", engines.sqsEndpoint().toString()),
                        Map.entry(
                                "AWS_ENDPOINT_URL_DYNAMODB",
                                engines.dynamoDbEndpoint().toString()),
                        Map.entry("AWS_REGION", "us-east-1"),
                        Map.entry("AWS_ACCESS_KEY_ID", "local"),
                        Map.entry("AWS_SECRET_ACCESS_KEY", "local")));
        File log = received.resolveSibling(received.getFileName() + ".log").toFile();
        return new WorkerContainer(builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start());
    }

    /** SIGTERM, as ECS sends it; answers the exit status. */
    int stop() throws InterruptedException {
        process.destroy();
        return status();
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** The exit status, when it ends. */
    int status() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
