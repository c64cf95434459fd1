package dev.longshore.api;

import dev.longshore.job.Condition;
import dev.longshore.job.Field;
import dev.longshore.job.HistoryEntry;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.Page;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code GET /v1/stats}: counts, waits and run times of the jobs of a time range. Read from their rows, newest first, at
 * most {@link #MOST} jobs in at most {@link #MOST_LISTS} lists; percentiles are exact, by sorting what was read.
 */
final class StatsRequests {
    static final int MOST = 20_000;
    static final int MOST_LISTS = 64;

    private static final Duration USUAL = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(31);

    private final Engines engines;
    private final AcceptedTasks tasks;

    StatsRequests(Engines engines, AcceptedTasks tasks) {
        this.engines = engines;
        this.tasks = tasks;
    }

    HttpResponse read(HttpRequest request, String none, ApiKey caller) {
        Instant now = engines.clock().instant();
        TimeRange range = TimeRange.of(request.query(), now, USUAL, LONGEST);
        String task = new QueryParameters(request.query()).text("task");
        tasks.requireAllowed(caller, task, "pass ?task=");
        Condition there = Condition.all(new Condition.Present(Field.STATE), ListRequest.notPurged(now));
        Condition asked =
                task == null ? there : Condition.all(there, new Condition.In(Field.TASK, tasks.namesOf(task)));
        Page<Job, JobId> page = read(range, asked);
        if (task != null && page.items().isEmpty() && page.next() == null && !tasks.has(task)) {
            throw tasks.unknown(task).inParameter("task");
        }
        Instant reached = page.next() == null ? range.from() : page.next().time();

        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("from", range.from());
        answer.put("to", range.to());
        answer.put("complete", page.next() == null);
        if (page.next() != null) {
            answer.put("readBackTo", reached);
        }
        Duration time = Duration.between(reached, range.to());
        answer.putAll(stats(page.items(), time, now));
        Map<String, List<Job>> byTask = page.items().stream()
                .collect(Collectors.groupingBy(job -> tasks.today(job.task()), TreeMap::new, Collectors.toList()));
        List<Map<String, Object>> ofTasks = new ArrayList<>();
        byTask.forEach((name, jobs) -> {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("task", name);
            json.putAll(stats(jobs, time, now));
            ofTasks.add(json);
        });
        answer.put("tasks", ofTasks);
        return HttpResponse.json(200, answer);
    }

    /** One list does a bounded amount of work and may end in the middle of empty days: then the next continues from there. */
    private Page<Job, JobId> read(TimeRange range, Condition there) {
        List<Job> jobs = new ArrayList<>();
        JobId next = null;
        for (int lists = 0; lists < MOST_LISTS && jobs.size() < MOST; lists++) {
            Page<Job, JobId> page =
                    engines.jobs().list(new JobStore.Query(range.from(), range.to(), there, MOST - jobs.size(), next));
            jobs.addAll(page.items());
            next = page.next();
            if (next == null) {
                break;
            }
        }
        return new Page<>(jobs, next);
    }

    private static Map<String, Object> stats(List<Job> jobs, Duration time, Instant now) {
        Map<JobState, Long> states = new EnumMap<>(JobState.class);
        JobState.ofThisVersion().forEach(state -> states.put(state, 0L));
        jobs.forEach(job -> states.merge(job.stateAt(now), 1L, Long::sum));
        long ended = jobs.stream().filter(job -> job.state().isTerminal()).count();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("jobs", jobs.size());
        json.put("states", states);
        json.put("endedPerMinute", Math.round(ended * 60_000_000.0 / Math.max(1, time.toMillis())) / 1_000.0);
        json.put(
                "waitMillis",
                percentiles(jobs.stream().flatMap(job -> waited(job).stream()).toList()));
        json.put(
                "runMillis",
                percentiles(jobs.stream().flatMap(job -> ran(job).stream()).toList()));
        return json;
    }

    /** From when the job was to start until it first did. */
    private static Optional<Duration> waited(Job job) {
        Instant due = job.runAt() == null || job.runAt().isBefore(job.createdAt()) ? job.createdAt() : job.runAt();
        return job.history().stream()
                .filter(entry -> entry.state() == JobState.RUNNING)
                .map(HistoryEntry::at)
                .findFirst()
                .map(start -> Duration.between(due, start));
    }

    /** From the last attempt's start to the job's end. */
    private static Optional<Duration> ran(Job job) {
        return job.startedAt() == null || job.finishedAt() == null
                ? Optional.empty()
                : Optional.of(Duration.between(job.startedAt(), job.finishedAt()));
    }

    private static Map<String, Object> percentiles(List<Duration> all) {
        List<Duration> sorted = all.stream().sorted(Comparator.naturalOrder()).toList();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("count", sorted.size());
        if (!sorted.isEmpty()) {
            json.put("p50", rank(sorted, 50));
            json.put("p90", rank(sorted, 90));
            json.put("p99", rank(sorted, 99));
            json.put("max", rank(sorted, 100));
        }
        return json;
    }

    /** The smallest value that at least so many percent of all do not exceed. */
    private static long rank(List<Duration> sorted, int percent) {
        int place = Math.ceilDiv(sorted.size() * percent, 100);
        return Math.max(0, sorted.get(place - 1).toMillis());
    }
}
