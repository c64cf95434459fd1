package dev.longshore.reliability;

import dev.longshore.job.Job;
import dev.longshore.job.JobState;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.Replacement;
import dev.longshore.job.RunsAs;
import dev.longshore.task.Json;
import java.time.Instant;
import java.util.List;

/** What an operator may do next in a state of the model; one retry, or one start before its time, in all of a job's life. */
final class OperatorMoves {
    private static final Instant NOW = ModelRows.NOW;

    private static final String CREATION = "creation";
    private static final String REPLACED = "replaced";

    private final ModelRows rows;

    OperatorMoves(ModelRows rows) {
        this.rows = rows;
    }

    void operate(ModelState state, List<ModelState> next) {
        Job job = rows.job(state.row());
        add(
                state,
                rows.apply(
                        state.row(), new OperatorChanges(NOW, "stop").cancelWaiting(job, ModelMoves.RETENTION, null)),
                next);
        add(
                state,
                rows.apply(
                        state.row(),
                        new OperatorChanges(NOW, "stop").cancelUnstarted(job, 0, ModelMoves.RETENTION, "schedule")),
                next);
        add(state, rows.apply(state.row(), new OperatorChanges(NOW, "requested").requestCancel(null)), next);
        if (CREATION.equals(job.token()) && !state.redriven()) { // once, of a job that nothing else has touched
            for (Instant due : List.of(NOW, ModelRows.FAR)) {
                replace(state, job, due, next);
            }
        }
        if (!state.redriven() && (job.due().isAfter(NOW) || job.isHeldUntilDue())) {
            Instant then = NOW.plusMillis(100); // a time at which the due index has not held it before
            add(
                    state.afterRetry(),
                    rows.apply(state.row(), new OperatorChanges(then, "now").runNow(job, job.pool(), null)),
                    next);
        }
        if (!state.redriven() && job.state() == JobState.DEAD) {
            Instant then = NOW.plusMillis(job.fence());
            Json other = new Json("2");
            RunsAs same = new RunsAs(job.task(), job.pool());
            add(
                    state.afterRetry(),
                    rows.apply(state.row(), new OperatorChanges(then, "redrive").redrive(job, job.pool(), then, null)),
                    next);
            add(
                    state.afterRetry(),
                    rows.apply(
                            state.row(),
                            new OperatorChanges(then, "payload").redriveWithPayload(job, same, other, false, null)),
                    next);
            add(
                    state.afterRetry(),
                    rows.apply(state.row(), new OperatorChanges(then, "task").redriveAsTask(job, same, false, null)),
                    next);
            add(state, rows.apply(state.row(), new OperatorChanges(NOW, "purge").purge(job)), next);
        }
    }

    /** A request gives a waiting job its payload and time, and sends its message; or it crashes before it does. */
    private void replace(ModelState state, Job job, Instant due, List<ModelState> next) {
        NewJob request =
                NewJob.of(job.id(), "t", "p", 2, new Json("3"), NOW, REPLACED).at(due);
        int replaced = rows.apply(state.row(), Replacement.replaceWaiting(job, request));
        if (replaced == ModelRows.NONE) {
            return;
        }
        ModelState again = state.withRow(replaced);
        next.add(again);
        next.add((rows.job(replaced).isHeld() ? again : again.messages(1)).withAcknowledgement());
    }

    private static void add(ModelState state, int after, List<ModelState> next) {
        if (after != ModelRows.NONE) {
            next.add(state.withRow(after));
        }
    }
}
