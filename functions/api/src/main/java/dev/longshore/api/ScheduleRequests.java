package dev.longshore.api;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import dev.longshore.job.OutdatedScheduleException;
import dev.longshore.job.Page;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.engines.ScheduleHandover;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.job.schedule.ScheduledJobs;
import dev.longshore.task.TaskDescription;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests about schedules: list, create, change, pause, run, delete. */
final class ScheduleRequests {
    private static final String LIST = "schedules";
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleRequests.class);

    private final Engines engines;
    private final AcceptedTasks tasks;
    private final ScheduleBody body;
    private final ScheduleHandover handover;
    private final Enqueuer enqueuer;
    private final Cursors cursors;
    private final JobJson jobJson;
    private final WriteTokens tokens;

    ScheduleRequests(Engines engines, AcceptedTasks tasks) {
        this.engines = engines;
        this.tasks = tasks;
        this.body = new ScheduleBody(new EnqueueRequests(tasks, engines));
        this.handover = new ScheduleHandover(engines, tasks::find);
        this.enqueuer = new Enqueuer(engines);
        this.cursors = new Cursors(engines.keys());
        this.jobJson = new JobJson(engines.jobs());
        this.tokens = new WriteTokens(engines.random());
    }

    // ---- GET

    HttpResponse get(HttpRequest request, String name, ApiKey caller) {
        return answer(200, require(name, caller), caller);
    }

    HttpResponse list(HttpRequest request, String none, ApiKey caller) {
        QueryParameters asked = new QueryParameters(request.query());
        Page<Schedule, String> page = engines.schedules().list(asked.limit(), asked.cursor(cursors, LIST));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "schedules",
                page.items().stream()
                        .map(schedule -> ScheduleJson.withoutPayload(schedule, now()))
                        .toList());
        if (page.next() != null) {
            answer.put("cursor", asked.cursor(cursors, LIST, page.next()));
        }
        return HttpResponse.json(200, answer);
    }

    // ---- PUT

    HttpResponse put(HttpRequest request, String name, ApiKey caller) {
        ScheduleBody.Asked asked = body.read(name, JsonBody.object(request), caller);
        AtomicBoolean isNew = new AtomicBoolean();
        Instant now = now();
        Schedule written = handover.put(name, there -> {
            isNew.set(there.isEmpty());
            there.ifPresent(schedule -> tasks.requireAllowed(caller, schedule.task()));
            return changed(name, asked, there, now);
        });
        return answer(isNew.get() ? 201 : 200, written, caller).with("Location", "/v1/schedules/" + name);
    }

    private static Schedule changed(String name, ScheduleBody.Asked asked, Optional<Schedule> there, Instant now) {
        Schedule schedule = there.map(ScheduleRequests::requireUndeclared)
                .map(found -> found.changedTo(asked.task(), asked.spec(), false, now))
                .orElseGet(() -> Schedule.of(name, asked.task(), asked.spec(), false, now));
        boolean paused = Objects.requireNonNullElse(asked.paused(), schedule.paused());
        return paused ? schedule.pause(now) : schedule.resume(now);
    }

    private static Schedule requireUndeclared(Schedule schedule) {
        if (schedule.declared()) {
            throw Problem.declaredInCode(schedule.name());
        }
        return schedule;
    }

    // ---- DELETE

    HttpResponse delete(HttpRequest request, String name, ApiKey caller) {
        for (int i = 0; i < ScheduleStore.TRIES; i++) {
            Schedule schedule = requireUndeclared(require(name, caller));
            if (handover.delete(schedule)) {
                return answer(200, schedule, caller);
            }
        }
        throw Problem.unavailable("The schedule changes too fast to be deleted; try again");
    }

    // ---- POST /v1/schedules/{name}/pause, /resume, /run

    HttpResponse pause(HttpRequest request, String name, ApiKey caller) {
        return change(request, name, caller, schedule -> schedule.pause(now()));
    }

    HttpResponse resume(HttpRequest request, String name, ApiKey caller) {
        return change(request, name, caller, schedule -> schedule.resume(now()));
    }

    private HttpResponse change(HttpRequest request, String name, ApiKey caller, UnaryOperator<Schedule> change) {
        JsonBody.requireEmpty(request);
        Schedule changed = handover.change(name, schedule -> {
                    tasks.requireAllowed(caller, schedule.task());
                    return change.apply(schedule);
                })
                .orElseThrow(ScheduleRequests::noSuchSchedule);
        return answer(200, changed, caller);
    }

    HttpResponse run(HttpRequest request, String name, ApiKey caller) {
        JsonBody.requireEmpty(request);
        Instant now = now();
        Job job = makeNow(name, caller, now);
        try {
            engines.schedules().change(name, current -> current.ranNow(now, job.id()));
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("Schedule {} does not show job {}, which was made of it", name, job.id());
        }
        return HttpResponse.json(202, jobJson.forCaller(caller, job, now)).with("Location", "/v1/jobs/" + job.id());
    }

    /** Of the schedule as it is: one that is changed between its reading and the creation is read again. */
    private Job makeNow(String name, ApiKey caller, Instant now) {
        for (int i = 0; i < ScheduleStore.TRIES; i++) {
            Schedule schedule = require(name, caller);
            TaskDescription task = tasks.find(schedule.task()).orElseThrow(() -> tasks.unknown(schedule.task()));
            NewJob job = ScheduledJobs.now(schedule, task, JobId.next(now, engines.random()), now, tokens.next());
            try {
                JobStore.Creation creation = enqueuer.enqueue(job);
                if (creation instanceof JobStore.Creation.Duplicate(Job holder)) {
                    throw Problem.duplicate(holder);
                }
                return creation.job();
            } catch (OutdatedScheduleException e) {
                LOG.info("Schedule {} was changed while a job of it was made; reading it again", name);
            }
        }
        throw Problem.unavailable("The schedule changes too fast for a job to be made of it; try again");
    }

    private HttpResponse answer(int status, Schedule schedule, ApiKey caller) {
        return HttpResponse.json(status, ScheduleJson.forCaller(caller, schedule, now()));
    }

    private Schedule require(String name, ApiKey caller) {
        Schedule schedule = engines.schedules().find(name).orElseThrow(ScheduleRequests::noSuchSchedule);
        tasks.requireAllowed(caller, schedule.task());
        return schedule;
    }

    private static Problem noSuchSchedule() {
        return Problem.notFound("There is no such schedule. GET /v1/schedules lists all");
    }

    /** In whole milliseconds, as schedules are kept. */
    private Instant now() {
        return Instant.ofEpochMilli(engines.clock().instant().toEpochMilli());
    }
}
