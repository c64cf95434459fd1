package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.Change.Outcome;
import dev.longshore.job.DayShards;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.memory.SettableClock;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.Json;
import dev.longshore.task.PoolPlan;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.Message;

/** Losses planted on ElasticMQ and DynamoDB Local: the audit finds each, a worker ends it, and the ledger balances. */
class AuditOnEnginesTest {
    @TempDir
    Path data;

    private final SettableClock clock = SettableClock.atNoonToday();
    private final Instant noon = clock.instant();
    private LocalEngines local;
    private Engines engines;
    private WriteTokens tokens;

    @BeforeEach
    void open() {
        TaskCatalog tasks = new TaskCatalog();
        tasks.add("greet", Json.class, (payload, job) -> "hello");
        local = LocalEngines.start(
                data,
                List.of(PoolPlan.of("default", tasks.descriptions())),
                new FolderFileStore(data.resolve("files")));
        Engines real = local.engines();
        engines = real.with(clock, real.random());
        tokens = new WriteTokens(real.random());
    }

    @AfterEach
    void close() {
        local.close();
    }

    @Test
    void everyPlantedLossIsFoundAndRescuedAndTheLedgerBalances() {
        JobId messageLost = enqueue(null, null);
        JobId stuckRunning = enqueue(null, null);
        claim(stuckRunning);
        local.sqs().purgeQueue(purge -> purge.queueUrl(local.queues("default").queueUrl()));
        JobId indexLost = enqueue(noon.plus(Duration.ofMinutes(30)), null);
        loseIndex(indexLost);
        JobId neverDispatched = enqueue(noon.plus(Duration.ofMinutes(31)), null);
        JobId expired = enqueue(noon.plus(Duration.ofMinutes(16)), noon.plus(Duration.ofMinutes(20)));
        loseIndex(expired);
        assertThat(engines.queue().depth("default").visible()).isZero();

        clock.advance(Duration.ofMinutes(76));
        String tick = tick();
        assertThat(tick)
                .as("what is in the index is sent by the same tick, and once more by the audit: it is late")
                .contains("\"sent\":1")
                .contains("\"rescued\":5");
        runAll();

        for (JobId id : List.of(messageLost, stuckRunning, indexLost, neverDispatched)) {
            assertThat(job(id).state()).as(id.text()).isEqualTo(JobState.SUCCEEDED);
        }
        assertThat(job(stuckRunning).attempt()).isEqualTo(2);
        assertThat(job(expired).deadReason()).isEqualTo(DeadReason.EXPIRED);
        clock.advance(Duration.ofHours(1));
        tick();
        LedgerHour entry = engines.ledger().hour(noon).orElseThrow();
        assertThat(List.of(entry.accepted(), entry.succeeded(), entry.dead(), entry.missing(), entry.rescued()))
                .as("the dead letter waits, and so is not sent again")
                .containsExactly(5L, 4L, 1L, 0L, 5L);
    }

    private JobId enqueue(@Nullable Instant runAt, @Nullable Instant expiresAt) {
        NewJob job = new NewJob(
                JobId.next(clock.instant(), engines.random()),
                "greet",
                "default",
                3,
                Json.parse("{}"),
                clock.instant(),
                runAt,
                expiresAt,
                List.of(),
                null,
                null,
                null,
                Map.of(),
                null,
                tokens.next());
        new Enqueuer(engines).enqueue(job);
        return job.id();
    }

    private void claim(JobId id) {
        assertThat(engines.jobs().apply(id, new Lifecycle(noon, tokens.next()).claim(id, noon.plusSeconds(30))))
                .isInstanceOf(Outcome.Done.class);
    }

    /** As no change of a lifecycle does it. */
    private void loseIndex(JobId id) {
        local.dynamoDb()
                .updateItem(update -> update.tableName(LocalEngines.TABLE)
                        .key(DynamoDbStage.key(DayShards.SIXTEEN, id))
                        .updateExpression("REMOVE " + Field.INDEX.attribute() + ", " + Field.INDEX_AT.attribute()));
    }

    private String tick() {
        return new LambdaRunner(new DispatcherFunction(engines, List.of()), clock, Duration.ofMinutes(1))
                .invoke(new Json("{}"))
                .text();
    }

    private void runAll() {
        RequestStreamHandler handler = new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                tasks.add("greet", Json.class, (payload, job) -> "hello");
            }
        }.on(engines);
        String url = local.queues("default").queueUrl();
        List<Message> messages = local.sqs()
                .receiveMessage(receive -> receive.queueUrl(url).maxNumberOfMessages(10))
                .messages();
        assertThat(messages).hasSize(6);
        LambdaRunner worker = new LambdaRunner(handler, clock, Duration.ofMinutes(15));
        for (Message message : messages) {
            Received received = new Received(message.messageId(), message.receiptHandle(), message.body(), 1, null);
            assertThat(worker.deliver("arn:aws:sqs:local:0:longshore-default", List.of(received)))
                    .isEmpty();
        }
    }

    private Job job(JobId id) {
        return engines.jobs().find(id).orElseThrow();
    }
}
