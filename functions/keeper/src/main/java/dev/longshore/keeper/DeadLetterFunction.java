package dev.longshore.keeper;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.DeliveryBatch;
import dev.longshore.job.Engines;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.task.CatalogSource;
import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The Lambda function that drains the dead-letter queues, so that nothing ends there unseen. A job that has attempts left
 * is rescued; one that has none is DEAD; what nobody can read is kept in quarantine. What follows a death happens here
 * and only here.
 */
public class DeadLetterFunction implements RequestStreamHandler {
    /** What the log says of each death, and nothing else says: the stack's alarm for dead jobs counts these lines. */
    public static final String DEATH = "job is dead";

    private final DeadLetters deadLetters;

    /** As Lambda makes it: engines out of the environment, see {@link AwsEngines}. */
    public DeadLetterFunction() {
        this(AwsEngines.ofThisFunction(), new TaskCatalog());
    }

    /** As Lambda makes a subclass, which names the worker whose {@code onDead} hooks it runs. */
    protected DeadLetterFunction(CatalogSource worker) {
        this(AwsEngines.ofThisFunction(), worker.catalog());
    }

    /**
     * On given engines.
     *
     * @param tasks those whose deaths have a hook, or whose policy says how long a rescue waits
     */
    public DeadLetterFunction(Engines engines, TaskCatalog tasks) {
        this.deadLetters = new DeadLetters(engines, tasks);
    }

    @Override
    public final void handleRequest(InputStream event, OutputStream response, Context context) throws IOException {
        DeliveryBatch.read(event).process(deadLetters::attend, response);
    }
}
