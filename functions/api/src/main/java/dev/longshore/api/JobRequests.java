package dev.longshore.api;

import dev.longshore.job.BodyMissingException;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.LoggedMetric;
import dev.longshore.job.NewJob;
import dev.longshore.job.Page;
import dev.longshore.job.Redacted;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.engines.Enqueuer.BatchResult;
import dev.longshore.job.key.ApiKey;
import dev.longshore.task.Json;
import dev.longshore.task.OnDuplicate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests that create jobs and read them. The second parameter of each is the id in the path; empty without one. */
final class JobRequests {
    static final int LARGEST_BATCH = 100;

    /** Bytes of all payloads of a batch. */
    static final int LARGEST_BATCH_PAYLOADS = 4 * EnqueueRequests.LARGEST_PAYLOAD;

    private static final Logger LOG = LoggerFactory.getLogger(JobRequests.class);

    private final Engines engines;
    private final AcceptedTasks tasks;
    private final EnqueueRequests enqueueRequests;
    private final Enqueuer enqueuer;
    private final Cursors cursors;
    private final JobJson json;

    JobRequests(Engines engines, AcceptedTasks tasks) {
        this.engines = engines;
        this.tasks = tasks;
        this.enqueueRequests = new EnqueueRequests(tasks, engines);
        this.enqueuer = new Enqueuer(engines);
        this.cursors = new Cursors(engines.keys());
        this.json = new JobJson(engines.jobs());
    }

    // ---- POST /v1/jobs

    HttpResponse enqueue(HttpRequest request, String none, ApiKey caller) {
        NewJob job = enqueueRequests.read(
                JsonBody.object(request),
                caller,
                request.header("idempotency-key").orElse(null),
                EnqueueRequests.traceparent(request),
                now());
        Creation creation = enqueuer.enqueue(job);
        Job kept = accepted(job, creation, tasks, caller);
        // without the scope read, a key sees the status only; a new job's payload is at hand, and is not read again
        Map<String, Object> answer = switch (creation) {
            case Creation.Created _ -> json.createdForCaller(caller, kept, job.payload(), now());
            case Creation.Exists _ -> json.forCaller(caller, kept, now());
            case Creation.Duplicate _ -> JobJson.asDuplicate(json.forCaller(caller, kept, now()));
        };
        return HttpResponse.json(status(creation), answer).with("Location", "/v1/jobs/" + kept.id());
    }

    // ---- POST /v1/jobs/batch

    HttpResponse enqueueBatch(HttpRequest request, String none, ApiKey caller) {
        List<Map<String, Json>> requests = JsonBody.objects(request, "jobs");
        if (requests.isEmpty() || requests.size() > LARGEST_BATCH) {
            throw Problem.refused("/jobs", "takes 1 to " + LARGEST_BATCH + " jobs, and got " + requests.size());
        }
        Instant now = now();
        String traceparent = EnqueueRequests.traceparent(request);
        List<Map<String, Object>> results = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        List<NewJob> jobs = new ArrayList<>();
        long payloadBytes = 0;
        for (int i = 0; i < requests.size(); i++) {
            results.add(Map.of());
            try {
                NewJob job = enqueueRequests.read(requests.get(i), caller, null, traceparent, now);
                requireBatchFits(payloadBytes + job.payload().utf8Length());
                payloadBytes += job.payload().utf8Length();
                jobs.add(job);
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

    /** A batch is in memory as a whole, and a payloadRef of 69 bytes can refer to 5 MB. */
    private static void requireBatchFits(long payloadBytes) {
        if (payloadBytes > LARGEST_BATCH_PAYLOADS) {
            throw Problem.tooLarge(
                    "The payloads of the batch up to this one",
                    "together",
                    payloadBytes,
                    LARGEST_BATCH_PAYLOADS,
                    "send this job in another batch");
        }
    }

    private Map<String, Object> result(NewJob job, BatchResult taken, ApiKey caller) {
        try {
            return switch (taken) {
                case BatchResult.Accepted(Creation creation) -> {
                    Map<String, Object> result = new LinkedHashMap<>();
                    result.put("status", status(creation));
                    Map<String, Object> kept =
                            json.ofBatchForCaller(caller, accepted(job, creation, tasks, caller), now());
                    result.put("job", creation instanceof Creation.Duplicate ? JobJson.asDuplicate(kept) : kept);
                    yield result;
                }
                case BatchResult.Failed(StoreUnavailableException cause) -> {
                    LOG.atWarn().setCause(cause).log("A job of a batch was not taken");
                    yield result(Problem.unavailable("This job was not taken; send it again"));
                }
                case BatchResult.Failed(RuntimeException cause) -> {
                    LOG.atError().setCause(Redacted.of(cause)).log("A job of a batch was not taken");
                    yield result(Problem.internal());
                }
            };
        } catch (Problem problem) {
            return result(problem);
        }
    }

    private static Map<String, Object> result(Problem problem) {
        if (problem.status() >= 500) {
            LoggedMetric.SERVER_ERRORS.count(); // the request as a whole is answered with 207
        }
        return Map.of("status", problem.status(), "problem", problem.body(null));
    }

    /** The job that exists now; one that existed before only if the same request created it. */
    static Job accepted(NewJob requested, Creation creation, AcceptedTasks tasks, ApiKey caller) {
        return switch (creation) {
            case Creation.Created(Job job) -> job;
            case Creation.Exists(Job first) -> {
                if (!Objects.equals(first.requestHash(), requested.requestHash())) {
                    throw Problem.reused(
                            requested.id().equals(first.id()) ? "id" : "Idempotency-Key",
                            tasks.allows(caller, first.task()) ? first.id().text() : null);
                }
                yield first;
            }
            case Creation.Duplicate(Job first) -> {
                if (requested.unique() != null && requested.unique().onDuplicate() == OnDuplicate.REJECT) {
                    throw Problem.duplicate(first);
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
        return HttpResponse.json(200, json.whole(require(id, caller), now()));
    }

    HttpResponse payload(HttpRequest request, String id, ApiKey caller) {
        try {
            return HttpResponse.json(200, engines.jobs().payload(require(id, caller)));
        } catch (BodyMissingException e) {
            throw Problem.notFound("The payload of this job is gone: something other than Longshore deleted it");
        }
    }

    HttpResponse list(HttpRequest request, String none, ApiKey caller) {
        Instant now = now();
        ListRequest list = new ListRequest(request.query(), tasks);
        tasks.requireAllowed(caller, list.task(), "pass ?task=");
        Page<Job, JobId> page = engines.jobs().list(list.query(cursors, now));
        list.refuseUnknownTask(page);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "jobs",
                page.items().stream().map(job -> json.withoutBodies(job, now)).toList());
        if (page.next() != null) {
            answer.put("cursor", list.cursor(cursors, page.next()));
        }
        return HttpResponse.json(200, answer);
    }

    private Job require(String id, ApiKey caller) {
        return require(engines, tasks, id, caller);
    }

    /** @throws Problem 404 when there is no job of this id, or none any more; 403 when the key is restricted to other tasks */
    static Job require(Engines engines, AcceptedTasks tasks, String id, ApiKey caller) {
        Job job = JobId.parse(id)
                .flatMap(engines.jobs()::find)
                .filter(found -> !found.isPurged(engines.clock().instant()))
                .orElseThrow(JobRequests::noSuchJob);
        tasks.requireAllowed(caller, job.task());
        return job;
    }

    static Problem noSuchJob() {
        return Problem.notFound(
                "There is no such job. An id is a UUID of version 7; finished jobs are deleted after their retention");
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
