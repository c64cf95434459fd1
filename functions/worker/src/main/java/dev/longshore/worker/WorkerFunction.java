package dev.longshore.worker;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.CatalogSource;
import dev.longshore.task.FileStore;
import dev.longshore.task.Secrets;
import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The Lambda function that runs a pool's jobs. A team extends it and adds its tasks:
 *
 * <pre>{@code
 * public final class VideoWorker extends WorkerFunction {
 *     @Override
 *     protected void tasks(TaskCatalog tasks) {
 *         tasks.add("process-video", Video.class, () -> new ProcessVideo(files()))
 *                 .timeout(Duration.ofMinutes(10))
 *                 .pool("heavy");
 *     }
 * }
 * }</pre>
 *
 * <p>It takes batches of messages from SQS and answers with those that must be delivered again.
 *
 * <p>The same class is the source of the catalogue everywhere: the CDK and the local runtime construct it and read its
 * {@link #catalog}, the local runtime and tests call {@link #on} with their own engines. So its constructor should open
 * nothing; a handler's supplier is the place for that ({@link TaskCatalog#add(String, Class, java.util.function.Supplier)}).
 */
public abstract class WorkerFunction implements RequestStreamHandler, CatalogSource {
    private final @Nullable SnapshotPreparation snapshot;
    private volatile @Nullable Engines engines;
    private @Nullable TaskCatalog catalog;
    private @Nullable RequestStreamHandler batches;

    /**
     * In Lambda, builds the engines that the environment names, see {@link AwsEngines}: clients are built in the init phase,
     * and connect when they are first used. Elsewhere does nothing.
     *
     * @throws IllegalStateException when the environment of a Lambda function lacks a variable; it names the variable
     */
    @SuppressWarnings("this-escape") // tasks() is called later, after construction
    protected WorkerFunction() {
        boolean deployed = AwsEngines.areDeployed();
        this.engines = deployed ? AwsEngines.ofThisFunction() : null;
        this.snapshot = deployed ? SnapshotPreparation.register(this) : null; // CRaC itself holds it weakly
    }

    /** Adds the tasks of this worker. Called once, after construction: every field is set. */
    protected abstract void tasks(TaskCatalog tasks);

    /**
     * The tasks of this worker; made by {@link #tasks} at the first call. Needs no engines.
     *
     * @throws RuntimeException what {@link #tasks} throws, when it refuses a setting for example; the next call calls it again
     */
    @Override
    public final synchronized TaskCatalog catalog() {
        TaskCatalog made = catalog;
        if (made == null) {
            made = new TaskCatalog();
            tasks(made);
            catalog = made;
        }
        return made;
    }

    /**
     * The files of this worker's engines: the stack's bucket in AWS, a folder on a laptop, memory in tests. For a handler's
     * supplier and for {@code onDead} hooks; not for {@link #tasks} itself, which is also called where there are no engines.
     *
     * @throws IllegalStateException when this worker has no engines
     */
    protected final FileStore files() {
        Engines here = engines;
        if (here == null) {
            throw new IllegalStateException(
                    "files() of " + getClass().getName() + " was called without engines, as when its catalogue is"
                            + " read; call it in the handler's supplier: tasks.add(name,"
                            + " type, () -> new …(files()))");
        }
        return here.files();
    }

    /**
     * The secrets of this worker, by name: those that the construct gives its function in AWS; elsewhere system properties
     * ({@code longshore.secret.database}) or environment variables ({@code LONGSHORE_SECRET_DATABASE}). For handlers' suppliers
     * and {@code onDead} hooks; none is read before {@link Secrets#value} is called.
     */
    protected final Secrets secrets() {
        return AwsEngines.areDeployed()
                ? AwsEngines.secretsOfThisFunction()
                : new ProcessSecrets(System::getProperty, System.getenv());
    }

    /**
     * Runs this worker on other engines than Lambda's: a laptop's, a test's. Called again with the same engines, it begins anew, as
     * a new process does: nothing that it has cached stays.
     *
     * @return takes batches of messages, as {@link #handleRequest} does
     * @throws IllegalStateException when it runs on other engines already
     */
    public final RequestStreamHandler on(Engines engines) {
        return on(engines, Waiter.REAL);
    }

    /**
     * As above.
     *
     * @param waiter makes handlers' threads and waits for them; tests replace it
     */
    public final synchronized RequestStreamHandler on(Engines engines, Waiter waiter) {
        if (this.engines != null && !this.engines.equals(engines)) {
            throw new IllegalStateException("This " + getClass().getName()
                    + " runs on other engines already, whose files its handlers may hold; make another instance");
        }
        RequestStreamHandler made = new JobBatches(engines, catalog(), waiter, null);
        this.engines = engines;
        this.batches = made;
        return made;
    }

    @Override
    public final void handleRequest(InputStream event, OutputStream response, Context context) throws IOException {
        prepare().handleRequest(event, response, context);
    }

    /** The request handler, made once; before the snapshot where SnapStart is used. */
    final synchronized RequestStreamHandler prepare() {
        RequestStreamHandler made = batches;
        if (made == null) {
            Engines here = engines;
            if (here == null) {
                throw new IllegalStateException("This " + getClass().getName()
                        + " has no engines: outside of Lambda call on(engines) and pass batches to the handler"
                        + " that it returns");
            }
            made = new JobBatches(here, catalog(), Waiter.REAL, WorkerFunction::endSandbox);
            batches = made;
        }
        return made;
    }

    /**
     * Runs this worker's jobs one message at a time, in a process that a {@link Drain} ends.
     *
     * @throws IllegalStateException when it has no engines, since {@code LONGSHORE_TABLE} is not set
     */
    final JobWorker inProcess(Waiter waiter, Drain drain) {
        Engines here = engines;
        if (here == null) {
            throw new IllegalStateException(
                    "The environment variable LONGSHORE_TABLE is not set; the CDK construct sets it");
        }
        return new JobWorker(here, catalog(), waiter, drain, null);
    }

    /** Lambda reports Runtime.ExitError, and starts another sandbox for the next batch. */
    private static void endSandbox() {
        Runtime.getRuntime().halt(1);
    }

    /** Whether a SnapStart snapshot will have the catalogue in it. */
    final boolean isPreparedForSnapshots() {
        return snapshot != null;
    }
}
