package dev.longshore.api;

import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.NewJob;
import dev.longshore.job.RunsAs;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.deadletter.DeadFilter;
import dev.longshore.job.deadletter.DeadJobCursor;
import dev.longshore.job.deadletter.MaintenanceTasks;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.key.ApiKey;
import dev.longshore.task.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The requests about all dead jobs at once: their causes, and bulk redrives and purges, which are maintenance jobs. */
final class DeadRequests {
    /** How many dead jobs one call counts at most; the response says from when to continue. */
    static final int MOST_COUNTED = 10_000;

    private static final int PAGE = 500;
    private static final int DEFAULT_GROUPS = 50;
    private static final int MOST_GROUPS = 200;
    private static final int DEFAULT_LIMIT = 1_000;
    private static final int HIGHEST_LIMIT = 1_000_000;
    private static final double LOWEST_RATE = 0.01;
    private static final double HIGHEST_RATE = 1_000;
    private static final Set<String> OF_PURGE = fields("limit", "dryRun");
    private static final Set<String> OF_REDRIVE = fields("limit", "ratePerSecond", "canary", "dryRun");

    private final Engines engines;
    private final AcceptedTasks tasks;
    private final Enqueuer enqueuer;
    private final WriteTokens tokens;
    private final JobJson json;

    DeadRequests(Engines engines, AcceptedTasks tasks) {
        this.engines = engines;
        this.tasks = tasks;
        this.enqueuer = new Enqueuer(engines);
        this.tokens = new WriteTokens(engines.random());
        this.json = new JobJson(engines.jobs());
    }

    // ---- POST /v1/jobs/retry, /purge

    HttpResponse redrive(HttpRequest request, String none, ApiKey caller) {
        Refusals refusals = new Refusals();
        Fields fields = new Fields(JsonBody.object(request), OF_REDRIVE, refusals);
        DeadFilter filter = refusals.read(() -> filter(fields, caller));
        Integer limit = refusals.read(() -> limit(fields));
        Double rate = refusals.read(() -> fields.number("ratePerSecond", LOWEST_RATE, HIGHEST_RATE));
        Boolean canary = refusals.read(() -> fields.truth("canary"));
        Boolean dryRun = refusals.read(() -> fields.truth("dryRun"));
        refusals.requireNone();
        MaintenanceTasks.Redrive order = new MaintenanceTasks.Redrive(
                Objects.requireNonNull(filter),
                Objects.requireNonNull(limit),
                rate,
                Objects.requireNonNull(canary),
                caller.id());
        return Boolean.TRUE.equals(dryRun)
                ? dryRun(order.filter(), order.limit())
                : ordered(MaintenanceTasks.REDRIVE, order, fields, request, caller);
    }

    HttpResponse purge(HttpRequest request, String none, ApiKey caller) {
        Refusals refusals = new Refusals();
        Fields fields = new Fields(JsonBody.object(request), OF_PURGE, refusals);
        DeadFilter filter = refusals.read(() -> filter(fields, caller));
        Integer limit = refusals.read(() -> limit(fields));
        Boolean dryRun = refusals.read(() -> fields.truth("dryRun"));
        refusals.requireNone();
        MaintenanceTasks.Purge order =
                new MaintenanceTasks.Purge(Objects.requireNonNull(filter), Objects.requireNonNull(limit));
        return Boolean.TRUE.equals(dryRun)
                ? dryRun(order.filter(), order.limit())
                : ordered(MaintenanceTasks.PURGE, order, fields, request, caller);
    }

    private DeadFilter filter(Fields fields, ApiKey caller) {
        DeadFilter filter = DeadFilters.read(fields, tasks, now());
        tasks.requireAllowed(caller, filter.task(), "send 'task'");
        if (filter.task() != null && !isMeant(filter.task())) {
            throw tasks.unknown(filter.task()).at("/task");
        }
        return filter;
    }

    /**
     * Whether a filter may name this task: the catalogue has it, or dead jobs of an earlier deployment do. Looks at the
     * first {@value #MOST_COUNTED} dead jobs; if there are more, the name is accepted.
     */
    private boolean isMeant(String task) {
        if (tasks.has(task)) {
            return true;
        }
        DeadJobCursor walk = new DeadJobCursor(engines.jobs(), Instant.EPOCH, now(), Map.of(), PAGE);
        for (int seen = 0; seen < MOST_COUNTED; seen++) {
            Optional<Job> dead = walk.next();
            if (dead.isEmpty()) {
                return false;
            }
            if (dead.get().task().equals(task)) {
                return true;
            }
        }
        return true;
    }

    /** How many jobs the order would select, among the first {@value #MOST_COUNTED} dead jobs. */
    private HttpResponse dryRun(DeadFilter filter, int limit) {
        Instant now = now();
        Instant from = Objects.requireNonNullElse(filter.from(), Instant.EPOCH);
        Instant to = Objects.requireNonNull(filter.to(), "a filter that was read goes up to a time");
        DeadJobCursor walk = new DeadJobCursor(engines.jobs(), from, to, Map.of(), PAGE);
        int seen = 0;
        int count = 0;
        Optional<Job> dead = walk.next();
        while (dead.isPresent() && seen < MOST_COUNTED && count < limit) {
            seen++;
            count += filter.matches(dead.get()) && !dead.get().isPurged(now) ? 1 : 0;
            dead = walk.next();
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("count", count);
        answer.put("complete", dead.isEmpty() || count == limit);
        return HttpResponse.json(200, answer);
    }

    private static int limit(Fields fields) {
        return Objects.requireNonNullElse(fields.integer("limit", 1, HIGHEST_LIMIT), DEFAULT_LIMIT);
    }

    private HttpResponse ordered(String task, Object order, Fields fields, HttpRequest request, ApiKey caller) {
        NewJob requested = NewJob.of(
                JobId.next(now(), engines.random()),
                task,
                RunsAs.maintenancePool(tasks.pools()),
                MaintenanceTasks.MAX_ATTEMPTS,
                Json.of(order),
                now(),
                tokens.next());
        Optional<String> key = request.header("idempotency-key");
        key.ifPresent(EnqueueRequests::requireKey);
        NewJob job = key.isEmpty() ? requested : requested.underKey(key.get(), task + RequestHash.of(fields));
        Creation creation = enqueuer.enqueue(job);
        Job kept = JobRequests.accepted(job, creation, tasks, caller);
        return HttpResponse.json(JobRequests.status(creation), json.forCaller(caller, kept, now()))
                .with("Location", "/v1/jobs/" + kept.id());
    }

    // ---- GET /v1/dead-letters

    HttpResponse groups(HttpRequest request, String none, ApiKey caller) {
        QueryParameters parameters = new QueryParameters(request.query());
        String task = parameters.text("task");
        tasks.requireAllowed(caller, task, "pass ?task=");
        DeadFilter filter =
                new DeadFilter(task, null, null, null, null, null, task == null ? List.of() : tasks.namesOf(task));
        TimeRange range = TimeRange.between(
                Objects.requireNonNullElse(parameters.time("from"), Instant.EPOCH),
                Objects.requireNonNullElse(parameters.time("to"), now()));
        int limit = parameters.limit(DEFAULT_GROUPS, MOST_GROUPS);
        Map<String, Group> groups = new LinkedHashMap<>();
        Instant next =
                count(new DeadJobCursor(engines.jobs(), range.from(), range.to(), Map.of(), PAGE), filter, groups);
        if (task != null && groups.isEmpty() && next == null && !isMeant(task)) {
            throw tasks.unknown(task).inParameter("task");
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "groups",
                groups.values().stream()
                        .sorted(Comparator.comparingInt((Group group) -> group.count)
                                .reversed())
                        .limit(limit)
                        .map(this::toJson)
                        .toList());
        answer.put("otherGroups", Math.max(0, groups.size() - limit));
        answer.put("complete", next == null);
        if (next != null) {
            answer.put("next", next);
        }
        return HttpResponse.json(200, answer);
    }

    /** Counts until all or {@value #MOST_COUNTED} are counted; ends between two deaths at different times. */
    private @Nullable Instant count(DeadJobCursor walk, DeadFilter filter, Map<String, Group> groups) {
        Instant now = now();
        int seen = 0;
        Instant last = Instant.EPOCH;
        for (Optional<Job> dead = walk.next(); dead.isPresent(); dead = walk.next()) {
            Job job = dead.get();
            Instant diedAt = DeadJobCursor.diedAt(job);
            if (seen >= MOST_COUNTED && diedAt.isAfter(last)) {
                return diedAt;
            }
            seen++;
            last = diedAt;
            if (filter.matches(job) && !job.isPurged(now)) {
                groups.computeIfAbsent(Group.key(job), any -> new Group(job)).add(job);
            }
        }
        return null;
    }

    /** Dead jobs of one cause. */
    private static final class Group {
        final Job first;
        Job last;
        int count;

        Group(Job first) {
            this.first = first;
            this.last = first;
        }

        static String key(Job job) {
            return job.fingerprint() + " " + job.deadReason();
        }

        void add(Job job) {
            last = job;
            count++;
        }
    }

    /** With the message of the last one's error, which the index does not have. */
    private Map<String, Object> toJson(Group group) {
        Job last = group.last;
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("fingerprint", Objects.requireNonNullElse(last.fingerprint(), ""));
        json.put("task", last.task());
        if (last.deadReason() != null) {
            json.put("reason", last.deadReason().wireName());
        }
        Optional<JobError> error = engines.jobs().find(last.id()).map(Job::error);
        error.ifPresent(cause -> {
            json.put("errorType", cause.type());
            json.put("errorMessage", cause.message());
        });
        json.put("count", group.count);
        json.put("first", DeadJobCursor.diedAt(group.first));
        json.put("last", DeadJobCursor.diedAt(last));
        json.put("job", last.id().text());
        return json;
    }

    private static Set<String> fields(String... more) {
        Set<String> fields = new LinkedHashSet<>(DeadFilters.FIELDS);
        fields.addAll(List.of(more));
        return fields;
    }

    /** As rows have their times: in whole milliseconds. */
    private Instant now() {
        return Instant.ofEpochMilli(engines.clock().instant().toEpochMilli());
    }
}
