package dev.longshore.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.api.ApiFunction;
import dev.longshore.api.ApiKeys;
import dev.longshore.job.aws.QueuePoller;
import dev.longshore.job.engines.Engines;
import dev.longshore.keeper.DeadLetterFunction;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.PoolPlan;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of Longshore in one JVM: the functions that run in Lambda, around them the engines and what AWS would do between
 * them. Everything it holds is in its data folder, and is there again after a restart or a {@code kill -9}.
 */
public final class LocalRuntime implements AutoCloseable {
    /** How long running jobs may continue after the runtime was stopped; then they are given back. */
    static final Duration DRAIN = Duration.ofSeconds(15);

    private static final int BATCHES_AT_ONCE = 4;
    private static final Duration KEEPER_TIMEOUT = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(LocalRuntime.class);

    private final DataFolder data;
    private final LocalEngines engines;
    private final List<QueuePoller> pollers;
    private final Ticker ticker;
    private final HttpFront front;
    private final String key;

    private LocalRuntime(
            DataFolder data,
            LocalEngines engines,
            List<QueuePoller> pollers,
            Ticker ticker,
            HttpFront front,
            String key) {
        this.data = data;
        this.engines = engines;
        this.pollers = pollers;
        this.ticker = ticker;
        this.front = front;
        this.key = key;
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
        TaskCatalog catalog = worker.catalog();
        Collection<PoolPlan> pools = catalog.pools().stream()
                .map(pool -> PoolPlan.of(pool, catalog.descriptions()))
                .toList();

        HttpFront front =
                HttpFront.listen(settings.port()); // first, so that a taken port is said before anything starts
        DataFolder data = null;
        LocalEngines engines = null;
        try {
            data = DataFolder.open(settings.data());
            String key = data.key(settings.key());
            engines = LocalEngines.start(data.folder(), pools, new FolderFileStore(data.files()));
            front.takeUploads(engines.uploads());
            RequestStreamHandler jobs = worker.on(enginesOf.apply(WorkerFunction.class, engines));
            RequestStreamHandler deadLetters =
                    new DeadLetterFunction(enginesOf.apply(DeadLetterFunction.class, engines), catalog);
            putKey(key, engines.engines());
            front.serve(new ApiFunction(enginesOf.apply(ApiFunction.class, engines), catalog.descriptions()));
            new Recovery(engines.engines()).sendAgain();
            Ticker ticker = Ticker.start(
                    new DispatcherFunction(enginesOf.apply(DispatcherFunction.class, engines), catalog.descriptions()));
            List<QueuePoller> pollers = pollers(engines, pools, jobs, deadLetters);
            pollers.forEach(QueuePoller::start);
            return new LocalRuntime(data, engines, pollers, ticker, front, key);
        } catch (RuntimeException e) {
            closeAll(front, engines, data);
            throw e;
        }
    }

    /** Writes the key into the key store. */
    private static void putKey(String key, Engines engines) {
        engines.keys().putApiKey(ApiKeys.withAllScopes(key, engines.clock().instant()));
    }

    /** What a start that was refused has opened; null for what it has not. */
    private static void closeAll(HttpFront front, @Nullable LocalEngines engines, @Nullable DataFolder data) {
        front.close();
        if (engines != null) {
            engines.close();
        }
        if (data != null) {
            data.close();
        }
    }

    private static List<QueuePoller> pollers(
            LocalEngines engines,
            Collection<PoolPlan> pools,
            RequestStreamHandler worker,
            RequestStreamHandler deadLetters) {
        List<QueuePoller> pollers = new ArrayList<>();
        for (PoolPlan pool : pools) {
            String queue = engines.queues(pool.pool()).queueUrl();
            String deadLetterQueue = engines.queues(pool.pool()).deadLetterUrl();
            Duration time =
                    pool.longestTimeout().plus(PoolPlan.OVERHEAD); // no 15 minutes: the pool may be on Fargate in AWS
            pollers.add(Poller.of(engines.sqs(), queue, worker, time, pool.batchSize(), BATCHES_AT_ONCE));
            pollers.add(Poller.of(engines.sqs(), deadLetterQueue, deadLetters, KEEPER_TIMEOUT, pool.batchSize(), 1));
        }
        return pollers;
    }

    /** Where the HTTP API listens. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + front.port());
    }

    /** An API key with all scopes. */
    public String key() {
        return key;
    }

    /** The folder of the file store. */
    public Path files() {
        return data.files();
    }

    /** The engines under the functions; for tests that look behind the API. */
    public Engines engines() {
        return engines.engines();
    }

    /** Takes no more requests, lets running jobs end, and stops. */
    @Override
    public void close() {
        front.close();
        ticker.stop();
        pollers.forEach(QueuePoller::stopAtOnce);
        try {
            for (QueuePoller poller : pollers) {
                if (!poller.drain(DRAIN)) {
                    poller.close();
                }
            }
            ticker.drain(DRAIN);
        } catch (InterruptedException e) {
            LOG.warn("Stopped without waiting for running jobs; they start again when their leases are over");
            Thread.currentThread().interrupt();
        }
        pollers.forEach(QueuePoller::close);
        ticker.close();
        engines.close();
        data.close();
    }
}
