package dev.longshore.reliability;

import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.Progress;
import dev.longshore.job.pause.Pausable;
import dev.longshore.reliability.ModelState.Actor;
import dev.longshore.reliability.ModelState.Phase;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The moves that are possible in a state of the model: the steps of each flow in their order, with a crash between any two.
 */
final class ModelMoves {
    static final int MOST_CLAIMS = 3;
    private static final int MOST_LETTERS = 2;

    private static final Instant NOW = ModelRows.NOW;
    private static final Instant LEASE = NOW.plusSeconds(30);
    static final Duration RETENTION = Duration.ofSeconds(999);
    private static final JobError ERROR = new JobError("T", "m");
    private static final Pausable PAUSED = Pausable.task("t");
    private static final Json CURSOR = new Json("1");

    private final ModelRows rows;
    private final ModelBounds bounds;
    private final OperatorMoves operator;

    ModelMoves(ModelRows rows, ModelBounds bounds) {
        this.rows = rows;
        this.bounds = bounds;
        this.operator = new OperatorMoves(rows);
    }

    List<ModelState> starts() {
        return ModelRows.newJobs(bounds.expiry()).stream()
                .map(row -> new ModelState(
                        rows.add(row),
                        new Actor(Phase.SENDS_FIRST, ModelRows.NONE),
                        Actor.IDLE,
                        Actor.IDLE,
                        Actor.IDLE,
                        0,
                        0,
                        false,
                        false))
                .toList();
    }

    List<ModelState> from(ModelState state) {
        List<ModelState> next = new ArrayList<>();
        if (state.row() == ModelRows.NONE) {
            return next;
        }
        takeIn(state, next);
        if (!state.api().is(Phase.IDLE)) {
            return next; // a first message that is late is like one that is doubled
        }
        rows.later(state.row()).forEach(row -> next.add(state.withRow(row)));
        if (state.messages() > 0 && mayCarryMore(state)) {
            next.add(state.messages(1)); // doubled
        }
        if (state.messages() > 0) {
            next.add(state.messages(-1).letters(1)); // received too often
        }
        work(state, state.first(), next);
        if (!state.second().equals(state.first())) {
            work(state, state.second(), next);
        }
        keep(state, next);
        if (bounds.operator()) {
            operator.operate(state, next);
        }
        return next;
    }

    private boolean mayCarryMore(ModelState state) {
        return state.carriers() < bounds.carriers();
    }

    // ---- the API

    private void takeIn(ModelState state, List<ModelState> next) {
        Job job = rows.job(state.row());
        if (state.api().is(Phase.SENDS_FIRST)) {
            next.add(state.withApi(Actor.IDLE)); // crashed
            if (job.isHeld()) {
                next.add(state.withApi(Actor.IDLE).withAcknowledgement());
                return;
            }
            next.add(state.withApi(Actor.IDLE).messages(1).withAcknowledgement());
            int held =
                    rows.apply(state.row(), new Lifecycle(Instant.EPOCH, "held").hold(job, HoldReason.DUE, job.due()));
            next.add((held == ModelRows.NONE ? state : state.withRow(held))
                    .withApi(Actor.IDLE)
                    .withAcknowledgement());
            if ("creation".equals(job.token())) {
                next.add(state.withRow(ModelRows.NONE).withApi(Actor.IDLE)); // neither queue nor index: withdrawn
            }
        }
        if (job.state().isWaiting() && job.fence() == 0 && !state.acknowledged() && mayCarryMore(state)) {
            int acknowledged = rows.apply(state.row(), new Lifecycle(Instant.EPOCH, "repeated").acknowledge());
            if (acknowledged != ModelRows.NONE) {
                ModelState again = state.withRow(acknowledged);
                next.add(
                        job.isHeld()
                                ? again.withAcknowledgement()
                                : again.messages(1).withAcknowledgement());
            }
        }
    }

    // ---- a worker

    private void work(ModelState state, Actor worker, List<ModelState> next) {
        switch (worker.phase()) {
            case IDLE -> {
                boolean free = bounds.workers() == 2 || state.first().equals(state.second());
                if (state.messages() > 0 && free) {
                    next.add(state.messages(-1).withWorker(worker, new Actor(Phase.RECEIVED, ModelRows.NONE)));
                }
            }
            case RECEIVED -> {
                crash(state, worker, next);
                claim(state, worker, next);
                if (bounds.pauses()) {
                    Job read = rows.job(state.row());
                    Change held = new Lifecycle(NOW, holdToken(state)).hold(read, HoldReason.paused(PAUSED), NOW);
                    apply(state, worker, held, Phase.DROPS, next);
                }
                if (bounds.expiry()) {
                    Job job = rows.job(state.row());
                    Change unknown = new Lifecycle(NOW, "unknown").killUnrunnable(job, DeadReason.UNKNOWN_TASK, ERROR);
                    apply(state, worker, unknown, Phase.SENDS_DEAD_LETTER, next);
                }
            }
            case HOLDS -> {
                crash(state, worker, next);
                hold(state, worker, next);
            }
            case SENDS_DEAD_LETTER -> {
                crash(state, worker, next);
                if (state.letters() < MOST_LETTERS) {
                    next.add(state.letters(1).withWorker(worker, new Actor(Phase.DROPS, ModelRows.NONE)));
                }
            }
            case DROPS -> {
                crash(state, worker, next);
                next.add(state.withWorker(worker, Actor.IDLE));
            }
            default -> throw new IllegalStateException("no worker's phase: " + worker);
        }
    }

    /** Its message comes back. */
    private static void crash(ModelState state, Actor worker, List<ModelState> next) {
        next.add(state.messages(1).withWorker(worker, Actor.IDLE));
    }

    private void claim(ModelState state, Actor worker, List<ModelState> next) {
        Job job = rows.job(state.row());
        int claimed = job.fence() >= MOST_CLAIMS
                ? ModelRows.NONE
                : rows.apply(state.row(), new Lifecycle(NOW, "claim " + (job.fence() + 1)).claim(ModelRows.ID, LEASE));
        if (claimed != ModelRows.NONE) {
            next.add(state.withRow(claimed).withWorker(worker, new Actor(Phase.HOLDS, holderSees(claimed))));
            return;
        }
        if (job.state() == JobState.DEAD && !job.deathHandled()) {
            next.add(state.withWorker(worker, new Actor(Phase.SENDS_DEAD_LETTER, ModelRows.NONE)));
        } else if (job.state().isTerminal()) {
            next.add(state.withWorker(worker, new Actor(Phase.DROPS, ModelRows.NONE)));
        } else if (job.state() == JobState.RUNNING) {
            apply(state, worker, new Lifecycle(NOW, "crashed").killCrashed(job), Phase.SENDS_DEAD_LETTER, next);
        } else if (job.isExpired(NOW)) {
            apply(state, worker, new Lifecycle(NOW, "expired").expire(job), Phase.SENDS_DEAD_LETTER, next);
        } else if (job.isHeldByPause()) {
            crash(state, worker, next); // its message stays hidden for a while
        } else if (JobQueue.isBeyondDelay(NOW, job.due())) {
            int held = job.isHeldUntilDue()
                    ? state.row()
                    : rows.apply(
                            state.row(), new Lifecycle(Instant.EPOCH, "held").hold(job, HoldReason.DUE, job.due()));
            next.add(state.withRow(held).withWorker(worker, new Actor(Phase.DROPS, ModelRows.NONE)));
        }
    }

    /** What a holder remembers: its fence and its attempt. */
    private int holderSees(int claimed) {
        return rows.remember(claimed, Field.FENCE, Field.ATTEMPT, Field.MAX_ATTEMPTS);
    }

    private void hold(ModelState state, Actor worker, List<ModelState> next) {
        Job seen = rows.job(worker.seen());
        String own = " of fence " + seen.fence();
        apply(state, worker, Lifecycle.extendLease(seen, LEASE), Phase.HOLDS, next);
        apply(state, worker, Lifecycle.progress(seen, new Progress(50, null)), Phase.HOLDS, next);
        apply(state, worker, Lifecycle.checkpoint(seen, CURSOR), Phase.HOLDS, next);
        end(state, worker, new Lifecycle(NOW, "success" + own).succeed(seen, null, null, RETENTION), Phase.DROPS, next);
        for (boolean longWait : List.of(false, true)) {
            Instant due = longWait ? ModelRows.FAR.plusMillis(seen.fence()) : ModelRows.SOON;
            Phase then = longWait ? Phase.DROPS : Phase.IDLE; // a message that stays comes back
            end(
                    state,
                    worker,
                    new Lifecycle(NOW, "retry" + own).retry(seen, Duration.between(NOW, due), longWait, ERROR),
                    then,
                    next);
            end(
                    state,
                    worker,
                    new Lifecycle(NOW, "snooze" + own).snooze(seen, Duration.between(NOW, due), longWait),
                    then,
                    next);
            end(
                    state,
                    worker,
                    new Lifecycle(NOW.plusMillis(longWait ? seen.fence() : 0), "on" + own)
                            .continueLater(seen, CURSOR, null, longWait),
                    then,
                    next);
        }
        end(
                state,
                worker,
                new Lifecycle(NOW, "kill" + own).kill(seen, DeadReason.EXHAUSTED, ERROR),
                Phase.SENDS_DEAD_LETTER,
                next);
        end(
                state,
                worker,
                new Lifecycle(NOW, "unstarted" + own).killUnstarted(seen, DeadReason.UNDECODABLE, ERROR),
                Phase.SENDS_DEAD_LETTER,
                next);
        end(state, worker, new Lifecycle(NOW, "cancel" + own).cancelRunning(seen, null, RETENTION), Phase.DROPS, next);
    }

    /** An outcome; refused, the message stays and comes back. */
    private void end(ModelState state, Actor worker, Change change, Phase then, List<ModelState> next) {
        int after = rows.apply(state.row(), change);
        if (after == ModelRows.NONE || then == Phase.IDLE) {
            next.add((after == ModelRows.NONE ? state : state.withRow(after))
                    .messages(1)
                    .withWorker(worker, Actor.IDLE));
        } else {
            next.add(state.withRow(after).withWorker(worker, new Actor(then, ModelRows.NONE)));
        }
    }

    private void apply(ModelState state, Actor worker, Change change, Phase then, List<ModelState> next) {
        int after = rows.apply(state.row(), change);
        if (after != ModelRows.NONE) {
            int seen = then == Phase.HOLDS ? worker.seen() : ModelRows.NONE;
            next.add(state.withRow(after).withWorker(worker, new Actor(then, seen)));
        }
    }

    /** A token that neither the row nor what a keeper read has. */
    private String holdToken(ModelState state) {
        int seen = state.keeper().seen();
        for (int i = 0; ; i++) {
            String token = "held " + i;
            boolean used = token.equals(rows.job(state.row()).token())
                    || (seen != ModelRows.NONE && token.equals(rows.job(seen).token()));
            if (!used) {
                return token;
            }
        }
    }

    // ---- a keeper, or an operator's retry

    private void keep(ModelState state, List<ModelState> next) {
        Actor keeper = state.keeper();
        Job job = rows.job(state.row());
        switch (keeper.phase()) {
            case IDLE -> {
                boolean isDue = job.isHeldUntilDue() && !job.due().isAfter(ModelRows.SOON);
                if (isDue || job.isHeldByPause()) {
                    int held = rows.remember(state.row(), Field.INDEX, Field.INDEX_AT, Field.TOKEN);
                    next.add(state.withKeeper(new Actor(Phase.SENDS_HELD, held)));
                }
                if (state.letters() > 0) {
                    next.add(state.letters(-1).withKeeper(new Actor(Phase.READ_LETTER, rowAsRead(state))));
                }
            }
            case SENDS_HELD -> sendThen(state, Phase.RELEASES, next);
            case RELEASES -> leave(state, rows.apply(state.row(), Lifecycle.release(rows.job(keeper.seen()))), next);
            case READ_LETTER -> {
                next.add(state.letters(1).withKeeper(Actor.IDLE)); // crashed, or it is not time yet
                attend(state, rows.job(keeper.seen()), next);
            }
            case SENDS_RESCUED -> {
                next.add(state.letters(1).withKeeper(Actor.IDLE));
                if (state.carriers() <= bounds.carriers()) {
                    next.add(state.messages(1).withKeeper(new Actor(Phase.DROPS_LETTER, ModelRows.NONE)));
                }
            }
            case HANDLES_DEATH -> {
                next.add(state.letters(1).withKeeper(Actor.IDLE));
                int handled = rows.apply(
                        state.row(), new Lifecycle(NOW, "handled").markDeathHandled(rows.job(keeper.seen())));
                next.add((handled == ModelRows.NONE ? state : state.withRow(handled))
                        .withKeeper(new Actor(Phase.DROPS_LETTER, ModelRows.NONE)));
            }
            case DROPS_LETTER -> {
                next.add(state.letters(1).withKeeper(Actor.IDLE));
                next.add(state.withKeeper(Actor.IDLE));
            }
            default -> throw new IllegalStateException("no keeper's phase: " + keeper);
        }
    }

    private void sendThen(ModelState state, Phase then, List<ModelState> next) {
        next.add(state.withKeeper(Actor.IDLE)); // crashed, or the queue did not take it
        if (mayCarryMore(state)) {
            next.add(state.messages(1).withKeeper(new Actor(then, state.keeper().seen())));
        }
    }

    private static void leave(ModelState state, int after, List<ModelState> next) {
        next.add(state.withKeeper(Actor.IDLE)); // crashed
        next.add((after == ModelRows.NONE ? state : state.withRow(after)).withKeeper(Actor.IDLE));
    }

    private void attend(ModelState state, Job seen, List<ModelState> next) {
        Actor drops = new Actor(Phase.DROPS_LETTER, ModelRows.NONE);
        switch (seen.state()) {
            case UNKNOWN -> throw new IllegalStateException("no newer code writes here");
            case SUCCEEDED, CANCELLED -> next.add(state.withKeeper(drops));
            case DEAD ->
                next.add(state.withKeeper(
                        seen.deathHandled()
                                ? drops
                                : new Actor(
                                        Phase.HANDLES_DEATH, dead(state.keeper().seen()))));
            case RUNNING ->
                change(
                        state,
                        seen.isLastAttempt()
                                ? new Lifecycle(NOW, "crashed").killCrashed(seen)
                                : new Lifecycle(NOW, "rescue").rescue(seen, Duration.between(NOW, ModelRows.SOON)),
                        seen.isLastAttempt() ? Phase.HANDLES_DEATH : Phase.SENDS_RESCUED,
                        next);
            case SCHEDULED, QUEUED, RETRYING -> {
                if (seen.isExpired(NOW)) {
                    change(state, new Lifecycle(NOW, "expired").expire(seen), Phase.HANDLES_DEATH, next);
                } else {
                    next.add(
                            seen.isHeld()
                                    ? state.withKeeper(drops)
                                    : state.withKeeper(new Actor(Phase.SENDS_RESCUED, ModelRows.NONE)));
                }
            }
        }
    }

    private void change(ModelState state, Change change, Phase then, List<ModelState> next) {
        int after = rows.apply(state.row(), change);
        if (after != ModelRows.NONE) {
            next.add(state.withRow(after)
                    .withKeeper(new Actor(then, then == Phase.HANDLES_DEATH ? dead(after) : ModelRows.NONE)));
        }
    }

    private int dead(int row) {
        return rows.remember(row, Field.FENCE);
    }

    private int rowAsRead(ModelState state) {
        return rows.remember(
                state.row(),
                Field.FENCE,
                Field.ATTEMPT,
                Field.MAX_ATTEMPTS,
                Field.EXPIRES,
                Field.INDEX,
                Field.INDEX_AT,
                Field.DEATH_HANDLED);
    }
}
