package dev.longshore.local;

import dev.longshore.local.Generation.RefusedException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local runtime for a team that writes handlers: {@link LocalRuntime}'s engines, API and tick, and the worker in a process of its
 * own, which is replaced when the team's classes change. It is enough to compile them, by {@code mvn compile} in another terminal or in
 * an IDE.
 *
 * <p>The team's classes are those in the folders of this process's class path; a jar that changes needs a restart by hand. The
 * new process takes all messages as soon as it is ready, and the API accepts what its tasks accept; jobs that the old process
 * runs have 15 s to end there, and are then given back with their attempt. Classes that are refused change nothing. A worker's
 * process that ends by itself is started again, and its jobs run again when their leases are over.
 *
 * <p>One process for each state of the classes, and not one class loader: what the old classes have opened ends with their process,
 * be it threads, connection pools or handlers that do not stop.
 */
public final class DevRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DevRuntime.class);

    private final Platform platform;
    private final Generations generations;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread watch;

    private DevRuntime(Platform platform, Generations generations) {
        this.platform = platform;
        this.generations = generations;
        this.watch = Thread.ofPlatform().name("class-watch").daemon().unstarted(this::watch);
    }

    /**
     * Starts it.
     *
     * @param worker the name of the class that Lambda runs: public, with a public constructor without arguments
     * @param environment variables of the worker's process, besides those of this one
     * @throws IllegalArgumentException when the worker cannot run; it says why
     * @throws IllegalStateException when the port or the data folder is in use or cannot be used; it says what to do
     */
    public static DevRuntime start(LocalSettings settings, String worker, Map<String, String> environment) {
        return start(settings, worker, System.getProperty("java.class.path"), environment);
    }

    /** @param classPath of the worker's process */
    static DevRuntime start(LocalSettings settings, String worker, String classPath, Map<String, String> environment) {
        Platform platform = Platform.open(settings, (function, engines) -> engines.engines());
        try {
            DevRuntime runtime = new DevRuntime(
                    platform, new Generations(platform, worker, new ClassFolders(classPath), environment));
            runtime.watch.start();
            return runtime;
        } catch (RefusedException e) {
            platform.close();
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    private void watch() {
        try {
            while (!closed.await(ClassWatch.QUIET.toMillis(), TimeUnit.MILLISECONDS)) {
                generations.look();
            }
        } catch (InterruptedException e) {
            return; // close() wants this thread to end
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("Classes are no longer watched; stop the runtime and start it again");
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
        return Welcome.text(url(), key(), files(), generations.tasks())
                + "Compile in another terminal (mvn compile) or in an IDE, and the new classes run.\n";
    }

    /** Takes no more requests, lets running jobs end within 15 s, gives back those that have not, and stops. */
    @Override
    public void close() {
        closed.countDown();
        platform.stop();
        try {
            watch.join();
            generations.close();
            platform.drain(Pollers.DRAIN);
        } catch (InterruptedException e) {
            LOG.warn("Stopped without waiting for running jobs; they start again when their leases are over");
            Thread.currentThread().interrupt();
        }
        platform.close();
    }
}
