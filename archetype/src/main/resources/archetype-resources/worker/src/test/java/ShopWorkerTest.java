package ${package};

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.NewJob;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.task.Json;
import dev.longshore.task.Task;
import dev.longshore.testkit.InMemoryEngines;
import dev.longshore.testkit.LambdaRunner;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The worker as Lambda runs it, on engines in memory and under a clock that the test sets. */
class ShopWorkerTest {
    private static final WriteReport.Request NOVEMBER = new WriteReport.Request(
            "November", List.of(new WriteReport.Line("rope", 3, new BigDecimal("19.90"))));

    private final InMemoryEngines memory = InMemoryEngines.create();
    private final Map<String, String> reports = new HashMap<>();
    private final ShopWorker worker = new ShopWorker(() -> this::write);
    private final LambdaRunner lambda =
            new LambdaRunner(worker.on(memory.engines()), memory.clock(), Duration.ofMinutes(15));
    private int failures;

    @Test
    void greetingNamesTheCustomer() {
        Job job = run("greet", new Greet.Request("Ada"));

        assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(memory.jobs().result(job)).isEqualTo(Json.of("Hello Ada"));
    }

    @Test
    void reportHasTheNameOfItsJobAndASignature() {
        Job job = run("write-report", NOVEMBER);

        String file = "reports/" + job.id() + ".csv";
        assertThat(reports).containsExactly(Map.entry(file, "article,pieces,price,sum\nrope,3,19.90,59.70\n"));
        WriteReport.Result result = memory.jobs().result(job).as(WriteReport.Result.class);
        assertThat(result.file()).isEqualTo(file);
        assertThat(result.signature()).hasSize(64);
    }

    @Test
    void reportIsWrittenByTheNextAttemptWhenTheStoreHasFailed() {
        failures = 1;

        Job failed = run("write-report", NOVEMBER);
        assertThat(failed.state()).isEqualTo(JobState.RETRYING);
        assertThat(reports).isEmpty();

        memory.clock().advance(Duration.ofHours(1));
        Job job = work(failed.id(), failed.pool());
        assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(job.attempt()).isEqualTo(2);
        assertThat(reports).hasSize(1);
    }

    @Test
    void reportWithoutLinesIsDeadAtOnce() {
        Job job = run("write-report", new WriteReport.Request("Nothing", List.of()));

        assertThat(job.state()).isEqualTo(JobState.DEAD);
        assertThat(job.attempt()).isEqualTo(1);
    }

    private void write(String name, byte[] content) throws IOException {
        if (failures-- > 0) {
            throw new IOException("the store has no room");
        }
        reports.put(name, new String(content, StandardCharsets.UTF_8));
    }

    /** Enqueues a job, and delivers the messages of its pool. */
    private Job run(String name, Object payload) {
        Task<?, ?> task = worker.catalog().find(name).orElseThrow();
        JobId id = JobId.next(memory.clock().instant(), memory.random());
        new Enqueuer(memory.engines())
                .enqueue(NewJob.of(
                        id,
                        name,
                        task.pool(),
                        task.retry().maxAttempts(),
                        Json.of(payload),
                        memory.clock().instant(),
                        id.text()));
        return work(id, task.pool());
    }

    private Job work(JobId id, String pool) {
        lambda.workAll(memory.queue(), pool);
        return memory.jobs().find(id).orElseThrow();
    }
}
