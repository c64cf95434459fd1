package dev.longshore.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Body;
import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobRows;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.Row;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.memory.InMemoryRowStore;
import dev.longshore.reliability.SimulatedTasks.Orders;
import dev.longshore.reliability.Violation.Kind;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Builds histories for tests: correct steps by their names, and what only broken code would write. */
abstract class SampleHistory {
    static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
    static final Duration LEASE = Duration.ofSeconds(30);
    static final JobError ERROR = new JobError("T", "m");
    static final Orders ORDERS = new Orders("one", "return", 0, 0, 1, 0);
    static final Json PAYLOAD = Json.of(ORDERS);

    final List<Event> events = new ArrayList<>();
    final InMemoryRowStore store = new InMemoryRowStore();
    Instant now = NOW;
    final List<Schedule> schedules = new ArrayList<>();
    final List<Job> stranded = new ArrayList<>();
    final List<LedgerHour> ledger = new ArrayList<>();
    boolean handlersMayOverlap;

    /** Jobs whose payload is not to be read, and others whose result is not. */
    final Set<JobId> withoutPayload = new HashSet<>();

    final Set<JobId> withoutResult = new HashSet<>();

    List<Kind> check() {
        Map<JobId, Job> rows = new LinkedHashMap<>();
        Map<JobId, Json> payloads = new HashMap<>();
        Map<JobId, Json> results = new HashMap<>();
        for (Job job : store.all()) {
            rows.put(job.id(), job);
            payloads.put(job.id(), PAYLOAD);
            results.put(job.id(), Json.of(job.fence()));
        }
        payloads.keySet().removeAll(withoutPayload);
        results.keySet().removeAll(withoutResult);
        return SimulationTest.CHECKER
                .check(new History(
                        events,
                        rows,
                        schedules,
                        ledger,
                        stranded,
                        payloads,
                        results,
                        0,
                        handlersMayOverlap,
                        true,
                        Duration.ofMinutes(1)))
                .stream()
                .map(Violation::kind)
                .distinct()
                .toList();
    }

    JobId asked(String origin) {
        JobId id = created(origin);
        events.add(new Event.Acknowledged(now, origin, id));
        return id;
    }

    JobId created(String origin) {
        events.add(new Event.Asked(now, origin));
        return create(origin);
    }

    JobId create(String origin) {
        JobId id = JobId.of(now.toEpochMilli(), events.size(), 7);
        NewJob job = NewJob.of(id, "task", "default", 3, PAYLOAD, now, "token");
        store.create(job, new Body.Inline(job.payload()), now);
        events.add(new Event.Created(now, origin, store.find(id).orElseThrow(), PAYLOAD));
        return id;
    }

    /** The job of an instant of the schedule "s". */
    static NewJob ofSchedule(JobId id, Instant instant) {
        Map<String, String> meta = Map.of("schedule", "s", "scheduledFor", instant.toString());
        return new NewJob(
                id, "task", "default", 3, PAYLOAD, NOW, instant, null, List.of(), null, null, null, meta, null,
                "token");
    }

    void succeeds(JobId id) {
        finishes(id, claim(id));
    }

    Job claim(JobId id) {
        change(id, new Lifecycle(now, "t" + events.size()).claim(id, now.plus(LEASE)), null);
        Job held = store.find(id).orElseThrow();
        heard(held);
        return held;
    }

    void heard(Job held) {
        events.add(new Event.Claimed(now, "w", held.id(), held.fence()));
        starts(held, ORDERS);
    }

    void starts(Job held, Orders with) {
        events.add(new Event.Started(now, "w", held.id(), held.fence(), held.attempt(), with));
    }

    void ends(JobId id, Job held, boolean returned) {
        events.add(new Event.Ended(now, "w", id, held.fence(), returned));
    }

    void finishes(JobId id, Job held) {
        events.add(new Event.Effect(now, id, held.fence()));
        ends(id, held, true);
        change(id, new Lifecycle(now, "t").succeed(held, null, null, Duration.ZERO), held.fence());
    }

    void dies(JobId id, DeadReason why) {
        Job held = claim(id);
        ends(id, held, false);
        change(id, new Lifecycle(now, "t").kill(held, why, ERROR), held.fence());
        events.add(new Event.DeathHandled(now, id));
        change(id, new Lifecycle(now, "handled").markDeathHandled(store.find(id).orElseThrow()), null);
    }

    void change(JobId id, Change change, Long claim) {
        Job before = store.find(id).orElseThrow();
        assertThat(store.apply(id, change)).isInstanceOf(Change.Outcome.Done.class);
        events.add(new Event.Changed(
                now, "w", now, change.name(), before, store.find(id).orElseThrow(), claim));
    }

    Job stopped(Job job) {
        Row row = store.row(job.id()).put(Field.STATE, job.state().name()).put(Field.CANCEL_REQUESTED, now);
        return JobRows.toJob(job.id(), row.put(Field.LEASE, job.leaseUntil()));
    }

    /** What only broken code would write. */
    void tamper(JobId id, UnaryOperator<Row> how, String name) {
        Job before = store.find(id).orElseThrow();
        Row row = how.apply(store.row(id));
        store.plant(id, row);
        events.add(new Event.Changed(now, "w", now, name, before, JobRows.toJob(id, row), before.fence()));
    }
}
