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

/** {@code longshore-purge}: dead jobs that nobody wants any more count as gone from now on, and their bodies with them. */
final class Purge implements TaskHandler<MaintenanceTasks.Purge, Map<String, Integer>> {
    private final Engines engines;

    Purge(Engines engines) {
        this.engines = engines;
    }

    @Override
    public Map<String, Integer> handle(MaintenanceTasks.Purge order, JobContext job) {
        DeadSweep sweep = new DeadSweep(engines.jobs(), order.filter(), order.limit(), job);
        if (sweep.isUnfinished()) {
            takeUp(sweep);
        }
        for (List<Job> chosen = sweep.choose(DeadSweep.BATCH);
                !chosen.isEmpty();
                chosen = sweep.choose(DeadSweep.BATCH)) {
            int forgotten = count(Parallel.each(chosen, this::forget));
            sweep.finished(forgotten, chosen.size() - forgotten);
        }
        return Map.of(
                "purged", sweep.position().done(), "skipped", sweep.position().skipped());
    }

    /** An earlier attempt was killed in the middle of this batch: some of it is forgotten already. */
    private void takeUp(DeadSweep sweep) {
        List<Chosen> batch = sweep.position().batch();
        int forgotten = count(Parallel.each(
                batch,
                chosen -> sweep.ifStillDead(chosen)
                        .map(this::forget)
                        .orElseGet(
                                () -> sweep.find(chosen).map(this::isForgotten).orElse(true))));
        sweep.finished(forgotten, batch.size() - forgotten);
    }

    private boolean forget(Job dead) {
        return engines.jobs().apply(dead.id(), engines.operatorChanges().purge(dead)) instanceof Change.Outcome.Done;
    }

    private boolean isForgotten(Job row) {
        return row.isForgotten(now());
    }

    private static int count(List<Boolean> done) {
        return (int) done.stream().filter(was -> was).count();
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
