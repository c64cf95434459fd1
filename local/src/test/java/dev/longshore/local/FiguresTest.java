package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.job.aws.JobTable;
import dev.longshore.job.engines.Engines;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.memory.SettableClock;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.Json;
import dev.longshore.task.PoolPlan;
import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context.AfterExecution;
import software.amazon.awssdk.core.interceptor.Context.ModifyRequest;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/**
 * The figures of docs/ledger.md, on the embedded engines. Not a test that CI runs:
 * {@code mvn -pl local -am test -Dtest=FiguresTest -DexcludedGroups=none -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Tag("figures")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class FiguresTest {
    private static final int JOBS = Integer.getInteger("figures.jobs", 100_000);

    @TempDir
    Path data;

    private final SettableClock clock = SettableClock.atNoonToday();
    private final Map<String, Double> counted = new ConcurrentSkipListMap<>();

    @Test
    void aHundredThousandJobsDueInTheSameMinuteAreDispatchedAndAudited() throws IOException {
        TaskCatalog tasks = new TaskCatalog();
        tasks.add("greet", Json.class, (payload, job) -> "hello");
        FolderFileStore files = new FolderFileStore(data.resolve("files"));
        try (LocalEngines local =
                        LocalEngines.start(data, List.of(PoolPlan.of("default", tasks.descriptions())), files);
                DynamoDbClient dynamoDb = counting(local)) {
            Engines counting = AwsEngines.of(
                    dynamoDb,
                    LocalEngines.TABLE,
                    local.sqs(),
                    Map.of("default", local.queues("default")),
                    files,
                    local.uploads());
            Engines engines = counting.with(clock, counting.random());
            create(engines);
            clock.advance(Duration.ofMinutes(29));

            report("created", 0, JOBS);
            int ticks = 0;
            long sent = 0;
            long start = System.nanoTime();
            while (sent < JOBS) {
                String answer = tick(engines);
                long now = Json.parse(answer).tree().get("sent").asLong();
                assertThat(now).as(answer).isPositive();
                sent += now;
                ticks++;
            }
            report("dispatched in " + ticks + " ticks", start, JOBS);
            JobQueue.Depth depth = engines.queue().depth("default"); // whose delays run out by the clock on the wall
            assertThat(depth.delayed() + depth.visible()).isEqualTo(JOBS);

            clock.advance(Duration.ofMinutes(47));
            engines.queue();
            start = System.nanoTime();
            while (engines.ledger()
                    .hour(clock.instant().minus(Duration.ofMinutes(76)))
                    .isEmpty()) {
                tick(engines);
            }
            report("counted by the audit", start, JOBS);
            assertThat(engines.ledger()
                            .hour(clock.instant().minus(Duration.ofMinutes(76)))
                            .orElseThrow()
                            .waiting())
                    .isEqualTo(JOBS);
        }
    }

    private void create(Engines engines) {
        WriteTokens tokens = new WriteTokens(engines.random());
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            IntStream.range(0, JOBS)
                    .forEach(i -> threads.execute(() -> assertThat(engines.jobs()
                                    .create(
                                            NewJob.of(
                                                            JobId.next(clock.instant(), engines.random()),
                                                            "greet",
                                                            "default",
                                                            10,
                                                            Json.parse(
                                                                    "{\"name\":\"Ada Lovelace\",\"number\":" + i + "}"),
                                                            clock.instant(),
                                                            tokens.next())
                                                    .at(clock.instant().plus(Duration.ofMinutes(30))),
                                            clock.instant()))
                            .isInstanceOf(JobStore.Creation.Created.class)));
        }
    }

    private static String tick(Engines engines) {
        return new LambdaRunner(new DispatcherFunction(engines, List.of()), engines.clock(), Duration.ofMinutes(1))
                .invoke(new Json("{}"))
                .text();
    }

    private void report(String what, long start, int jobs) {
        String time = start == 0
                ? ""
                : " in " + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms";
        System.out.println("FIGURES " + jobs + " jobs " + what + time + "; DynamoDB: " + counted);
        counted.clear();
    }

    /** A client that counts its calls, and the consumed capacity units of those that return them. */
    private DynamoDbClient counting(LocalEngines local) {
        return DynamoDbClient.builder()
                .endpointOverride(local.dynamoDb()
                        .serviceClientConfiguration()
                        .endpointOverride()
                        .orElseThrow())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(configuration -> configuration.addExecutionInterceptor(new Counter()))
                .build();
    }

    private final class Counter implements ExecutionInterceptor {
        @Override
        public SdkRequest modifyRequest(ModifyRequest context, ExecutionAttributes attributes) {
            return switch (context.request()) {
                case PutItemRequest put ->
                    put.toBuilder()
                            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                            .build();
                case QueryRequest query ->
                    query.toBuilder()
                            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                            .build();
                case SdkRequest other -> other;
            };
        }

        @Override
        public void afterExecution(AfterExecution context, ExecutionAttributes attributes) {
            String call = context.request().getClass().getSimpleName().replace("Request", "");
            boolean index = context.request() instanceof QueryRequest query
                    && JobTable.ATTENTION_INDEX.equals(query.indexName());
            String name = index ? call + " of the index" : call;
            counted.merge(name, 1.0, Double::sum);
            switch (context.response()) {
                case PutItemResponse put ->
                    counted.merge(name + " units", put.consumedCapacity().capacityUnits(), Double::sum);
                case QueryResponse query ->
                    counted.merge(name + " units", query.consumedCapacity().capacityUnits(), Double::sum);
                default -> {}
            }
        }
    }
}
