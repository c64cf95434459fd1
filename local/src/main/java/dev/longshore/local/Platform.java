package dev.longshore.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.api.ApiFunction;
import dev.longshore.api.ApiKeys;
import dev.longshore.job.engines.Engines;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.PoolPlan;
import dev.longshore.task.TaskDescription;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of the local runtime that does not depend on the worker's code: data folder, engines, HTTP front with the API, and
 * the dispatcher's tick. Both functions need the tasks as data alone, as in AWS.
 */
final class Platform implements AutoCloseable {
    private final DataFolder data;
    private final LocalEngines engines;
    private final HttpFront front;
    private final String key;
    private final BiFunction<Class<?>, LocalEngines, Engines> enginesOf;
    private @Nullable Ticker ticker;

    private Platform(
            DataFolder data,
            LocalEngines engines,
            HttpFront front,
            String key,
            BiFunction<Class<?>, LocalEngines, Engines> enginesOf) {
        this.data = data;
        this.engines = engines;
        this.front = front;
        this.key = key;
        this.enginesOf = enginesOf;
    }

    /**
     * Starts the engines and takes the port. Requests wait until {@link #serve}.
     *
     * @param enginesOf the engines of each function, by its class; in AWS it has clients and a role of its own
     * @throws IllegalStateException when the port or the data folder is in use or cannot be used; it says what to do
     */
    static Platform open(LocalSettings settings, BiFunction<Class<?>, LocalEngines, Engines> enginesOf) {
        HttpFront front =
                HttpFront.listen(settings.port()); // first, so that a taken port is said before anything starts
        DataFolder data = null;
        LocalEngines engines = null;
        try {
            data = DataFolder.open(settings.data());
            String key = data.key(settings.key());
            engines = LocalEngines.start(data.folder(), List.of(), new FolderFileStore(data.files()));
            engines.engines()
                    .keys()
                    .putApiKey(
                            ApiKeys.withAllScopes(key, engines.engines().clock().instant()));
            front.takeUploads(engines.uploads());
            return new Platform(data, engines, front, key, enginesOf);
        } catch (RuntimeException e) {
            front.close();
            if (engines != null) {
                engines.close();
            }
            if (data != null) {
                data.close();
            }
            throw e;
        }
    }

    /** The pools of these tasks, each with what follows from its tasks. */
    static List<PoolPlan> plans(Collection<TaskDescription> tasks) {
        return tasks.stream().map(TaskDescription::pool).collect(Collectors.toCollection(TreeSet::new)).stream()
                .map(pool -> PoolPlan.of(pool, tasks))
                .toList();
    }

    /** Answers requests, and ticks, by these tasks from now on; those before are no longer accepted. */
    void serve(List<TaskDescription> tasks) {
        front.serve(new ApiFunction(enginesOf.apply(ApiFunction.class, engines), tasks));
        RequestStreamHandler dispatcher =
                new DispatcherFunction(enginesOf.apply(DispatcherFunction.class, engines), tasks);
        stopTicking();
        recover(); // before the tick, which sends what this could only hold
        ticker = Ticker.start(dispatcher);
    }

    /** Sends the messages of unfinished jobs again: a worker has ended, with messages that stay hidden for minutes. */
    void recover() {
        new Recovery(engines.engines()).sendAgain();
    }

    /** Starts no more ticks. */
    private void stopTicking() {
        if (ticker != null) {
            ticker.stop();
        }
    }

    LocalEngines engines() {
        return engines;
    }

    /** What a worker in another process needs. */
    EngineAddresses addresses() {
        return engines.addresses(data.files());
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + front.port());
    }

    String key() {
        return key;
    }

    DataFolder data() {
        return data;
    }

    Path files() {
        return data.files();
    }

    /** Takes no more requests and starts no more ticks. */
    void stop() {
        front.close();
        stopTicking();
    }

    /** Waits until a tick that runs has ended, for at most this long. */
    void drain(Duration longest) throws InterruptedException {
        if (ticker != null) {
            ticker.drain(longest);
        }
    }

    @Override
    public void close() {
        stop();
        if (ticker != null) {
            ticker.close();
        }
        engines.close();
        data.close();
    }
}
