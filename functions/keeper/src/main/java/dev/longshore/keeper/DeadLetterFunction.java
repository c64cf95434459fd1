package dev.longshore.keeper;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.JobQueue;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.job.delivery.DeliveryBatch;
import dev.longshore.job.delivery.Source;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.CatalogSource;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.WorkerByName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The Lambda function that drains the dead-letter queues, so that nothing ends there unseen. A job that has attempts left is
 * rescued; one that has none is DEAD; an unreadable message is kept in quarantine. What follows a death happens here and only
 * here.
 *
 * <p>Where tasks have {@code onDead} hooks, the CDK construct deploys this class from the worker's jar, with the name of the
 * worker's class in {@code LONGSHORE_WORKER}. A team that wants another dead-letter function extends it.
 */
public class DeadLetterFunction implements RequestStreamHandler {
    /** What the log says of each death, and nothing else says: the stack's alarm for dead jobs counts these lines. */
    public static final String DEATH = "job is dead";

    private final JobQueue queue;
    private final DeadLetters deadLetters;

    /**
     * As Lambda makes it: with the engines of the environment, see {@link AwsEngines}, and with the hooks of the worker class
     * that {@code LONGSHORE_WORKER} names, where it is set.
     */
    public DeadLetterFunction() {
        this(WorkerByName.of(System.getenv(), CatalogSource.class).orElse(TaskCatalog::new));
    }

    /** As Lambda makes a subclass, which names the worker whose hooks it runs: {@code super(new VideoWorker())}. */
    protected DeadLetterFunction(CatalogSource worker) {
        this(AwsEngines.ofThisFunction(), worker.catalog());
    }

    /**
     * On given engines.
     *
     * @param tasks those whose deaths have a hook, or whose policy says how long a rescue waits
     */
    public DeadLetterFunction(Engines engines, TaskCatalog tasks) {
        this.queue = engines.queue();
        this.deadLetters = new DeadLetters(engines, tasks);
    }

    @Override
    public final void handleRequest(InputStream event, OutputStream response, Context context) throws IOException {
        DeliveryBatch.read(event, arn -> Source.ofDeadLetters(queue, arn))
                .process(Thread.ofVirtual().factory(), deadLetters::handle, response);
    }
}
