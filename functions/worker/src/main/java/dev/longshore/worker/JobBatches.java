package dev.longshore.worker;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.delivery.DeliveryBatch;
import dev.longshore.job.delivery.Source;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Runs the jobs of an invocation's batch, and answers with the messages that SQS must deliver again. */
final class JobBatches implements RequestStreamHandler {
    /** Kept back from an invocation's time for writing outcomes: 10 s, the time-out of one call. */
    static final Duration RESERVE = Lease.OUTCOME;

    private final Engines engines;
    private final JobWorker worker;

    /** @param endSandbox ends the process when a handler cannot be stopped; Lambda starts another */
    JobBatches(Engines engines, TaskCatalog tasks, Waiter waiter, @Nullable Runnable endSandbox) {
        this.engines = engines;
        this.worker = new JobWorker(engines, tasks, waiter, new Drain(), endSandbox); // in Lambda a drain never begins
    }

    @Override
    public void handleRequest(InputStream event, OutputStream response, Context context) throws IOException {
        Instant deadline = engines.clock()
                .instant()
                .plusMillis(context.getRemainingTimeInMillis())
                .minus(RESERVE);
        worker.work(DeliveryBatch.read(event, arn -> Source.ofJobs(engines.queue(), arn)), deadline, response);
    }
}
