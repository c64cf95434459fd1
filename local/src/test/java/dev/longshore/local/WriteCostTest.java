package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.Body;
import dev.longshore.job.BodyStore.Sweep;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.LimitKey;
import dev.longshore.job.NewJob;
import dev.longshore.job.Uniqueness;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.aws.DynamoDbLimitStore;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.engines.Limiter;
import dev.longshore.job.pause.Pausable;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.task.Json;
import dev.longshore.task.Limit;
import dev.longshore.task.OnDuplicate;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context.AfterExecution;
import software.amazon.awssdk.core.interceptor.Context.ModifyRequest;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** The cost floor of the design, counted from the consumed capacity that DynamoDB answers with. */
class WriteCostTest {
    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    private static final CapacityMeter METER = new CapacityMeter();
    private static DynamoDbClient metered;

    private final InMemoryEngines memory = InMemoryEngines.create();
    private final Random random = new Random(); // the table outlives a test, and so must no id come twice
    private final Engines engines = memory.engines(stage.rows(metered), stage.bodies(metered), memory.queue())
            .with(memory.clock(), random);

    @BeforeAll
    static void open() {
        metered = stage.client(builder ->
                builder.overrideConfiguration(configuration -> configuration.addExecutionInterceptor(METER)));
    }

    @AfterAll
    static void close() {
        metered.close();
    }

    @BeforeEach
    void reset() {
        METER.reset();
    }

    @Test
    void aJobThatSucceedsCostsThreeWriteUnitsNoIndexWriteAndNoRead() {
        JobId id = enqueue("greet");

        runAll();

        assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
        assertThat(METER.writes).containsExactly("PutItem 1.0", "UpdateItem 1.0", "UpdateItem 1.0");
        assertThat(METER.indexUnits).isZero();
        assertThat(METER.reads).isEmpty();
    }

    @Test
    void aUniqueJobPaysForATransactionOfTwoItemsAndReadsAndForNothingAtItsEnd() {
        for (int reads = 1; reads <= 2; reads++) {
            METER.reset();
            NewJob job = job("greet").unique(Uniqueness.of("a key of this test", OnDuplicate.KEEP));
            new Enqueuer(engines).enqueue(job);

            runAll();

            assertThat(state(job.id())).isEqualTo(JobState.SUCCEEDED);
            assertThat(METER.writes)
                    .containsExactly("TransactWriteItems of 2 items", "UpdateItem 1.0", "UpdateItem 1.0");
            assertThat(METER.reads).as("the key, and the job that had it").hasSize(reads);
            assertThat(METER.indexUnits).isZero();
        }
    }

    @Test
    void aFourthWriteWouldBeCounted() {
        JobId id = enqueue("greet-with-checkpoint");

        runAll();

        assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
        assertThat(METER.writes).hasSize(4);
    }

    @Test
    void anIndexWriteWouldBeCounted() {
        NewJob far = job("greet").at(memory.clock().instant().plus(Duration.ofHours(1)));

        new Enqueuer(engines).enqueue(far);

        assertThat(METER.indexUnits).isPositive();
    }

    @Test
    void aUsualJobsRowStaysUnderAKilobyteToItsEnd() {
        JobId id = enqueue("greet");
        assertThat(stage.sizeOf(id)).isLessThan(1_024);

        runAll();

        assertThat(stage.sizeOf(id)).isLessThan(1_024);
    }

    @Test
    void aJobThatFailsOncePaysForItsTwoMoreWrites() {
        JobId id = enqueue("fail-once");

        runAll();

        assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
        assertThat(METER.writes).hasSize(5);
        assertThat(METER.indexUnits).isZero();
    }

    @Test
    void aJobThatAPauseHoldsPaysForOneReadAndOneWriteAndItsIndex() {
        memory.pauses().pause(Pausable.task("greet"), memory.clock().instant(), "k");
        JobId id = enqueue("greet");

        runAll();

        assertThat(METER.writes).hasSize(2);
        assertThat(METER.indexUnits).isEqualTo(1.0);
        assertThat(METER.reads).containsExactly("GetItem 1.0");
        assertThat(engines.jobs().find(id)).get().matches(Job::isHeldByPause);
    }

    @Test
    void aJobOfALimitPaysForTwoMoreWritesAndItsReads() {
        JobId id = enqueue("greet-one-at-a-time");

        runAll(limited());

        assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
        assertThat(METER.writes)
                .as("the row, its slot, the claim, the outcome, the slot's end")
                .containsExactly("PutItem 1.0", "PutItem 1.0", "UpdateItem 1.0", "UpdateItem 1.0", "PutItem 1.0");
        assertThat(METER.indexUnits).isZero();
        assertThat(METER.reads)
                .as("the row, the numbers of operators once in 5 s, of which there are none, and the slots twice")
                .containsExactly("GetItem 1.0", "Query 0.0", "GetItem 1.0", "GetItem 1.0");
    }

    @Test
    void fifteenSlotsInUseFitIntoOneWriteUnit() {
        LimitKey key = new LimitKey("greet-one-at-a-time", "customer");
        Limiter limiter = new Limiter(limited());
        List<Double> units = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            NewJob job = job("greet");
            new Enqueuer(engines).enqueue(job);
            METER.reset();
            limiter.take(
                    engines.jobs().find(job.id()).orElseThrow(),
                    key,
                    100,
                    memory.clock().instant().plusSeconds(40));
            units.add(Double.valueOf(METER.writes.getFirst().substring("PutItem ".length())));
        }
        assertThat(units.subList(0, 15)).containsOnly(1.0);
        assertThat(units).endsWith(2.0);
    }

    private Engines limited() {
        return new Engines(
                engines.rows(),
                engines.bodies(),
                engines.queue(),
                engines.keys(),
                engines.quarantine(),
                engines.schedules(),
                engines.pauses(),
                new DynamoDbLimitStore(metered, stage.table),
                engines.ledger(),
                engines.operatorLog(),
                engines.files(),
                engines.uploadUrls(),
                engines.clock(),
                engines.random());
    }

    @Test
    void aPayloadInAnItemIsWrittenTwiceAndReadOnce() {
        new Enqueuer(engines).enqueue(job("greet", noise(5_900)));

        runAll();

        assertThat(METER.writes)
                .containsExactly("PutItem 6.0", "PutItem 1.0", "UpdateItem 1.0", "UpdateItem 1.0", "UpdateItem 6.0");
        assertThat(METER.indexUnits).isZero();
        assertThat(METER.reads).containsExactly("GetItem 2.0");
    }

    @Test
    void aResultInAnItemIsWrittenOnceWithItsEnd() {
        new Enqueuer(engines).enqueue(job("answer-10-kb"));

        runAll();

        assertThat(METER.writes).containsExactly("PutItem 1.0", "UpdateItem 1.0", "PutItem 11.0", "UpdateItem 1.0");
        assertThat(METER.reads).isEmpty();
    }

    @Test
    void aFileCostsFourWriteUnitsForItsNoteAndReadsOfOneUnit() {
        NewJob job = job("greet", noise(20_000));
        new Enqueuer(engines).enqueue(job);

        runAll();

        assertThat(METER.writes).containsExactly("PutItem 1.0", "PutItem 1.0", "UpdateItem 1.0", "UpdateItem 1.0");
        assertThat(METER.indexUnits).isEqualTo(1.0);
        assertThat(METER.reads).containsExactly("GetItem 1.0");
        Job ended = engines.jobs().find(job.id()).orElseThrow();
        assertThat(METER.reads).as("the sweep reads the row, too").endsWith("GetItem 1.0");
        METER.reset();
        engines.bodies().sweep(Sweep.of(job.id(), (Body.Apart) ended.payload()));
        assertThat(METER.writes).containsExactly("DeleteItem 1.0");
        assertThat(METER.indexUnits).isEqualTo(1.0);
    }

    private Json noise(int bytes) {
        byte[] noise = new byte[bytes];
        random.nextBytes(noise);
        return Json.of(noise);
    }

    private NewJob job(String task) {
        return job(
                task,
                Json.of(Map.of("name", "Ada Lovelace", "language", "en-GB", "tenant", "6f1c2b34-9b1e-4d7a-8a55")));
    }

    private NewJob job(String task, Json payload) {
        return NewJob.of(
                JobId.next(memory.clock().instant(), random),
                task,
                "default",
                10,
                payload,
                memory.clock().instant(),
                new WriteTokens(random).next());
    }

    private JobId enqueue(String task) {
        NewJob job = job(task);
        new Enqueuer(engines).enqueue(job);
        return job.id();
    }

    private void runAll() {
        runAll(engines);
    }

    private void runAll(Engines on) {
        RequestStreamHandler handler = new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                tasks.add("greet", Json.class, (payload, job) -> Map.of("greeting", "Good morning, Ada Lovelace"));
                tasks.add("greet-one-at-a-time", Json.class, (payload, job) -> "hello")
                        .limit(Limit.concurrent(1).perKey());
                tasks.add("answer-10-kb", Json.class, (payload, job) -> noise(10_500));
                tasks.add("greet-with-checkpoint", Json.class, (payload, job) -> {
                    job.checkpoint(1);
                    return "hello";
                });
                tasks.add("fail-once", Json.class, (payload, job) -> {
                            if (job.attempt() == 1) {
                                throw new IllegalStateException("once");
                            }
                            return "hello";
                        })
                        .retry(RetryPolicy.fixed(Duration.ofSeconds(5)));
            }
        }.on(on);
        LambdaRunner worker = new LambdaRunner(handler, memory.clock(), Duration.ofMinutes(15));
        for (int round = 0; round < 3; round++) {
            worker.workAll(memory.queue(), "default");
            memory.clock().advance(Duration.ofSeconds(6));
        }
    }

    private JobState state(JobId id) {
        return stage.store().find(id).orElseThrow().state();
    }

    /** Requests the consumed capacity with every call, and adds it up. */
    private static final class CapacityMeter implements ExecutionInterceptor {
        final List<String> writes = new ArrayList<>();
        final List<String> reads = new ArrayList<>();
        double indexUnits;

        void reset() {
            writes.clear();
            reads.clear();
            indexUnits = 0;
        }

        @Override
        public SdkRequest modifyRequest(ModifyRequest context, ExecutionAttributes attributes) {
            return switch (context.request()) {
                case PutItemRequest put ->
                    put.toBuilder()
                            .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                            .build();
                case UpdateItemRequest update ->
                    update.toBuilder()
                            .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                            .build();
                case DeleteItemRequest delete ->
                    delete.toBuilder()
                            .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                            .build();
                case GetItemRequest get ->
                    get.toBuilder()
                            .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                            .build();
                case TransactWriteItemsRequest transaction -> transaction;
                case QueryRequest query ->
                    query.toBuilder()
                            .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                            .build();
                case SdkRequest other ->
                    throw new AssertionError(
                            "a call that is not metered: " + other.getClass().getSimpleName());
            };
        }

        @Override
        public synchronized void afterExecution(AfterExecution context, ExecutionAttributes attributes) {
            switch ((DynamoDbResponse) context.response()) {
                case PutItemResponse put -> add("PutItem", put.consumedCapacity());
                case UpdateItemResponse update -> add("UpdateItem", update.consumedCapacity());
                case DeleteItemResponse delete -> add("DeleteItem", delete.consumedCapacity());
                case GetItemResponse get ->
                    reads.add("GetItem " + get.consumedCapacity().capacityUnits());
                case TransactWriteItemsResponse _ ->
                    writes.add("TransactWriteItems of "
                            + ((TransactWriteItemsRequest) context.request())
                                    .transactItems()
                                    .size()
                            + " items");
                case QueryResponse query ->
                    reads.add("Query " + query.consumedCapacity().capacityUnits());
                case DynamoDbResponse other ->
                    throw new AssertionError(
                            "an answer that is not metered: " + other.getClass().getSimpleName());
            }
        }

        private void add(String call, ConsumedCapacity consumed) {
            writes.add(call + " " + consumed.table().capacityUnits());
            indexUnits += consumed.globalSecondaryIndexes().values().stream()
                    .mapToDouble(index -> index.capacityUnits())
                    .sum();
        }
    }
}
