package dev.longshore.worker;

import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobState;
import dev.longshore.job.Parallel;
import dev.longshore.job.RunsAs;
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
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code longshore-redrive}: sends dead jobs back to work, as the retry of a single one does: first the row, which the due
 * index holds until the message is sent. Nothing waits for a rate here; each job is given the time at which it is due.
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
            takeUp(sweep, order, job);
        }
        while (true) {
            if (sweep.position().watchedSince() != null) {
                Optional<String> trouble = canaries.trouble(sweep, job);
                if (trouble.isPresent()) {
                    return told(sweep, trouble.get());
                }
                sweep.nextWave();
            }
            boolean canary = isCanary(sweep, order);
            if (!canary) {
                sweep.startPace(now());
            }
            List<Job> chosen = sweep.choose(canary ? WAVES[sweep.position().wave()] : DeadSweep.BATCH);
            if (chosen.isEmpty()) {
                return told(sweep, null);
            }
            send(sweep, chosen, order, job);
        }
    }

    private void send(DeadSweep sweep, List<Job> chosen, MaintenanceTasks.Redrive order, JobContext job) {
        List<Job> back =
                Parallel.each(numbers(chosen), i -> sendBack(chosen.get(i), due(i, sweep, order), order)).stream()
                        .flatMap(Optional::stream)
                        .toList();
        heldJobs.tryRelease(back);
        end(sweep, back.size(), chosen.size() - back.size(), order, job);
    }

    /**
     * An earlier attempt was killed in the middle of this batch: what is still dead goes back now. A job that is not was sent
     * back by that attempt, and if its message was not sent, the dispatcher finds it in the due index.
     */
    private void takeUp(DeadSweep sweep, MaintenanceTasks.Redrive order, JobContext job) {
        List<Chosen> batch = sweep.position().batch();
        List<Job> back = Parallel.each(
                        numbers(batch),
                        i -> sweep.ifStillDead(batch.get(i))
                                .flatMap(dead -> sendBack(dead, due(i, sweep, order), order)))
                .stream()
                .flatMap(Optional::stream)
                .toList();
        heldJobs.tryRelease(back);
        int ours = (int) batch.stream()
                .map(sweep::find)
                .flatMap(Optional::stream)
                .filter(row -> isSentBackBy(order, row))
                .count();
        end(sweep, ours, batch.size() - ours, order, job);
    }

    /** A job whose task and pool are no longer part of the deployment stays dead: no worker would take it. */
    private Optional<Job> sendBack(Job dead, Instant due, MaintenanceTasks.Redrive order) {
        Optional<RunsAs> as = RunsAs.today(dead, tasks.find(dead.task()).map(Task::pool), tasks.pools());
        if (as.isEmpty()) {
            LOG.warn(
                    "Job {} stays dead: neither its task {} nor its pool {} is part of this deployment",
                    dead.id(),
                    dead.task(),
                    dead.pool());
            return Optional.empty();
        }
        Change back = engines.operatorChanges().redrive(dead, as.get().pool(), due, order.by());
        return engines.jobs().apply(dead.id(), back) instanceof Change.Outcome.Done(Job done)
                ? Optional.of(done)
                : Optional.empty();
    }

    private static boolean isSentBackBy(MaintenanceTasks.Redrive order, Job row) {
        return row.history().stream()
                .anyMatch(step -> step.state() == JobState.QUEUED
                        && order.by().equals(step.by())
                        && !step.at().isBefore(order.filter().to()));
    }

    /** The batch was sent; of a canary's wave it is watched first how it ends. */
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

    /** When the next batch's job of this number is due: at once, or in its turn. */
    private Instant due(int i, DeadSweep sweep, MaintenanceTasks.Redrive order) {
        DeadSweep.Position position = sweep.position();
        Instant now = now();
        if (order.ratePerSecond() == null || position.pacedSince() == null) {
            return now;
        }
        double turn = (position.done() - position.pacedFrom() + i) / order.ratePerSecond();
        Instant due = position.pacedSince().plusMillis(Math.round(turn * 1_000));
        return due.isBefore(now) ? now : due;
    }

    private static List<Integer> numbers(List<?> items) {
        return IntStream.range(0, items.size()).boxed().toList();
    }

    private static Map<String, Object> told(DeadSweep sweep, @Nullable String because) {
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
