package dev.longshore.api;

import dev.longshore.job.ApiKey;
import dev.longshore.job.BodyMissingException;
import dev.longshore.job.Change;
import dev.longshore.job.Engines;
import dev.longshore.job.Enqueuer;
import dev.longshore.job.Enqueuer.BatchResult;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.Tokens;
import dev.longshore.job.WithoutWords;
import dev.longshore.task.Json;
import dev.longshore.task.Task;
import dev.longshore.task.TaskDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests about jobs: create, look, list, cancel, send back. */
final class JobRequests {
    static final int LARGEST_BATCH = 100;

    private static final int TRIES = 4;
    private static final Logger LOG = LoggerFactory.getLogger(JobRequests.class);

    private final Engines engines;
    private final AcceptedTasks tasks;
    private final EnqueueRequests enqueueRequests;
    private final Enqueuer enqueuer;
    private final Cursors cursors;
    private final JobJson json;
    private final Tokens tokens;

    JobRequests(Engines engines, AcceptedTasks tasks) {
        this.engines = engines;
        this.tasks = tasks;
        this.enqueueRequests = new EnqueueRequests(tasks, engines.random());
        this.enqueuer = new Enqueuer(engines);
        this.cursors = new Cursors(engines.keys());
        this.json = new JobJson(engines.jobs());
        this.tokens = new Tokens(engines.random());
    }

    // ---- POST /v1/jobs

    HttpResponse enqueue(HttpRequest request, String none, ApiKey caller) {
        NewJob job = enqueueRequests.read(
                JsonBody.object(request),
                request.header("idempotency-key").orElse(null),
                request.header("traceparent").orElse(null),
                now());
        Creation creation = enqueuer.enqueue(job);
        Job kept = accepted(job, creation);
        return HttpResponse.json(status(creation), json.seenBy(caller, kept, now()))
                .with("Location", "/v1/jobs/" + kept.id());
    }

    // ---- POST /v1/jobs/batch

    HttpResponse enqueueBatch(HttpRequest request, String none, ApiKey caller) {
        List<Map<String, Json>> asked = JsonBody.objects(request, "jobs");
        if (asked.isEmpty() || asked.size() > LARGEST_BATCH) {
            throw Problem.refused("/jobs", "takes 1 to " + LARGEST_BATCH + " jobs, and got " + asked.size());
        }
        Instant now = now();
        String traceparent = request.header("traceparent").orElse(null);
        List<Map<String, Object>> results = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        List<NewJob> jobs = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            results.add(Map.of());
            try {
                jobs.add(enqueueRequests.read(asked.get(i), null, traceparent, now));
                places.add(i);
            } catch (Problem problem) {
                results.set(i, result(problem.under("/jobs/" + i)));
            }
        }
        List<BatchResult> taken = jobs.isEmpty() ? List.of() : enqueuer.enqueueAll(jobs);
        for (int i = 0; i < taken.size(); i++) {
            results.set(places.get(i), result(jobs.get(i), taken.get(i), caller));
        }
        return HttpResponse.json(207, Map.of("results", results));
    }

    private Map<String, Object> result(NewJob job, BatchResult taken, ApiKey caller) {
        try {
            return switch (taken) {
                case BatchResult.Accepted(Creation creation) -> {
                    Map<String, Object> result = new LinkedHashMap<>();
                    result.put("status", status(creation));
                    result.put("job", json.ofBatchSeenBy(caller, accepted(job, creation), now()));
                    yield result;
                }
                case BatchResult.Failed(StoreUnavailableException cause) -> {
                    LOG.atWarn().setCause(cause).log("A job of a batch was not taken");
                    yield result(Problem.unavailable("This job was not taken; send it again"));
                }
                case BatchResult.Failed(RuntimeException cause) -> {
                    LOG.atError().setCause(WithoutWords.of(cause)).log("A job of a batch was not taken");
                    yield result(Problem.internal());
                }
            };
        } catch (Problem problem) {
            return result(problem);
        }
    }

    private static Map<String, Object> result(Problem problem) {
        return Map.of("status", problem.status(), "problem", problem.body(null));
    }

    /** The job that now is there; a first one only if it was asked for by the very same request. */
    static Job accepted(NewJob asked, Creation creation) {
        return switch (creation) {
            case Creation.Created(Job job) -> job;
            case Creation.Exists(Job first) -> {
                if (!Objects.equals(first.requestHash(), asked.requestHash())) {
                    throw Problem.reused(
                            asked.id().equals(first.id()) ? "id" : "Idempotency-Key",
                            first.id().text());
                }
                yield first;
            }
        };
    }

    static int status(Creation creation) {
        return creation instanceof Creation.Created ? 202 : 200;
    }

    // ---- GET

    HttpResponse get(HttpRequest request, String id, ApiKey caller) {
        return HttpResponse.json(200, json.whole(require(id), now()));
    }

    HttpResponse payload(HttpRequest request, String id, ApiKey caller) {
        try {
            return HttpResponse.json(200, engines.jobs().payload(require(id)));
        } catch (BodyMissingException e) {
            throw Problem.notFound("The payload of this job is gone: something else than Longshore has deleted it");
        }
    }

    HttpResponse list(HttpRequest request, String none, ApiKey caller) {
        Instant now = now();
        ListRequest asked = new ListRequest(request.query());
        JobStore.Page page = engines.jobs().list(asked.query(cursors, now));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "jobs",
                page.jobs().stream().map(job -> json.withoutBodies(job, now)).toList());
        if (page.next() != null) {
            answer.put("cursor", asked.cursor(cursors, page.next()));
        }
        return HttpResponse.json(200, answer);
    }

    // ---- POST /v1/jobs/{id}/cancel

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
                case Change.Outcome.Missing _ -> throw noSuchJob();
            }
        }
        throw Problem.unavailable("The job changes its state too fast to be cancelled; try again");
    }

    private Change cancellation(Job job, ApiKey caller) {
        return job.state().isWaiting()
                ? Lifecycle.cancelWaiting(
                        now(), caller.id(), Lifecycle.keptUntil(job, now(), retention(job)), tokens.next())
                : Lifecycle.requestCancel(now(), caller.id());
    }

    private Duration retention(Job job) {
        return tasks.find(job.task())
                .map(TaskDescription::retentionSeconds)
                .map(Duration::ofSeconds)
                .orElse(Task.USUAL_RETENTION);
    }

    // ---- POST /v1/jobs/{id}/retry

    HttpResponse retry(HttpRequest request, String id, ApiKey caller) {
        Optional<Json> other = JsonBody.optionalField(request, "payload");
        Job job = require(id);
        if (job.state() != JobState.DEAD) {
            throw notDead(job.stateAt(now()));
        }
        Change back = other.isPresent()
                ? Lifecycle.sendBackMended(
                        job,
                        now(),
                        caller.id(),
                        enqueueRequests.checked(tasks.require(job.task()), other.get()),
                        tokens.next())
                : Lifecycle.sendBack(job, now(), now(), caller.id(), tokens.next());
        return sentBack(engines.jobs().apply(job.id(), back), caller);
    }

    private HttpResponse sentBack(Change.Outcome outcome, ApiKey caller) {
        return switch (outcome) {
            case Change.Outcome.Done(Job back) -> {
                enqueuer.sendParked(back, now());
                yield HttpResponse.json(200, json.seenBy(caller, back, now()));
            }
            case Change.Outcome.Refused(Job current) -> throw notDead(current.stateAt(now()));
            case Change.Outcome.Missing _ -> throw noSuchJob();
        };
    }

    private static Problem notDead(JobState state) {
        return Problem.conflict(state.name(), "The job is " + state + "; only a DEAD one is sent back to work");
    }

    private Job require(String id) {
        return JobId.parse(id)
                .flatMap(engines.jobs()::find)
                .filter(job -> !job.isForgotten(now()))
                .orElseThrow(JobRequests::noSuchJob);
    }

    private static Problem noSuchJob() {
        return Problem.notFound(
                "There is no such job. An id is a UUID of version 7; finished jobs are forgotten after their retention");
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
