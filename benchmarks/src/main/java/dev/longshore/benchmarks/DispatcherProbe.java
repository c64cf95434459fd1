package dev.longshore.benchmarks;

import dev.longshore.job.JobId;
import dev.longshore.job.NewJob;
import dev.longshore.job.Parallel;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.job.aws.CallTimeouts;
import dev.longshore.job.aws.PoolQueues;
import dev.longshore.job.engines.Engines;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.local.LocalEngines;
import dev.longshore.local.LocalInvocation;
import dev.longshore.memory.SettableClock;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The dispatcher in a JVM of its own, with the engines of its environment in another one, so that its CPU time is counted alone.
 * {@link DispatcherMemory} starts it.
 */
final class DispatcherProbe {
    static final String POOL = "default";
    private static final int IDLE_TICKS = 20;
    private static final int CREATORS = 16;
    private static final Duration DELAY = Duration.ofMinutes(30);

    private final SettableClock clock = new SettableClock(Instant.now());
    private final Engines engines;
    private final DispatcherFunction dispatcher;

    /** CPU time of the whole process in ms: the start with the first tick, a later tick without jobs, and a thousand due jobs. */
    record Result(double startMillis, double idleTickMillis, double thousandJobsMillis) {}

    private DispatcherProbe(String queue, String deadLetters, Path files) {
        // the embedded engines answer later than AWS does
        CallTimeouts patient = new CallTimeouts(Duration.ofMinutes(1), Duration.ofMinutes(5));
        Engines embedded = AwsEngines.of(
                patient.applyTo(DynamoDbClient.builder()).build(),
                LocalEngines.TABLE,
                patient.applyTo(SqsClient.builder()).build(),
                Map.of(POOL, new PoolQueues(queue, deadLetters)),
                new FolderFileStore(files),
                (file, bytes, sha256, lasts) -> {
                    throw new UnsupportedOperationException("The dispatcher makes no URLs for uploads");
                });
        engines = embedded.with(clock, embedded.random());
        dispatcher = new DispatcherFunction(engines, List.of());
    }

    /** In a fresh JVM with the memory of a function of 512 MB. */
    static Result run(LocalEngines engines, Path files, int jobs) {
        List<Double> measured = ChildJvm.run(
                DispatcherProbe.class,
                List.of("-Xmx400m", CallTimeouts.CONNECTIONS_FLAG),
                Map.of(
                        "AWS_ENDPOINT_URL_SQS", engines.sqsEndpoint().toString(),
                        "AWS_ENDPOINT_URL_DYNAMODB", engines.dynamoDbEndpoint().toString(),
                        "AWS_REGION", "us-east-1",
                        "AWS_ACCESS_KEY_ID", "local",
                        "AWS_SECRET_ACCESS_KEY", "local"),
                List.of(
                        engines.queues(POOL).queueUrl(),
                        engines.queues(POOL).deadLetterUrl(),
                        files.toString(),
                        Integer.toString(jobs)));
        return new Result(measured.get(0), measured.get(1), measured.get(2));
    }

    /** Arguments as {@link #run} passes them. */
    public static void main(String[] arguments) throws IOException {
        int jobs = Integer.parseInt(arguments[3]);
        double start = ChildJvm.cpuMillis();
        DispatcherProbe probe = new DispatcherProbe(arguments[0], arguments[1], Path.of(arguments[2]));
        probe.tick();
        double firstTick = ChildJvm.cpuMillis();
        for (int i = 0; i < IDLE_TICKS; i++) {
            probe.clock.advance(Duration.ofMinutes(1));
            probe.tick();
        }
        double idle = (ChildJvm.cpuMillis() - firstTick) / IDLE_TICKS;
        probe.create(jobs);
        probe.clock.advance(DELAY);
        double due = ChildJvm.cpuMillis();
        probe.tickUntilSent(jobs);
        double thousand = (ChildJvm.cpuMillis() - due) * 1_000 / jobs;
        ChildJvm.print(firstTick - start, idle, thousand);
    }

    private void create(int jobs) {
        WriteTokens tokens = new WriteTokens(engines.random());
        Parallel.each(IntStream.range(0, CREATORS).boxed().toList(), creator -> {
            for (int i = creator; i < jobs; i += CREATORS) {
                engines.jobs().create(job(i, tokens), clock.instant());
            }
            return creator;
        });
    }

    private NewJob job(int number, WriteTokens tokens) {
        return NewJob.of(
                        JobId.next(clock.instant(), engines.random()),
                        "greet",
                        POOL,
                        10,
                        Json.parse("{\"name\":\"Ada Lovelace\",\"number\":" + number + "}"),
                        clock.instant(),
                        tokens.next())
                .at(clock.instant().plus(DELAY));
    }

    private void tickUntilSent(int jobs) throws IOException {
        long sent = 0;
        while (sent < jobs) {
            long now = tick();
            if (now == 0) {
                throw new IllegalStateException("Only " + sent + " of " + jobs + " due jobs were sent");
            }
            sent += now;
        }
    }

    private long tick() throws IOException {
        byte[] answer = LocalInvocation.invoke(
                dispatcher, "dispatcher", Duration.ofMinutes(1), "{}".getBytes(StandardCharsets.UTF_8));
        return Json.parse(new String(answer, StandardCharsets.UTF_8))
                .tree()
                .get("sent")
                .asLong();
    }
}
