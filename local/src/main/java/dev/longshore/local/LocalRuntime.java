package dev.longshore.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.job.engines.Engines;
import dev.longshore.keeper.DeadLetterFunction;
import dev.longshore.task.PoolPlan;
import dev.longshore.task.TaskDescription;
import dev.longshore.worker.WorkerFunction;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of Longshore in one JVM: the functions that run in Lambda, around them the engines and what AWS would do between
 * them. Everything it holds is in its data folder, and is there again after a restart or a {@code kill -9}.
 *
 * <pre>{@code
 * try (LocalRuntime runtime = LocalRuntime.start(LocalSettings.read(System::getProperty, System::getenv), new ShopWorker())) {
 *     System.out.println(runtime.url() + " " + runtime.key());
 *     Thread.currentThread().join();
 * }
 * }</pre>
 *
 * <p>{@link DevRuntime} does the same with the worker in a process of its own, which it restarts when classes change.
 */
public final class LocalRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRuntime.class);

    private final Platform platform;
    private final Pollers pollers;
    private final List<TaskDescription> tasks;

    private LocalRuntime(Platform platform, Pollers pollers, List<TaskDescription> tasks) {
        this.platform = platform;
        this.pollers = pollers;
        this.tasks = tasks;
    }

    /**
     * Starts it.
     *
     * @param worker the class that Lambda runs; the API, the dispatcher and the pools come from its catalogue
     * @throws IllegalStateException when the port or the data folder is in use or cannot be used, or the worker runs on
     *     engines already; it says what to do
     */
    public static LocalRuntime start(LocalSettings settings, WorkerFunction worker) {
        return start(settings, worker, (function, engines) -> engines.engines());
    }

    /** As above, with engines of each function's own, by its class; in AWS it has clients and a role of its own. */
    static LocalRuntime start(
            LocalSettings settings, WorkerFunction worker, BiFunction<Class<?>, LocalEngines, Engines> enginesOf) {
        List<TaskDescription> tasks = worker.catalog().descriptions();
        List<PoolPlan> pools = Platform.plans(tasks);
        Platform platform = Platform.open(settings, enginesOf);
        try {
            LocalEngines engines = platform.engines();
            engines.provide(pools);
            RequestStreamHandler jobs = worker.on(enginesOf.apply(WorkerFunction.class, engines));
            RequestStreamHandler deadLetters =
                    new DeadLetterFunction(enginesOf.apply(DeadLetterFunction.class, engines), worker.catalog());
            platform.serve(tasks);
            return new LocalRuntime(
                    platform,
                    Pollers.start(engines.sqs(), engines.queues(), pools, jobs, deadLetters, Poller.LONG_POLL),
                    tasks);
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    /** Where the HTTP API listens. */
    public URI url() {
        return platform.url();
    }

    /** An API key with all scopes. */
    public String key() {
        return platform.key();
    }

    /** The folder of the file store. */
    public Path files() {
        return platform.files();
    }

    /** What to print when it is up: its address and key, and a first job to paste. */
    public String welcome() {
        return Welcome.text(url(), key(), files(), tasks);
    }

    /** The engines under the functions; for tests that look behind the API. */
    public Engines engines() {
        return platform.engines().engines();
    }

    /** Takes no more requests, lets running jobs end within 15 s, gives back those that have not, and stops. */
    @Override
    public void close() {
        platform.stop();
        pollers.close();
        try {
            platform.drain(Pollers.DRAIN);
        } catch (InterruptedException e) {
            LOG.warn("Stopped without waiting for a tick that runs; the next start does the rest");
            Thread.currentThread().interrupt();
        }
        platform.close();
    }
}
