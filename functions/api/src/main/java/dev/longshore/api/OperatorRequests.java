package dev.longshore.api;

import dev.longshore.job.BodyMissingException;
import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.NewJob;
import dev.longshore.job.RunsAs;
import dev.longshore.job.UniqueKeyTakenException;
import dev.longshore.job.Uniqueness;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.engines.HeldJobs;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.pause.Pausable;
import dev.longshore.job.pause.Pause;
import dev.longshore.task.Json;
import dev.longshore.task.OnDuplicate;
import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The requests by which an operator changes or repeats one job: cancel, retry, run now, rerun. */
final class OperatorRequests {
    private static final int TRIES = 4;
    private static final Set<String> OF_RERUN = Set.of("payload");
    private static final Set<String> OF_RETRY = new LinkedHashSet<>(List.of("payload", "task", "keepCheckpoint"));

    private final Engines engines;
    private final AcceptedTasks tasks;
    private final EnqueueRequests enqueueRequests;
    private final Enqueuer enqueuer;
    private final HeldJobs heldJobs;
    private final JobJson json;
    private final WriteTokens tokens;

    OperatorRequests(Engines engines, AcceptedTasks tasks) {
        this.engines = engines;
        this.tasks = tasks;
        this.enqueueRequests = new EnqueueRequests(tasks, engines);
        this.enqueuer = new Enqueuer(engines);
        this.heldJobs = new HeldJobs(engines);
        this.json = new JobJson(engines.jobs());
        this.tokens = new WriteTokens(engines.random());
    }

    // ---- POST /v1/jobs/{id}/cancel

    /** Cancelling what is CANCELLED is answered as the first time: a client that repeats its request learns nothing new. */
    HttpResponse cancel(HttpRequest request, String id, ApiKey caller) {
        JsonBody.requireEmpty(request);
        Job job = require(id, caller);
        for (int i = 0; i < TRIES; i++) {
            if (job.state() == JobState.CANCELLED) {
                return HttpResponse.json(200, json.forCaller(caller, job, now()));
            }
            if (job.state().isTerminal()) {
                throw Problem.conflict(
                        job.state().name(), "The job is " + job.state() + " already; what has ended is not cancelled");
            }
            switch (engines.jobs().apply(job.id(), cancellation(job, caller))) {
                case Change.Outcome.Done(Job done) -> {
                    return HttpResponse.json(200, json.forCaller(caller, done, now()));
                }
                case Change.Outcome.Refused(Job current) -> job = current; // its state has just changed
                case Change.Outcome.Missing _ -> throw JobRequests.noSuchJob();
            }
        }
        throw Problem.unavailable("The job changes its state too fast to be cancelled; try again");
    }

    private Change cancellation(Job job, ApiKey caller) {
        return job.state().isWaiting()
                ? engines.operatorChanges().cancelWaiting(job, retention(job), caller.id())
                : engines.operatorChanges().requestCancel(caller.id());
    }

    private Duration retention(Job job) {
        return tasks.find(job.task()).map(TaskDescription::retention).orElse(Task.USUAL_RETENTION);
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
        Job job = require(id, caller);
        if (job.state() != JobState.DEAD) {
            throw notDead(job.stateAt(now()));
        }
        if (otherTask != null) {
            tasks.requireAllowed(caller, otherTask);
        }
        boolean keep = Boolean.TRUE.equals(keepCheckpoint);
        if (payload != null) {
            TaskDescription task = tasks.require(otherTask == null ? job.task() : otherTask);
            RunsAs as = new RunsAs(otherTask == null ? job.task() : task.name(), task.pool());
            Json checked = enqueueRequests.checked(task, payload);
            return redriven(
                    job, engines.operatorChanges().redriveWithPayload(job, as, checked, keep, caller.id()), caller);
        }
        if (otherTask != null) {
            TaskDescription task = tasks.require(otherTask);
            enqueueRequests.checked(task, payload(job));
            RunsAs as = new RunsAs(task.name(), task.pool());
            return redriven(job, engines.operatorChanges().redriveAsTask(job, as, keep, caller.id()), caller);
        }
        return redriven(job, redriveAsBefore(job, caller), caller);
    }

    private Json payload(Job job) {
        try {
            return engines.jobs().payload(job);
        } catch (BodyMissingException e) {
            throw Problem.conflict(job.state().name(), "The payload of the job is gone; send another payload with it");
        }
    }

    private Change redriveAsBefore(Job job, ApiKey caller) {
        return engines.operatorChanges().redrive(job, today(job).pool(), now(), caller.id());
    }

    /** @throws Problem 409 when no worker of the deployment would take the job */
    private RunsAs today(Job job) {
        return RunsAs.today(job, tasks.find(job.task()).map(TaskDescription::pool), tasks.pools())
                .orElseThrow(() -> Problem.conflict(
                        job.stateAt(now()).name(),
                        "Neither the task '" + job.task() + "' of the job nor its pool '" + job.pool()
                                + "' is part of this deployment; deploy the task again, or name the task to run as when"
                                + " you retry it: {\"task\": …}"));
    }

    private HttpResponse redriven(Job job, Change redrive, ApiKey caller) {
        return switch (applied(job, redrive)) {
            case Change.Outcome.Done(Job back) -> {
                heldJobs.tryRelease(List.of(back));
                yield HttpResponse.json(200, json.forCaller(caller, back, now()));
            }
            case Change.Outcome.Refused(Job current) -> throw notDead(current.stateAt(now()));
            case Change.Outcome.Missing _ -> throw JobRequests.noSuchJob();
        };
    }

    private Change.Outcome applied(Job job, Change redrive) {
        try {
            return engines.jobs().apply(job.id(), redrive);
        } catch (UniqueKeyTakenException e) {
            throw Problem.keyTaken(job, e.holder());
        }
    }

    private static Problem notDead(JobState state) {
        return Problem.conflict(state.name(), "The job is " + state + "; only a DEAD job can be redriven");
    }

    // ---- POST /v1/jobs/{id}/run-now

    HttpResponse runNow(HttpRequest request, String id, ApiKey caller) {
        JsonBody.requireEmpty(request);
        Job job = require(id, caller);
        for (int i = 0; i < TRIES; i++) {
            requireWaitingUnpaused(job);
            String pool = today(job).pool();
            if (isInQueue(job) && pool.equals(job.pool())) {
                enqueuer.nudge(job, now());
                return HttpResponse.json(200, json.forCaller(caller, job, now()));
            }
            Change runNow = engines.operatorChanges().runNow(job, pool, caller.id());
            switch (engines.jobs().apply(job.id(), runNow)) {
                case Change.Outcome.Done(Job due) -> {
                    heldJobs.tryRelease(List.of(due));
                    return HttpResponse.json(200, json.forCaller(caller, due, now()));
                }
                case Change.Outcome.Refused(Job current) -> job = current; // its state has just changed
                case Change.Outcome.Missing _ -> throw JobRequests.noSuchJob();
            }
        }
        throw Problem.unavailable("The job changes its state too fast to be run now; try again");
    }

    /** Whether the job is due and its message is in the queue: a worker will get it, and another message is harmless. */
    private boolean isInQueue(Job job) {
        return !job.due().isAfter(now()) && !job.isHeld();
    }

    private void requireWaitingUnpaused(Job job) {
        if (!job.state().isWaiting()) {
            throw Problem.conflict(
                    job.state().name(),
                    "The job is " + job.state() + "; only a waiting one is run now"
                            + (job.state().isTerminal() ? ". To run one like it, POST /v1/jobs/{id}/rerun" : ""));
        }
        List<Pausable> names = Stream.concat(
                        Stream.of(Pausable.pool(job.pool())),
                        tasks.namesOf(job.task()).stream().map(Pausable::task))
                .toList();
        engines.pauses().all().stream()
                .filter(pause -> pause.holds() && names.contains(pause.what()))
                .findFirst()
                .ifPresent(pause -> {
                    throw paused(job, pause);
                });
        if (job.isHeldByPause()) {
            throw Problem.conflict(
                    job.state().name(), "A pause held the job and is over; it is sent again within minutes, by itself");
        }
    }

    private Problem paused(Job job, Pause pause) {
        boolean pool = pause.what().kind() == Pausable.Kind.POOL;
        return Problem.conflict(
                job.stateAt(now()).name(),
                "The " + (pool ? "pool '" : "task '") + pause.what().name() + "' is paused since " + pause.since()
                        + ", and the job with it; resume it by POST /v1/" + (pool ? "queues/" : "tasks/")
                        + pause.what().name() + "/resume");
    }

    // ---- POST /v1/jobs/{id}/rerun

    HttpResponse rerun(HttpRequest request, String id, ApiKey caller) {
        Refusals refusals = new Refusals();
        Fields fields = new Fields(JsonBody.optionalObject(request), OF_RERUN, refusals);
        Json otherPayload = fields.json("payload");
        Optional<String> key = request.header("idempotency-key");
        refusals.check(() -> key.ifPresent(EnqueueRequests::requireKey));
        refusals.requireNone();
        Job first = require(id, caller);
        if (!first.state().isTerminal()) {
            throw Problem.conflict(
                    first.stateAt(now()).name(),
                    "The job is " + first.stateAt(now()) + "; only one that has ended is run again, as a new job");
        }
        if (first.task().startsWith(TaskCatalog.RESERVED)) {
            throw Problem.refused("A job of Longshore's own is not run again; send its request again,"
                    + " POST /v1/jobs/retry or POST /v1/jobs/purge");
        }
        NewJob like = likeIt(first, otherPayload, request);
        NewJob asked = like.unique(uniqueLike(first, otherPayload, like));
        NewJob job = key.isEmpty() ? asked : asked.underKey(key.get(), "rerun " + first.id() + RequestHash.of(fields));
        Creation creation = enqueuer.enqueue(job);
        Job kept = JobRequests.accepted(job, creation, tasks, caller);
        return HttpResponse.json(JobRequests.status(creation), json.forCaller(caller, kept, now()))
                .with("Location", "/v1/jobs/" + kept.id());
    }

    /** A new job of the same task as it is today, with the same payload, or another. */
    private NewJob likeIt(Job first, @Nullable Json otherPayload, HttpRequest request) {
        TaskDescription task = tasks.find(first.task()).orElseThrow(() -> tasks.unknown(first.task()));
        Json payload = otherPayload == null ? payload(first) : otherPayload;
        Instant now = now();
        return new NewJob(
                JobId.next(now, engines.random()),
                task.name(),
                task.pool(),
                first.maxAttempts(),
                enqueueRequests.checked(task, payload),
                now,
                null,
                null,
                first.tags(),
                first.fairKey(),
                null,
                null,
                null,
                first.meta(),
                EnqueueRequests.traceparent(request),
                first.id(),
                null,
                0, // an operator begins a new chain
                first.limitKey(),
                tokens.next());
    }

    /**
     * It has the key of the first one, if that had one. With another payload, the key follows from that where the task is unique
     * by its payload. A duplicate is refused: an operator repeats a job on purpose.
     */
    private @Nullable Uniqueness uniqueLike(Job first, @Nullable Json otherPayload, NewJob job) {
        Uniqueness ofPayload = tasks.find(first.task())
                .map(task -> Uniqueness.of(task, job.payload()))
                .orElse(null);
        if (first.uniqueKey() == null || (otherPayload != null && ofPayload != null)) {
            return ofPayload == null ? null : ofPayload.onDuplicate(OnDuplicate.REJECT);
        }
        return Uniqueness.of(first.uniqueKey(), OnDuplicate.REJECT);
    }

    private Job require(String id, ApiKey caller) {
        return JobRequests.require(engines, tasks, id, caller);
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
