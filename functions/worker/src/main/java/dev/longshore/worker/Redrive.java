package dev.longshore.worker;

import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobState;
import dev.longshore.job.Parallel;
import dev.longshore.job.RunsAs;
import dev.longshore.job.UniqueKeyTakenException;
import dev.longshore.job.deadletter.MaintenanceTasks;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.HeldJobs;
import dev.longshore.task.JobContext;
import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskHandler;
import dev.longshore.worker.DeadSweep.Chosen;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code longshore-redrive}: redrives dead jobs, as the retry of a single one does: first the row, which the due index holds
 * until the message is sent. It does not wait for the rate; each job gets the time at which it is due.
 */
final class Redrive implements TaskHandler<MaintenanceTasks.Redrive, Map<String, Object>> {
    private static final int[] WAVES = {1, 10};
    private static final Logger LOG = LoggerFactory.getLogger(Redrive.class);

    private final Engines engines;
    private final HeldJobs heldJobs;
    private final CanaryWatch canaries;
    private final TaskCatalog tasks;

    Redrive(Engines engines, TaskCatalog tasks) {
        this.engines = engines;
        this.tasks = tasks;
        this.heldJobs = new HeldJobs(engines);
        this.canaries = new CanaryWatch(engines);
    }

    @Override
    public Map<String, Object> handle(MaintenanceTasks.Redrive order, JobContext job) {
        DeadSweep sweep = new DeadSweep(engines.jobs(), order.filter(), order.limit(), job);
        if (sweep.isUnfinished()) {
            finishBatch(sweep, order, job);
        }
        while (true) {
            if (sweep.position().watchedSince() != null) {
                Optional<String> trouble = canaries.trouble(sweep, job);
                if (trouble.isPresent()) {
                    return result(sweep, trouble.get());
                }
                sweep.nextWave();
            }
            boolean canary = isCanary(sweep, order);
            if (!canary) {
                sweep.startPace(now());
            }
            List<Job> chosen = sweep.choose(canary ? WAVES[sweep.position().wave()] : DeadSweep.BATCH);
            if (chosen.isEmpty()) {
                return result(sweep, null);
            }
            send(sweep, chosen, order, job);
        }
    }

    private void send(DeadSweep sweep, List<Job> chosen, MaintenanceTasks.Redrive order, JobContext job) {
        List<Job> back =
                Parallel.each(numbers(chosen), i -> redrive(chosen.get(i), due(i, sweep, order), order)).stream()
                        .flatMap(Optional::stream)
                        .toList();
        heldJobs.tryRelease(back);
        end(sweep, back.size(), chosen.size() - back.size(), order, job);
    }

    /**
     * An earlier attempt was killed in the middle of this batch: jobs that are still dead are redriven now. The others were
     * redriven by that attempt; if a message was not sent, the dispatcher finds the job in the due index.
     */
    private void finishBatch(DeadSweep sweep, MaintenanceTasks.Redrive order, JobContext job) {
        List<Chosen> batch = sweep.position().batch();
        List<Job> back = Parallel.each(
                        numbers(batch),
                        i -> sweep.ifStillDead(batch.get(i))
                                .flatMap(dead -> redrive(dead, due(i, sweep, order), order)))
                .stream()
                .flatMap(Optional::stream)
                .toList();
        heldJobs.tryRelease(back);
        int ours = (int) batch.stream()
                .map(sweep::find)
                .flatMap(Optional::stream)
                .filter(row -> isRedrivenBy(order, row))
                .count();
        end(sweep, ours, batch.size() - ours, order, job);
    }

    /** A job whose task and pool are no longer part of the deployment stays dead: no worker would take it. */
    private Optional<Job> redrive(Job dead, Instant due, MaintenanceTasks.Redrive order) {
        Optional<RunsAs> as = RunsAs.today(dead, tasks.find(dead.task()).map(Task::pool), tasks.pools());
        if (as.isEmpty()) {
            LOG.warn(
                    "Job {} stays dead: neither its task {} nor its pool {} is part of this deployment",
                    dead.id(),
                    dead.task(),
                    dead.pool());
            return Optional.empty();
        }
        try {
            return redrive(dead, as.get(), due, order);
        } catch (UniqueKeyTakenException e) {
            LOG.info(
                    "Job {} stays dead: job {} has its unique key and has not ended",
                    dead.id(),
                    e.holder().id());
            return Optional.empty();
        }
    }

    /** A job of the index is read without its unique key. One that has a key refuses the change, and is redriven as its row is. */
    private Optional<Job> redrive(Job dead, RunsAs as, Instant due, MaintenanceTasks.Redrive order) {
        return switch (apply(dead, as, due, order)) {
            case Change.Outcome.Done(Job done) -> Optional.of(done);
            case Change.Outcome.Refused(Job row)
            when row.uniqueKey() != null
                    && dead.uniqueKey() == null
                    && Objects.equals(row.indexedAt(), dead.indexedAt()) ->
                apply(row, as, due, order) instanceof Change.Outcome.Done(Job done)
                        ? Optional.of(done)
                        : Optional.empty();
            case Change.Outcome.Refused _, Change.Outcome.Missing _ -> Optional.empty();
        };
    }

    private Change.Outcome apply(Job dead, RunsAs as, Instant due, MaintenanceTasks.Redrive order) {
        return engines.jobs().apply(dead.id(), engines.operatorChanges().redrive(dead, as.pool(), due, order.by()));
    }

    private static boolean isRedrivenBy(MaintenanceTasks.Redrive order, Job row) {
        return row.history().stream()
                .anyMatch(step -> step.state() == JobState.QUEUED
                        && order.by().equals(step.by())
                        && !step.at().isBefore(order.filter().to()));
    }

    /** The batch was sent. A canary's wave is watched until it ends. */
    private void end(DeadSweep sweep, int sent, int skipped, MaintenanceTasks.Redrive order, JobContext job) {
        if (isCanary(sweep, order) && sent > 0) {
            sweep.watch(sent, skipped, now());
            throw job.snooze(CanaryWatch.FIRST_LOOK);
        }
        sweep.finished(sent, skipped);
    }

    private static boolean isCanary(DeadSweep sweep, MaintenanceTasks.Redrive order) {
        return order.canary() && sweep.position().wave() < WAVES.length;
    }

    /** When the next batch's job of this number is due: at once, or by the rate. */
    private Instant due(int i, DeadSweep sweep, MaintenanceTasks.Redrive order) {
        DeadSweep.Position position = sweep.position();
        Instant now = now();
        if (order.ratePerSecond() == null || position.pacedSince() == null) {
            return now;
        }
        double seconds = (position.done() - position.pacedFrom() + i) / order.ratePerSecond();
        Instant due = position.pacedSince().plusMillis(Math.round(seconds * 1_000));
        return due.isBefore(now) ? now : due;
    }

    private static List<Integer> numbers(List<?> items) {
        return IntStream.range(0, items.size()).boxed().toList();
    }

    private static Map<String, Object> result(DeadSweep sweep, @Nullable String because) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("sent", sweep.position().done());
        result.put("skipped", sweep.position().skipped());
        if (because != null) {
            result.put("stopped", true);
            result.put("because", because);
        }
        return result;
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
