package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change;
import dev.longshore.job.DayShards;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Deadline;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.delivery.Delivery;
import dev.longshore.job.delivery.Source;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.memory.InMemoryJobQueue.Received;
import dev.longshore.suites.faults.Faults;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.TaskCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

/** Keepers on engines in memory, and the steps of their tests. */
final class KeeperStage {
    static final String POOL = "default";

    final InMemoryEngines memory;
    final Faults faults = new Faults();
    final TaskCatalog tasks = new TaskCatalog();
    final Engines engines;
    private final WriteTokens tokens;

    KeeperStage() {
        this(DayShards.SIXTEEN);
    }

    KeeperStage(DayShards shards) {
        memory = InMemoryEngines.create(shards);
        engines = faults.engines(memory.engines());
        tokens = new WriteTokens(memory.random());
    }

    JobId enqueue(int attempts, Duration delay) {
        return enqueue(POOL, "t", attempts, delay);
    }

    JobId enqueue(String pool, String task, int attempts, Duration delay) {
        Instant now = now();
        NewJob job = NewJob.of(
                        JobId.next(now, memory.random()), task, pool, attempts, Json.parse("{}"), now, tokens.next())
                .at(delay.isZero() ? null : now.plus(delay));
        new Enqueuer(memory.engines()).enqueue(job);
        return job.id();
    }

    /** A job whose id is of another time, as that of a child is of its parent's. */
    JobId enqueueIn(Instant time) {
        JobId id = JobId.next(time, memory.random());
        NewJob job = NewJob.of(id, "t", POOL, 3, Json.parse("{}"), now(), tokens.next());
        new Enqueuer(memory.engines()).enqueue(job);
        return id;
    }

    /** A worker claims the job and then crashes. */
    JobId claimedByTheDead(int attempts) {
        JobId id = enqueue(attempts, Duration.ZERO);
        memory.queue().loseAll(POOL);
        claim(id);
        return id;
    }

    Job claim(JobId id) {
        return ((Change.Outcome.Done)
                        memory.jobs().apply(id, new Lifecycle(now(), tokens.next()).claim(id, now().plusSeconds(30))))
                .job();
    }

    /** Workers take every visible message; answers how many of them got a job. */
    int claimAll() {
        int claimed = 0;
        for (Received message : memory.queue().receive(POOL, Integer.MAX_VALUE)) {
            JobId id =
                    JobMessage.read(message.body()).flatMap(JobMessage::jobId).orElseThrow();
            if (memory.jobs().apply(id, new Lifecycle(now(), tokens.next()).claim(id, now().plusSeconds(30)))
                    instanceof Change.Outcome.Done) {
                claimed++;
            }
        }
        return claimed;
    }

    JobId dead() {
        JobId id = enqueue(1, Duration.ZERO);
        memory.queue().loseAll(POOL);
        Job held = claim(id);
        memory.jobs()
                .apply(
                        id,
                        new Lifecycle(now(), tokens.next())
                                .kill(held, DeadReason.EXHAUSTED, new JobError("Oops", "order 4711 failed")));
        return id;
    }

    /** One whose row ends in so long from now. */
    JobId dead(Duration kept) {
        JobId id = dead();
        memory.rows()
                .plant(id, memory.rows().row(id).put(Field.TTL, now().plus(kept).getEpochSecond()));
        return id;
    }

    void letterFor(JobId id) {
        memory.queue().sendToDeadLetters(POOL, JobMessage.of(job(id)).write());
    }

    /** Hands the visible dead letters to the function's flow, and deletes those that are done, as Lambda does. */
    List<Delivery.Verdict> handleDeadLetters() {
        DeadLetters flow = new DeadLetters(engines, tasks);
        return memory.queue().receiveDeadLetters(POOL, 10).stream()
                .map(letter -> {
                    Delivery.Verdict verdict = flow.handle(delivery(letter));
                    if (verdict == Delivery.Verdict.DELETE) {
                        memory.queue().deleteDeadLetter(POOL, letter.receipt());
                    }
                    return verdict;
                })
                .toList();
    }

    private Delivery delivery(Received letter) {
        return new Delivery(
                new Source(engines.queue(), POOL, true),
                letter.messageId(),
                letter.receipt(),
                letter.body(),
                letter.receiveCount());
    }

    /** What a tick has. */
    Deadline thirtySeconds() {
        return Deadline.in(Duration.ofSeconds(30), memory.clock());
    }

    int sendResumed() {
        return new ResumedJobs(engines).release(thirtySeconds());
    }

    /** Whether the queue holds a message of the job, hidden or not. */
    boolean hasMessage(JobId id) {
        return memory.queue().bodies(POOL).contains(JobMessage.of(job(id)).write());
    }

    int dispatch() {
        return new DueJobs(engines, new Routes(engines.queue(), tasks.descriptions())).dispatch(thirtySeconds());
    }

    /** A tick of the dispatcher, as far as schedules go; answers how many jobs it made. */
    int tick() {
        new DeclaredSchedules(engines, tasks.descriptions()).agree();
        return new Schedules(engines, tasks.descriptions()).fire(thirtySeconds());
    }

    /** A schedule that an operator made by the API. */
    Schedule scheduled(String name, ScheduleSpec spec) {
        memory.schedules().write(Schedule.of(name, "t", spec, false, now()));
        return schedule(name);
    }

    Schedule schedule(String name) {
        return memory.schedules().find(name).orElseThrow();
    }

    /** The instants that a schedule has made jobs for, in order; each job once. */
    List<Instant> instants(String schedule) {
        return memory.rows().all().stream()
                .filter(job -> job.tags().contains("schedule:" + schedule))
                .map(job -> Instant.parse(job.meta().get("scheduledFor")))
                .sorted()
                .toList();
    }

    /** What the ledger says of an hour. */
    LedgerHour ledgerHour(Instant hour) {
        return memory.ledger().hour(hour).orElseThrow();
    }

    Audit.Report audit() {
        return new Audit(engines, thirtySeconds()).run();
    }

    Job job(JobId id) {
        return memory.jobs().find(id).orElseThrow();
    }

    Instant now() {
        return memory.clock().instant();
    }

    void at(String time) {
        memory.clock().set(Instant.parse(time));
    }

    void tickFor(int minutes) {
        for (int i = 0; i < minutes; i++) {
            tick();
            memory.clock().advance(Duration.ofMinutes(1));
        }
    }

    static List<Instant> minutes(String first, int count) {
        return LongStream.range(0, count)
                .mapToObj(minute -> Instant.parse(first).plusSeconds(60 * minute))
                .toList();
    }

    /** Advances the clock by this time, in steps with an audit each. */
    void auditsFor(Duration time) {
        Instant end = now().plus(time);
        while (now().isBefore(end)) {
            memory.clock().advance(Duration.ofMinutes(time.toHours() > 5 ? 20 : 1));
            audit();
        }
    }

    JobId succeeded(Duration retention) {
        JobId id = enqueue(3, Duration.ZERO);
        succeed(id, retention);
        return id;
    }

    void succeed(JobId id) {
        succeed(id, Duration.ofDays(7));
    }

    void succeed(JobId id, Duration retention) {
        memory.queue().loseAll(POOL);
        Job held = claim(id);
        Change succeed = new Lifecycle(now(), "done-" + id).succeed(held, null, null, retention);
        memory.jobs().apply(id, succeed);
        assertThat(job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }
}
