package dev.longshore.api;

import dev.longshore.job.ApiKey;
import dev.longshore.job.Body;
import dev.longshore.job.Change;
import dev.longshore.job.Engines;
import dev.longshore.job.Enqueuer;
import dev.longshore.job.Job;
import dev.longshore.job.JobState;
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
    private static final Duration OLD_PAYLOAD_STAYS = Duration.ofHours(1);
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
        this.enqueuer = new Enqueuer(engines.jobs(), engines.queue());
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
                engines.jobs().endBodies(job); // the call that cancelled it may have failed before it came to that
                return HttpResponse.json(200, json.seenBy(caller, job, now()));
            }
            if (job.state().isTerminal()) {
                throw Problem.conflict(
                        job.state().name(), "The job is " + job.state() + " already; what has ended is not cancelled");
            }
            switch (engines.jobs().apply(job.id(), cancellation(job, caller))) {
                case Change.Outcome.Done(Job done) -> {
                    engines.jobs().endBodies(done);
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
                ? OperatorChanges.cancelWaiting(now(), caller.id(), now().plus(retention(job)), tokens.next())
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
        Fields fields = new Fields(JsonBody.optionalObject(request), OF_RETRY);
        Json payload = fields.json("payload");
        String otherTask = fields.text("task", 200);
        Boolean keepCheckpoint = fields.bool("keepCheckpoint");
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
            return redriven(redriveWithPayload(job, as, enqueueRequests.checked(task, payload), keep, caller), caller);
        }
        if (otherTask != null) {
            TaskDescription task = tasks.require(otherTask);
            enqueueRequests.checked(task, engines.jobs().payload(job));
            return redriven(redriveAs(job, new RunsAs(task.name(), task.pool()), keep, caller), caller);
        }
        return redriven(redriveAsBefore(job, caller), caller);
    }

    private Change.Outcome redriveAsBefore(Job job, ApiKey caller) {
        RunsAs today = RunsAs.today(job, tasks.find(job.task()).map(TaskDescription::pool), tasks.pools())
                .orElseThrow(
                        () -> Problem.conflict(
                                job.state().name(),
                                "Neither the task '" + job.task() + "' of the job nor its pool '" + job.pool()
                                        + "' is part of this deployment; name the task to run as, {\"task\": …}, or deploy the task again"));
        return keepingBodies(job, OperatorChanges.redrive(job, today.pool(), now(), now(), caller.id(), tokens.next()));
    }

    private Change.Outcome redriveAs(Job job, RunsAs other, boolean keepCheckpoint, ApiKey caller) {
        return keepingBodies(
                job, OperatorChanges.redriveAsTask(job, other, keepCheckpoint, now(), caller.id(), tokens.next()));
    }

    /** The payload stays for the job's next life; when the job does not go back, it ends with the job as before. */
    private Change.Outcome keepingBodies(Job job, Change redrive) {
        engines.jobs().keepBodies(job);
        Change.Outcome outcome = engines.jobs().apply(job.id(), redrive);
        if (outcome instanceof Change.Outcome.Refused(Job current)) {
            engines.jobs().endBodies(current);
        }
        return outcome;
    }

    /** The new payload is stored before the row names it. The old one ends an hour later, for a worker may be reading it. */
    private Change.Outcome redriveWithPayload(Job job, RunsAs as, Json payload, boolean keepCheckpoint, ApiKey caller) {
        Body stored = engines.jobs().keepPayload(job, payload);
        Change.Outcome outcome = engines.jobs()
                .apply(
                        job.id(),
                        OperatorChanges.redriveWithPayload(
                                job, as, stored, keepCheckpoint, now(), caller.id(), tokens.next()));
        if (outcome instanceof Change.Outcome.Done) {
            engines.jobs().expireBodies(job, now().plus(OLD_PAYLOAD_STAYS));
        } else {
            engines.jobs().discardBody(job, stored);
        }
        return outcome;
    }

    private HttpResponse redriven(Change.Outcome outcome, ApiKey caller) {
        return switch (outcome) {
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
