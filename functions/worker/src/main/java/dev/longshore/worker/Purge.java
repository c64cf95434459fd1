package dev.longshore.worker;

import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.Parallel;
import dev.longshore.job.deadletter.MaintenanceTasks;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.JobContext;
import dev.longshore.task.TaskHandler;
import dev.longshore.worker.DeadSweep.Chosen;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** {@code longshore-purge}: removes dead jobs and their bodies; for clients they are gone at once. */
final class Purge implements TaskHandler<MaintenanceTasks.Purge, Map<String, Integer>> {
    private final Engines engines;

    Purge(Engines engines) {
        this.engines = engines;
    }

    @Override
    public Map<String, Integer> handle(MaintenanceTasks.Purge order, JobContext job) {
        DeadSweep sweep = new DeadSweep(engines.jobs(), order.filter(), order.limit(), job);
        if (sweep.isUnfinished()) {
            finishBatch(sweep);
        }
        for (List<Job> chosen = sweep.choose(DeadSweep.BATCH);
                !chosen.isEmpty();
                chosen = sweep.choose(DeadSweep.BATCH)) {
            int purged = count(Parallel.each(chosen, this::purge));
            sweep.finished(purged, chosen.size() - purged);
        }
        return Map.of(
                "purged", sweep.position().done(), "skipped", sweep.position().skipped());
    }

    /** An earlier attempt was killed in the middle of this batch: some of its jobs are purged already. */
    private void finishBatch(DeadSweep sweep) {
        List<Chosen> batch = sweep.position().batch();
        int purged = count(Parallel.each(
                batch,
                chosen -> sweep.ifStillDead(chosen)
                        .map(this::purge)
                        .orElseGet(() -> sweep.find(chosen).map(this::isPurged).orElse(true))));
        sweep.finished(purged, batch.size() - purged);
    }

    private boolean purge(Job dead) {
        return engines.jobs().apply(dead.id(), engines.operatorChanges().purge(dead)) instanceof Change.Outcome.Done;
    }

    private boolean isPurged(Job row) {
        return row.isPurged(now());
    }

    private static int count(List<Boolean> done) {
        return (int) done.stream().filter(was -> was).count();
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
