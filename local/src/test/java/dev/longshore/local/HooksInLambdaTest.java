package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.keeper.DeadLetterFunction;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.Json;
import dev.longshore.task.PoolPlan;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkClient;

/** The dead-letter function as the construct deploys it where a task has a hook, in a process like Lambda's. */
class HooksInLambdaTest {
    @TempDir
    Path data;

    private LocalEngines local;
    private Engines engines;

    /** A team's worker, which nothing but {@code LONGSHORE_WORKER} names. */
    public static final class ShopWorker extends WorkerFunction {
        private final String pager = "pager";

        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("ship", Json.class, () -> {
                        throw new AssertionError("a dead-letter function runs no handler");
                    })
                    .onDead(dead ->
                            System.out.println(pager + ": " + dead.id() + " " + dead.reason() + ", it was to ship "
                                    + dead.payload().text() + " with files in "
                                    + files().getClass().getSimpleName()));
        }
    }

    /** Lambda's part: constructs the named handler, and hands it one event. */
    static final class Lambda {
        public static void main(String[] handler) throws Exception {
            RequestStreamHandler function = Class.forName(handler[0])
                    .asSubclass(RequestStreamHandler.class)
                    .getConstructor()
                    .newInstance();
            Json event = new Json(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
            System.out.println(new LambdaRunner(function, InstantSource.system(), Duration.ofMinutes(1))
                    .invoke(event)
                    .text());
        }
    }

    @BeforeEach
    void open() {
        local = LocalEngines.start(
                data,
                List.of(PoolPlan.of("default", new ShopWorker().catalog().descriptions())),
                new FolderFileStore(data.resolve("files")));
        engines = local.engines();
    }

    @AfterEach
    void close() {
        local.close();
    }

    @Test
    void hookOfTheWorkerThatTheEnvironmentNamesRuns() throws Exception {
        Job dead = dead();

        List<String> output = handle(dead, ShopWorker.class.getName());

        assertThat(output)
                .contains(
                        "pager: " + dead.id()
                                + " exhausted, it was to ship {\"to\":\"Oslo\"} with files in S3FileStore",
                        "{\"batchItemFailures\":[]}");
        assertThat(engines.jobs().find(dead.id()).orElseThrow().deathHandled()).isTrue();
    }

    @Test
    void functionWhoseWorkerIsMissingFailsAtItsStartAndHandlesNoDeath() throws Exception {
        Job dead = dead();

        List<String> output = handle(dead, "com.example.Gone");

        assertThat(output)
                .anyMatch(line -> line.contains(
                        "The class com.example.Gone that LONGSHORE_WORKER names is not in the worker's jar"));
        assertThat(engines.jobs().find(dead.id()).orElseThrow().deathHandled()).isFalse();
    }

    private static String endpoint(SdkClient client) {
        return client.serviceClientConfiguration()
                .endpointOverride()
                .orElseThrow()
                .toString();
    }

    private Job dead() {
        Instant now = Instant.now();
        WriteTokens tokens = new WriteTokens(engines.random());
        JobId id = JobId.next(now, engines.random());
        engines.jobs()
                .create(NewJob.of(id, "ship", "default", 1, Json.parse("{\"to\":\"Oslo\"}"), now, tokens.next()), now);
        Job running = done(engines.jobs().apply(id, new Lifecycle(now, tokens.next()).claim(id, now.plusSeconds(30))));
        return done(engines.jobs()
                .apply(
                        id,
                        new Lifecycle(now, tokens.next())
                                .kill(running, DeadReason.EXHAUSTED, new JobError("Oops", "lost at sea"))));
    }

    private static Job done(Change.Outcome outcome) {
        return ((Change.Outcome.Done) outcome).job();
    }

    private List<String> handle(Job dead, String worker) throws IOException, InterruptedException {
        String letters = local.queues("default").deadLetterUrl();
        Received letter = new Received("letter", "receipt", JobMessage.of(dead).write(), 1, null);
        Json event = LambdaRunner.sqsEvent("arn:aws:sqs:us-east-1:0:longshore-default-dlq", List.of(letter));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                Lambda.class.getName(),
                DeadLetterFunction.class.getName());
        builder.environment()
                .putAll(Map.of(
                        "LONGSHORE_TABLE",
                        LocalEngines.TABLE,
                        "LONGSHORE_QUEUES",
                        "default=" + local.queues("default").queueUrl() + "," + letters,
                        "LONGSHORE_BUCKET",
                        "files",
                        "LONGSHORE_WORKER",
                        worker,
                        "AWS_REGION",
                        "us-east-1",
                        "AWS_ACCESS_KEY_ID",
                        "local",
                        "AWS_SECRET_ACCESS_KEY",
                        "local",
                        "AWS_ENDPOINT_URL_DYNAMODB",
                        endpoint(local.dynamoDb()),
                        "AWS_ENDPOINT_URL_SQS",
                        endpoint(local.sqs())));
        Process process = builder.redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(event.utf8());
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output.lines().toList();
    }
}
