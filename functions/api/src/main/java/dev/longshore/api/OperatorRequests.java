package dev.longshore.api;

import dev.longshore.job.ApiKey;
import dev.longshore.job.BodyMissingException;
import dev.longshore.job.Change;
import dev.longshore.job.Engines;
import dev.longshore.job.Enqueuer;
import dev.longshore.job.Job;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.RunsAs;
import dev.longshore.job.Tokens;
import dev.longshore.task.Json;
import dev.longshore.task.Task;
import dev.longshore.task.TaskDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The requests by which an operator changes one job: cancel, retry. */
final class OperatorRequests {
    private static final int TRIES = 4;
    private static final Set<String> OF_RETRY = new LinkedHashSet<>(List.of("payload", "task", "keepCheckpoint"));

    private final Engines engines;
    private final AcceptedTasks tasks;
    private final EnqueueRequests enqueueRequests;
    private final Enqueuer enqueuer;
    private final JobJson json;
    private final Tokens tokens;

    OperatorRequests(Engines engines, AcceptedTasks tasks) {
        this.engines = engines;
        this.tasks = tasks;
        this.enqueueRequests = new EnqueueRequests(tasks, engines.random());
        this.enqueuer = new Enqueuer(engines);
        this.json = new JobJson(engines.jobs());
        this.tokens = new Tokens(engines.random());
    }

    // ---- POST /v1/jobs/{id}/cancel

    /** Cancelling what is CANCELLED is answered as the first time: a client that repeats its request learns nothing new. */
    HttpResponse cancel(HttpRequest request, String id, ApiKey caller) {
        JsonBody.requireEmpty(request);
        Job job = require(id);
        for (int i = 0; i < TRIES; i++) {
            if (job.state() == JobState.CANCELLED) {
                return HttpResponse.json(200, json.seenBy(caller, job, now()));
            }
            if (job.state().isTerminal()) {
                throw Problem.conflict(
                        job.state().name(), "The job is " + job.state() + " already; what has ended is not cancelled");
            }
            switch (engines.jobs().apply(job.id(), cancellation(job, caller))) {
                case Change.Outcome.Done(Job done) -> {
                    return HttpResponse.json(200, json.seenBy(caller, done, now()));
                }
                case Change.Outcome.Refused(Job current) -> job = current; // it has just moved on
                case Change.Outcome.Missing _ -> throw JobRequests.noSuchJob();
            }
        }
        throw Problem.unavailable("The job changes its state too fast to be cancelled; try again");
    }

    private Change cancellation(Job job, ApiKey caller) {
        return job.state().isWaiting()
                ? OperatorChanges.cancelWaiting(
                        now(), caller.id(), Lifecycle.keptUntil(job, now(), retention(job)), tokens.next())
                : OperatorChanges.requestCancel(now(), caller.id());
    }

    private Duration retention(Job job) {
        return tasks.find(job.task())
                .map(TaskDescription::retentionSeconds)
                .map(Duration::ofSeconds)
                .orElse(Task.USUAL_RETENTION);
    }

    // ---- POST /v1/jobs/{id}/retry

    HttpResponse retry(HttpRequest request, String id, ApiKey caller) {
        Refusals refusals = new Refusals();
        Fields fields = new Fields(JsonBody.optionalObject(request), OF_RETRY, refusals);
        Json payload = fields.json("payload");
        String otherTask = refusals.read(() -> fields.text("task", 200));
        Boolean keepCheckpoint = refusals.read(() -> fields.bool("keepCheckpoint"));
        refusals.requireNone();
        if (keepCheckpoint != null && payload == null && otherTask == null) {
            throw Problem.refused(
                    "/keepCheckpoint", "is for a retry with another payload or task; any other keeps the checkpoint");
        }
        Job job = require(id);
        if (job.state() != JobState.DEAD) {
            throw notDead(job.stateAt(now()));
        }
        boolean keep = Boolean.TRUE.equals(keepCheckpoint);
        if (payload != null) {
            TaskDescription task = tasks.require(otherTask == null ? job.task() : otherTask);
            RunsAs as = new RunsAs(otherTask == null ? job.task() : task.name(), task.pool());
            Json checked = enqueueRequests.checked(task, payload);
            return redriven(
                    job,
                    OperatorChanges.redriveWithPayload(job, as, checked, keep, now(), caller.id(), tokens.next()),
                    caller);
        }
        if (otherTask != null) {
            TaskDescription task = tasks.require(otherTask);
            enqueueRequests.checked(task, payload(job));
            RunsAs as = new RunsAs(task.name(), task.pool());
            return redriven(
                    job, OperatorChanges.redriveAsTask(job, as, keep, now(), caller.id(), tokens.next()), caller);
        }
        return redriven(job, redriveAsBefore(job, caller), caller);
    }

    private Json payload(Job job) {
        try {
            return engines.jobs().payload(job);
        } catch (BodyMissingException e) {
            throw Problem.conflict(job.state().name(), "The payload of the job is gone; retry it with another payload");
        }
    }

    private Change redriveAsBefore(Job job, ApiKey caller) {
        RunsAs today = RunsAs.today(job, tasks.find(job.task()).map(TaskDescription::pool), tasks.pools())
                .orElseThrow(
                        () -> Problem.conflict(
                                job.state().name(),
                                "Neither the task '" + job.task() + "' of the job nor its pool '" + job.pool()
                                        + "' is part of this deployment; name the task to run as, {\"task\": …}, or deploy the task again"));
        return OperatorChanges.redrive(job, today.pool(), now(), now(), caller.id(), tokens.next());
    }

    private HttpResponse redriven(Job job, Change redrive, ApiKey caller) {
        return switch (engines.jobs().apply(job.id(), redrive)) {
            case Change.Outcome.Done(Job back) -> {
                enqueuer.sendParked(back, now());
                yield HttpResponse.json(200, json.seenBy(caller, back, now()));
            }
            case Change.Outcome.Refused(Job current) -> throw notDead(current.stateAt(now()));
            case Change.Outcome.Missing _ -> throw JobRequests.noSuchJob();
        };
    }

    private static Problem notDead(JobState state) {
        return Problem.conflict(state.name(), "The job is " + state + "; only a DEAD one is sent back to work");
    }

    private Job require(String id) {
        return JobRequests.require(engines, id);
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
