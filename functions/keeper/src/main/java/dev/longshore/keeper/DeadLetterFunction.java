package dev.longshore.keeper;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.DeliveryBatch;
import dev.longshore.job.Engines;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The Lambda function that drains the dead-letter queues, so that nothing ends there unseen. A job that has attempts left
 * is rescued; one that has none is DEAD; what nobody can read is kept in quarantine. What follows a death happens here
 * and only here.
 *
 * <p>A team whose tasks have an {@code onDead} hook extends it and adds the same tasks as its worker does.
 */
public class DeadLetterFunction implements RequestStreamHandler {
    /** What the log says of each death, and nothing else says: the stack's alarm for dead jobs counts these lines. */
    public static final String DEATH = "job is dead";

    private final DeadLetters deadLetters;

    /** As Lambda makes it: engines out of the environment, see {@link AwsEngines}. */
    public DeadLetterFunction() {
        this(AwsEngines.fromEnvironment(System.getenv()));
    }

    /** On given engines. */
    @SuppressWarnings("this-escape") // tasks() is this class's one question to its subclass
    public DeadLetterFunction(Engines engines) {
        TaskCatalog tasks = new TaskCatalog();
        tasks(tasks);
        this.deadLetters = new DeadLetters(engines, tasks);
    }

    /** Adds the tasks whose deaths have a hook, or whose policy says how long a rescue waits. */
    protected void tasks(TaskCatalog tasks) {}

    @Override
    public final void handleRequest(InputStream event, OutputStream response, Context context) throws IOException {
        DeliveryBatch.read(event).process(Thread.ofVirtual().factory(), deadLetters::attend, response);
    }
}
