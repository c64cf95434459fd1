package dev.longshore.local;

import dev.longshore.local.ClassFolders.State;
import dev.longshore.local.Generation.RefusedException;
import dev.longshore.task.TaskDescription;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the worker's process when its classes change, and starts it again when it has ended by itself. Like a deployment in
 * AWS: the new process takes all messages from the moment it is ready, and the old one lets its jobs end. New classes that are refused
 * change nothing.
 */
final class Generations {
    /** A process that lived for less is started again after a pause, which doubles each time. */
    private static final Duration SHORT_LIFE = Duration.ofSeconds(10);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);

    private final Platform platform;
    private final String worker;
    private final ClassFolders folders;
    private final Map<String, String> environment;
    private final Path copies;
    private final InstantSource clock = InstantSource.system();
    private final Set<Generation> draining = ConcurrentHashMap.newKeySet();
    private final ClassWatch watch;
    private Classes classes;
    private Generation current;
    private volatile List<TaskDescription> tasks;
    private int launched;
    private int shortLives;
    private Instant startedAt;

    /**
     * A copy of the team's classes.
     *
     * @param path the class path that has the copy
     * @param digest of its contents
     */
    private record Classes(Path folder, String path, String digest) {}

    /**
     * Starts the first one.
     *
     * @param worker the worker's class
     * @param environment variables of the worker's process, besides those of this one
     * @throws RefusedException when the worker cannot run
     */
    Generations(Platform platform, String worker, ClassFolders folders, Map<String, String> environment)
            throws RefusedException {
        this.platform = platform;
        this.worker = worker;
        this.folders = folders;
        this.environment = environment;
        this.copies = platform.data().folder().resolve("classes");
        ClassFolders.delete(copies); // of a runtime that was killed
        State first = folders.scan();
        this.watch = new ClassWatch(first);
        this.classes = copy();
        this.current = launch(classes);
        this.startedAt = clock.instant();
        try {
            this.tasks = current.tasks();
            platform.engines().provide(Platform.plans(tasks));
            current.poll(platform.addresses());
        } catch (RefusedException e) {
            current.kill();
            throw e;
        }
        platform.serve(tasks);
    }

    /** The tasks of the worker that runs. */
    List<TaskDescription> tasks() {
        return tasks;
    }

    /** Takes new classes, or starts the worker again, where one of the two is due. */
    void look() throws InterruptedException {
        State now = folders.scan();
        if (watch.settled(now, clock.instant()).isPresent()) {
            Classes next = copy();
            if (next.digest().equals(classes.digest()) || !folders.scan().equals(now)) {
                ClassFolders.delete(
                        next.folder()); // nothing is new, or the build continues and the next look sees more
                return;
            }
            replace(next, now);
        } else if (!current.isAlive() && !clock.instant().isBefore(startedAt.plus(pause()))) {
            startAgain();
        }
    }

    private Classes copy() {
        Path folder = copies.resolve(Integer.toString(launched + 1));
        ClassFolders.delete(folder);
        String path = folders.copyTo(folder);
        return new Classes(folder, path, ClassFolders.digest(folder));
    }

    private Generation launch(Classes of) {
        launched++;
        return Generation.launch(launched, worker, of.path(), environment);
    }

    private void replace(Classes next, State state) throws InterruptedException {
        Generation successor = launch(next);
        try {
            List<TaskDescription> nextTasks = successor.tasks();
            platform.engines().provide(Platform.plans(nextTasks));
            Generation former = current;
            former.drain();
            successor.poll(platform.addresses());
            endInBackground(former, classes);
            current = successor;
            classes = next;
            watch.runs(state);
            tasks = nextTasks;
            startedAt = clock.instant();
            shortLives = 0;
            platform.serve(tasks);
            LOG.info(
                    "New classes are live: generation {}, {} ms after the last of them was written",
                    successor.number(),
                    Duration.between(state.written(), clock.instant()).toMillis());
        } catch (RefusedException e) {
            successor.kill();
            ClassFolders.delete(next.folder());
            LOG.warn(
                    "New classes are not taken, and generation {} keeps running. {}", current.number(), e.getMessage());
        }
    }

    private Duration pause() {
        return shortLives == 0
                ? Duration.ZERO
                : Duration.ofSeconds(Math.min(LONGEST_PAUSE.toSeconds(), 1L << Math.min(shortLives, 10)));
    }

    private void startAgain() {
        boolean lived = Duration.between(startedAt, clock.instant()).compareTo(SHORT_LIFE) >= 0;
        shortLives = lived ? 0 : shortLives + 1;
        LOG.error(
                "The worker's process ended with status {}, as a handler has ended it, say; starting it again. Its jobs run again"
                        + " when their leases are over",
                current.status());
        startedAt = clock.instant();
        current = launch(classes);
        try {
            platform.engines().provide(Platform.plans(current.tasks()));
            current.poll(platform.addresses());
            platform.recover();
        } catch (RefusedException e) {
            current.kill();
            LOG.error("The worker did not start again; trying in {} s. {}", pause().toSeconds(), e.getMessage());
        }
    }

    private void endInBackground(Generation former, Classes its) {
        draining.add(former);
        Thread.ofVirtual().name("drain-" + former.number()).start(() -> {
            try {
                former.awaitEnd();
                ClassFolders.delete(its.folder());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                draining.remove(former);
            }
        });
    }

    /** Lets the jobs of every process end, and ends them. */
    void close() throws InterruptedException {
        current.drain();
        current.awaitEnd();
        for (Generation former : draining) {
            former.awaitEnd();
        }
        ClassFolders.delete(copies);
    }
}
