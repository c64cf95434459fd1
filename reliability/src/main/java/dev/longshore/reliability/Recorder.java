package dev.longshore.reliability;

import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.NewJob;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.memory.InMemoryRowStore;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Records what really happened, whatever answer the caller got. */
final class Recorder {
    private final InMemoryRowStore jobs;
    private final InstantSource truth;
    private final List<Event> events = new ArrayList<>();
    private final Map<String, Times> timesOf = new HashMap<>();

    /** The fence that a message's thread, and the handler it starts, works under. */
    private final InheritableThreadLocal<@Nullable Long> claim = new InheritableThreadLocal<>();

    /** A call to the real engine. */
    interface Call {
        @Nullable
        Object make() throws Throwable;
    }

    Recorder(InMemoryRowStore jobs, InstantSource truth) {
        this.jobs = jobs;
        this.truth = truth;
    }

    List<Event> events() {
        return events;
    }

    void add(Event event) {
        events.add(event);
    }

    @Nullable
    Object around(Sandbox sandbox, String name, Object[] args, Call call) throws Throwable {
        if (args[0] instanceof JobId id && args.length == 2 && args[1] instanceof Change) {
            return change(sandbox, name, id, call);
        }
        if (args[0] instanceof NewJob job) {
            return creation(job, call);
        }
        Object answer = call.make();
        if (name.equals("withdraw") && Boolean.TRUE.equals(answer)) {
            events.add(new Event.Withdrawn(truth.instant(), (Job) args[0]));
        }
        return answer;
    }

    private @Nullable Object change(Sandbox sandbox, String name, JobId id, Call call) throws Throwable {
        Optional<Job> before = jobs.find(id);
        int writes = jobs.writes();
        Object outcome = call.make();
        if (before.isPresent() && jobs.writes() > writes) {
            Job after = jobs.find(id).orElseThrow();
            events.add(new Event.Changed(
                    truth.instant(), sandbox.name(), sandbox.instant(), name, before.get(), after, claim.get()));
        }
        return outcome;
    }

    private @Nullable Object creation(NewJob asked, Call call) throws Throwable {
        int writes = jobs.writes();
        Object creation = call.make();
        if (jobs.writes() > writes && creation instanceof Creation.Created(Job job)) {
            events.add(new Event.Created(truth.instant(), originOf(asked), job, asked.payload()));
        }
        return creation;
    }

    /** A schedule that is new, or fires at other times than before, requests a job at each of its instants. */
    void scheduled(String call, Schedule schedule, @Nullable Object written) {
        if (!call.equals("write") || !Boolean.TRUE.equals(written)) {
            return;
        }
        if (schedule.isNew()) {
            events.add(new Event.Scheduled(truth.instant(), schedule));
        }
        Times times = schedule.spec().times();
        if (!times.equals(timesOf.put(schedule.name(), times)) || schedule.isNew()) {
            instants(schedule)
                    .forEach(instant ->
                            events.add(new Event.Asked(truth.instant(), originOf(schedule.name(), instant))));
        }
    }

    /** From the first one on, a day of them. */
    static Stream<Instant> instants(Schedule schedule) {
        Instant end = schedule.next().plus(Duration.ofDays(1));
        return Stream.concat(Stream.of(schedule.next()), schedule.spec().after(schedule.next()))
                .takeWhile(instant -> instant.isBefore(end));
    }

    static String originOf(String schedule, Instant instant) {
        return "schedule " + schedule + " at " + instant;
    }

    /** The origin of the jobs that operators make from a schedule by "run now"; there may be several. */
    static String runOf(String schedule) {
        return "run of " + schedule;
    }

    /** Instants are whole minutes; operators, in here, come in between. */
    private static String ofSchedule(String schedule, Instant instant) {
        return instant.equals(instant.truncatedTo(ChronoUnit.MINUTES)) ? originOf(schedule, instant) : runOf(schedule);
    }

    /**
     * The origin of a job, as its client recorded it: its schedule and instant, the key of an operator's order, its tag, or
     * its payload for a job that a handler enqueued.
     */
    private static String originOf(NewJob job) {
        Optional<String> scheduled = scheduled(job.meta());
        if (scheduled.isPresent()) {
            return scheduled.get();
        }
        if (job.task().startsWith(TaskCatalog.RESERVED) && job.idempotencyKey() != null) {
            return job.idempotencyKey();
        }
        return job.tags().isEmpty() ? job.payload().text() : job.tags().getFirst();
    }

    /** The origin of a schedule's job, from its meta; empty for any other job. */
    static Optional<String> scheduled(Map<String, String> meta) {
        return Optional.ofNullable(meta.get("schedule"))
                .map(schedule -> ofSchedule(schedule, Instant.parse(meta.get("scheduledFor"))));
    }

    /** The time by the only true clock. */
    Instant now() {
        return truth.instant();
    }

    /** The caller got the answer. */
    void answered(Sandbox sandbox, String name, @Nullable Object answer) {
        if (name.equals("claim") && answer instanceof Change.Outcome.Done(Job job)) {
            claim.set(job.fence());
            events.add(new Event.Claimed(truth.instant(), sandbox.name(), job.id(), job.fence()));
        }
        if (answer instanceof Change.Outcome.Refused(Job current)) {
            events.add(new Event.Refused(truth.instant(), sandbox.name(), name, current.id()));
        }
    }

    /** The caller got an exception. */
    void failed(Sandbox sandbox, String name, Object @Nullable [] args) {
        if (args != null && args.length == 2 && args[0] instanceof JobId id && args[1] instanceof Change) {
            events.add(new Event.Failed(truth.instant(), sandbox.name(), name, id));
        }
    }

    void frozen(Sandbox sandbox) {
        events.add(new Event.Frozen(truth.instant(), sandbox.name()));
    }

    void crashed(Sandbox sandbox) {
        events.add(new Event.Crashed(truth.instant(), sandbox.name()));
    }
}
