package dev.longshore.worker;

import dev.longshore.job.aws.QueuePoller;
import dev.longshore.task.WorkerByName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a pool's jobs in a process of its own, for work that is longer than Lambda's 15 minutes or larger than its 10 GB: a
 * container on Fargate starts it out of the worker's jar. {@link ProcessSettings} lists its environment.
 *
 * <p>It polls the pool's queue for as many messages as it has free slots, and handles each as a Lambda batch does: claim, run,
 * write the outcome; only then is it deleted. Killed at any moment it loses nothing: leases end, and another process claims
 * its jobs.
 *
 * <p>SIGTERM ends it by a {@link Drain}, with status 0. ECS sends it when a task is to stop, two minutes before a Spot task is
 * taken away too, and SIGKILL after the task's {@code stopTimeout}. A handler that cannot be stopped ends it with status 1.
 */
public final class WorkerProcess {
    /** After the drain: a receive that is in progress may last 20 s more; what it brings and what still runs is given back. */
    private static final Duration GIVE_BACK = Duration.ofSeconds(25);

    private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);

    private final ProcessSettings settings;
    private final InstantSource clock = InstantSource.system();
    private final Drain drain = new Drain();
    private final JobWorker worker;
    private final QueuePoller poller;
    private volatile int status;

    private WorkerProcess(Map<String, String> environment) {
        this.settings = ProcessSettings.read(environment);
        WorkerFunction named = WorkerByName.of(environment, WorkerFunction.class)
                .orElseThrow(() -> new IllegalStateException("The environment variable " + WorkerByName.VARIABLE
                        + " is not set; it names the class that extends WorkerFunction"));
        this.worker = named.inProcess(Waiter.REAL, drain);
        this.poller = QueuePoller.ofPool(
                environment,
                worker.jobsOf(settings.pool()),
                settings.concurrency(),
                Waiter.REAL.threads().name("message-", 0).factory(),
                delivery -> worker.work(delivery, Instant.MAX),
                this::received);
    }

    /** Polls until SIGTERM, or until a handler cannot be stopped. */
    public static void main(String[] arguments) {
        try {
            WorkerProcess process = new WorkerProcess(System.getenv());
            Runtime.getRuntime().addShutdownHook(new Thread(process::end, "drain"));
            process.work();
        } catch (IllegalStateException e) {
            LOG.error("The worker did not start: {}", e.getMessage());
        }
        System.exit(1); // waits for the shutdown hook, which halts with the status
    }

    private void work() {
        LOG.info("Polling the queue of pool {} for {} jobs at once", settings.pool(), settings.concurrency());
        try {
            poller.poll();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("Polling failed; ending this process, so that another takes its place");
            status = 1;
        }
    }

    /** The container's health check reads the time of this file's last change. */
    private void received() {
        try {
            Files.writeString(settings.receivedFile(), clock.instant().toString());
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + settings.receivedFile() + " of the health check", e);
        }
        if (worker.hasStuckHandlers()) {
            LOG.error(
                    "Handlers still run after they were interrupted; ending this process, since nothing else ends them");
            status = 1;
            poller.stop();
        }
    }

    private void end() {
        try {
            drain();
        } catch (InterruptedException e) {
            LOG.error("Stopped without waiting for running jobs; they start again when their leases are over");
        }
        Runtime.getRuntime().halt(status);
    }

    private void drain() throws InterruptedException {
        LOG.info(
                "Stopping: no more messages; running jobs have {} s to end and are given back then",
                settings.drain().toSeconds());
        drain.begin(clock.instant().plus(settings.drain()));
        poller.stop();
        if (!poller.drain(settings.drain())) {
            drain.giveBack();
            if (!poller.drain(GIVE_BACK)) {
                LOG.error("Some jobs could not be given back; they start again when their leases are over");
            }
        }
        LOG.info("Stopped");
    }
}
