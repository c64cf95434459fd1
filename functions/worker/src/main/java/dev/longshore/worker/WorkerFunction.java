package dev.longshore.worker;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.DeliveryBatch;
import dev.longshore.job.Engines;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The Lambda function that runs a pool's jobs; a team extends it and names its tasks.
 *
 * <pre>{@code
 * public final class VideoWorker extends WorkerFunction {
 *     @Override
 *     protected void tasks(TaskCatalog tasks) {
 *         tasks.add("process-video", Video.class, new ProcessVideo()).timeout(Duration.ofMinutes(10)).pool("heavy");
 *     }
 * }
 * }</pre>
 *
 * <p>It takes batches of messages from SQS and answers with those that must be delivered again.
 */
public abstract class WorkerFunction implements RequestStreamHandler {
    /** Kept back from an invocation's time for writing outcomes. */
    static final Duration RESERVE = Duration.ofSeconds(5);

    private final Engines engines;
    private final JobWorker worker;

    /** As Lambda makes it: engines out of the environment, see {@link AwsEngines}. */
    protected WorkerFunction() {
        this(
                AwsEngines.fromEnvironment(System.getenv()),
                Patience.REAL,
                () -> Runtime.getRuntime().halt(1)); // Lambda reports Runtime.ExitError and starts another sandbox
    }

    /** On given engines. */
    protected WorkerFunction(Engines engines) {
        this(engines, Patience.REAL);
    }

    /** On given engines, and under a time of one's own: for tests that turn their engines' clock. */
    protected WorkerFunction(Engines engines, Patience patience) {
        this(engines, patience, null);
    }

    @SuppressWarnings("this-escape") // tasks() is this class's one question to its subclass
    private WorkerFunction(Engines engines, Patience patience, @Nullable Runnable endSandbox) {
        TaskCatalog tasks = new TaskCatalog();
        tasks(tasks);
        this.engines = engines;
        this.worker = new JobWorker(engines, tasks, patience, endSandbox);
    }

    /** Adds the tasks that this worker knows. Called once, by the constructor. */
    protected abstract void tasks(TaskCatalog tasks);

    @Override
    public final void handleRequest(InputStream event, OutputStream response, Context context) throws IOException {
        Instant lastMoment = engines.clock()
                .instant()
                .plusMillis(context.getRemainingTimeInMillis())
                .minus(RESERVE);
        worker.work(DeliveryBatch.read(event), lastMoment, response);
    }
}
