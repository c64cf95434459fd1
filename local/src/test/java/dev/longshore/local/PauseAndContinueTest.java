package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.aws.DynamoDbPauseStore;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.pause.Pausable;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Worker and dispatcher together, rows and pauses in DynamoDB, under a clock that is set by hand. */
class PauseAndContinueTest {
    private static final String POOL = "default";

    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    private final InMemoryEngines memory = InMemoryEngines.create();
    private final Random random = new Random(); // the table outlives a test, and so must no id come twice
    private final Engines engines = new Engines(
            stage.rows(stage.dynamoDb),
            stage.bodies(stage.dynamoDb),
            memory.queue(),
            memory.keys(),
            memory.quarantine(),
            memory.schedules(),
            new DynamoDbPauseStore(stage.dynamoDb, stage.table),
            memory.limits(),
            memory.ledger(),
            memory.operatorLog(),
            memory.files(),
            memory.engines().uploadUrls(),
            memory.clock(),
            random);
    private final AtomicInteger starts = new AtomicInteger();
    private final RequestStreamHandler handler = new WorkerFunction() {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("count", Json.class, (payload, job) -> starts.incrementAndGet());
            tasks.add("walk", Json.class, (payload, job) -> {
                        int from = job.checkpoint(Integer.class).orElse(0);
                        if (from < 100) {
                            job.progress(from);
                            throw job.continueWith(from + 1);
                        }
                        return from;
                    })
                    .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(1));
        }
    }.on(engines);
    private final LambdaRunner worker = new LambdaRunner(handler, memory.clock(), Duration.ofMinutes(15));
    private final LambdaRunner dispatcher =
            new LambdaRunner(new DispatcherFunction(engines, List.of()), memory.clock(), Duration.ofMinutes(1));

    @Test
    void everyJobOfAPauseOfSixtyDaysRunsOnceWhenThePauseIsOver() {
        Pausable task = Pausable.task("count");
        engines.pauses().pause(task, now(), "k");
        List<JobId> ids =
                IntStream.range(0, 200).mapToObj(i -> enqueue("count")).toList();
        work();
        assertThat(memory.queue().bodies(POOL)).isEmpty();
        memory.clock().advance(Duration.ofDays(60));
        tick();
        work();
        assertThat(starts).hasValue(0);

        engines.pauses().resume(task, now());
        tick();
        memory.clock().advance(Duration.ofSeconds(2));
        work();

        assertThat(starts).hasValue(200);
        assertThat(ids).allSatisfy(id -> {
            Job job = engines.jobs().find(id).orElseThrow();
            assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(job.attempt()).isEqualTo(1);
        });
        memory.clock().advance(Duration.ofMinutes(30));
        tick();
        assertThat(engines.pauses().all()).isEmpty();
    }

    @Test
    void aHundredContinuationsWaitForTwelveTicksAtMost() {
        JobId id = enqueue("walk");
        Instant start = now();

        for (int minute = 0; minute < 20 && !job(id).state().isTerminal(); minute++) {
            work();
            memory.clock().advance(Duration.ofMinutes(1));
            tick();
        }

        assertThat(job(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(job(id).attempt()).isEqualTo(1);
        assertThat(job(id).progress()).isEqualTo(99);
        assertThat(Duration.between(start, job(id).finishedAt())).isLessThanOrEqualTo(Duration.ofMinutes(12));
        assertThat(memory.queue().depth(POOL).deadLetters()).isZero();
    }

    private JobId enqueue(String task) {
        NewJob job = NewJob.of(
                JobId.next(now(), random), task, POOL, 3, Json.parse("{}"), now(), new WriteTokens(random).next());
        new Enqueuer(engines).enqueue(job);
        return job.id();
    }

    private void tick() {
        dispatcher.invoke(new Json("{}"));
    }

    private void work() {
        worker.workAll(memory.queue(), POOL);
    }

    private Job job(JobId id) {
        return engines.jobs().find(id).orElseThrow();
    }

    private Instant now() {
        return memory.clock().instant();
    }
}
