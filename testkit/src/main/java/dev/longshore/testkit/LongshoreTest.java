package dev.longshore.testkit;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.task.FileStore;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs the jobs of a worker in a test: in memory, by a clock that only the test moves, and with the functions that run in
 * AWS. A JUnit extension, before each test of which there are no jobs and the clock is at 2026-03-10T12:00:00Z:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final LongshoreTest jobs = LongshoreTest.of(new GreetWorker());
 *
 * @Test
 * void greetsByName() {
 *     TestJob job = jobs.enqueue("greet", new Greeting("Ada"));
 *     jobs.drain();
 *     assertThat(job).succeeded().withResult("Hello, Ada").afterAttempts(1);
 * }
 * }</pre>
 *
 * <p>Jobs run one at a time, those of a pool in the order in which they were enqueued, on threads of the worker. Real time does not move
 * the clock, except that a handler which hangs moves it to its time-out ({@link #hangsAfter}).
 *
 * <p>Tests that run in parallel need one of these each: the field is then not static. One that is used by two tests at once says so.
 */
public final class LongshoreTest implements BeforeEachCallback, AfterEachCallback {
    /** How many messages a drain handles at most, beside one for each job that is open at its start. */
    static final int MOST_IN_A_DRAIN = 2_000;

    /** How often {@link #runToEnd} moves the clock at most. */
    static final int MOST_EVENTS = 1_000;

    /** After how many audits in a row, each an hour apart, nothing is left that would run a job. */
    private static final int MOST_AUDITS = 48;

    private final Deployment deployment;
    private final AtomicReference<@Nullable String> test = new AtomicReference<>();

    private LongshoreTest(Function<InstantSource, ? extends WorkerFunction> worker) {
        this.deployment = new Deployment(worker);
    }

    /** Runs the jobs of this worker. Its handlers stay from test to test, with what they hold. */
    public static LongshoreTest of(WorkerFunction worker) {
        return new LongshoreTest(clock -> worker);
    }

    /** Runs the jobs of a worker whose handlers read the kit's clock. */
    public static LongshoreTest withClock(Function<InstantSource, ? extends WorkerFunction> worker) {
        return new LongshoreTest(worker);
    }

    /** Runs the jobs of these tasks: {@code LongshoreTest.ofTasks(tasks -> tasks.add("greet", Greeting.class, greet))}. */
    public static LongshoreTest ofTasks(Consumer<TaskCatalog> tasks) {
        return of(new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog catalog) {
                tasks.accept(catalog);
            }
        });
    }

    /**
     * After how much real time a handler that has not ended hangs; 20 s when not set. The clock then moves to the worker's next look
     * at it, which is at most 20 s later by the clock, until its time-out ends the attempt. So a test of a time-out of 10 minutes takes
     * 30 of these: {@code LongshoreTest.of(worker).hangsAfter(Duration.ofMillis(100))}.
     *
     * @param realTime positive
     */
    public LongshoreTest hangsAfter(Duration realTime) {
        if (!realTime.isPositive()) {
            throw new IllegalArgumentException("hangsAfter takes a positive duration, and got " + realTime);
        }
        deployment.hangsAfter(realTime);
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin(context.getDisplayName());
    }

    /** Starts without jobs, at noon. */
    void begin(String name) {
        String other = test.getAndSet(name);
        if (other != null) {
            throw new IllegalStateException("The tests " + other + " and " + name
                    + " use one LongshoreTest at the same time; make its field non-static, so that each test"
                    + " has its own");
        }
        deployment.reset();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        end();
    }

    void end() {
        test.set(null);
    }

    /**
     * Enqueues a job as {@code POST /v1/jobs} does.
     *
     * @param payload a record as a rule; {@link dev.longshore.task.Json} for JSON as it is
     * @throws IllegalArgumentException when the catalogue has no such task or the task cannot read the payload, with all
     *     mistakes and the JSON pointer of each
     */
    public TestJob enqueue(String task, Object payload) {
        return enqueue(task, payload, options -> options);
    }

    /**
     * Enqueues a job with options: {@code jobs.enqueue("greet", greeting, options -> options.delay(Duration.ofHours(1)))}.
     *
     * @throws IllegalArgumentException as above, and when the API refuses an option
     */
    public TestJob enqueue(String task, Object payload, UnaryOperator<EnqueueOptions> options) {
        EnqueueOptions chosen = options.apply(new EnqueueOptions());
        Map<String, Object> request = chosen.request(task, payload);
        return job(deployment
                .api()
                .post("/v1/jobs", request, chosen.headers())
                .path("id")
                .asString());
    }

    /**
     * Runs all that is due now: waiting jobs, the jobs that their handlers enqueue, retries without a wait, {@code onDead} hooks. The clock
     * stays.
     *
     * @throws AssertionError after 2,000 messages more than there were open jobs, with the task that runs most
     */
    public void drain() {
        Map<String, Integer> before = deployment.rows().started();
        int most = MOST_IN_A_DRAIN + deployment.openJobs();
        for (int i = 0; i < most; i++) {
            if (!deployment.workOnce()) {
                return;
            }
        }
        throw new AssertionError("After " + most + " messages there is still work at " + now() + "; " + most(before)
                + ". A handler that enqueues its own task, continues or snoozes for no time must do so with a"
                + " delay, or end");
    }

    private String most(Map<String, Integer> before) {
        return deployment.rows().started().entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue() - before.getOrDefault(entry.getKey(), 0)))
                .max(Map.Entry.comparingByValue())
                .map(entry -> "the task " + entry.getKey() + " started " + entry.getValue() + " times")
                .orElse("no handler started");
    }

    /**
     * Moves the clock, and plays what happens in AWS on the path there, in order of time: messages that become visible, ticks of the
     * dispatcher, schedules, backoffs, dead letters. What is due at the end has run.
     *
     * @param by not negative
     */
    public void advance(Duration by) {
        Instant end = after(by, "advance");
        deployment.firstTick();
        for (Instant next = nextOrAudit(); next != null && !next.isAfter(end); next = nextOrAudit()) {
            stepTo(next);
        }
        deployment.moveClock(end);
    }

    /**
     * Moves the clock while no function runs, as in an outage. What was due meanwhile runs late, with the next call of another method
     * here: jobs past their {@code expiresAt} are DEAD, and a schedule does what its policy says of missed times.
     *
     * @param time not negative
     */
    public void outage(Duration time) {
        deployment.moveClock(after(time, "outage"));
    }

    private Instant after(Duration time, String method) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(method + " takes no negative duration, and got " + time);
        }
        return now().plus(time);
    }

    /** Without an open job, an audit finds none to send again; a year has 8,760. */
    private @Nullable Instant nextOrAudit() {
        Instant event = deployment.nextEvent();
        if (deployment.openJobs() == 0) {
            return event;
        }
        Instant audit = deployment.nextAudit();
        return event == null || audit.isBefore(event) ? audit : event;
    }

    /** Moves the clock to an event and plays it. */
    private void stepTo(Instant next) {
        Instant tick = deployment.nextTick();
        boolean ticks = next.equals(deployment.nextAudit()) || (tick != null && !tick.isAfter(next));
        deployment.moveClock(next);
        if (ticks) {
            deployment.tick();
        }
        drain();
    }

    /**
     * Moves the clock from event to event until this job has ended.
     *
     * @return the job
     * @throws AssertionError when it has not ended after 1,000 moves of the clock, with its history
     */
    public TestJob runToEnd(TestJob job) {
        run(() -> job.state().isTerminal(), () -> job.history());
        return job;
    }

    /**
     * Moves the clock from event to event until every job has ended, those included that handlers enqueue meanwhile.
     *
     * @throws AssertionError when some have not ended after 1,000 moves of the clock, with the history of one
     */
    public void runToEnd() {
        run(
                () -> open().isEmpty(),
                () -> open().size() + " jobs, among them\n" + open().getFirst().history());
    }

    private void run(Supplier<Boolean> done, Supplier<String> left) {
        int audits = 0;
        for (int events = 0; !done.get(); events++) {
            Instant event = deployment.nextEvent();
            audits = event == null ? audits + 1 : 0; // a job whose message was lost in a crash is found by an audit
            if (audits > MOST_AUDITS || events == MOST_EVENTS) {
                throw new AssertionError(
                        "Not ended at " + now() + " after " + events + " moves of the clock: " + left.get());
            }
            stepTo(event == null ? deployment.nextAudit() : event);
        }
    }

    private List<TestJob> open() {
        return jobs().stream().filter(job -> !job.state().isTerminal()).toList();
    }

    /** A job by its id. */
    public TestJob job(String id) {
        JobId jobId = JobId.parse(id)
                .orElseThrow(() -> new IllegalArgumentException("A job's id is a UUID of version 7, and '" + id
                        + "' is none; take it from TestJob.id() or JobContext.id()"));
        return new TestJob(deployment, jobId);
    }

    /** All jobs, in the order in which they were enqueued. */
    public List<TestJob> jobs() {
        Set<JobId> kept = deployment.memory().rows().all().stream().map(Job::id).collect(Collectors.toSet());
        return deployment.rows().created().stream()
                .filter(kept::contains)
                .map(id -> new TestJob(deployment, id))
                .toList();
    }

    /** The jobs of a task, in the order in which they were enqueued. */
    public List<TestJob> jobs(String task) {
        return jobs().stream().filter(job -> job.task().equals(task)).toList();
    }

    /** The dead jobs, in order of their death. */
    public List<TestJob> dead() {
        return jobs().stream()
                .filter(job -> job.state() == JobState.DEAD)
                .sorted(Comparator.comparing(
                        (TestJob job) -> job.row().finishedAt(), Comparator.nullsLast(Comparator.naturalOrder())))
                .toList();
    }

    /**
     * Cancels a job as an operator does: one that waits is CANCELLED, one that runs gets the request.
     *
     * @throws IllegalStateException when it has ended, or is of an earlier test
     */
    public void cancel(TestJob job) {
        operate(job, "cancel");
    }

    /**
     * Retries a dead job as an operator does: its attempts start at zero.
     *
     * @throws IllegalStateException when it is not DEAD, or is of an earlier test
     */
    public void retry(TestJob job) {
        operate(job, "retry");
    }

    private void operate(TestJob job, String act) {
        job.row(); // says more about a job of an earlier test than the API, which does not know of tests
        deployment.api().post("/v1/jobs/" + job.id() + "/" + act, Map.of(), Map.of());
    }

    /** The time by the kit's clock. */
    public Instant now() {
        return deployment.now();
    }

    /** The kit's clock, of today's deployment and every later one. */
    public InstantSource clock() {
        return deployment::now;
    }

    /** The files of the deployment, as handlers get them. */
    public FileStore files() {
        return deployment.memory().files();
    }

    /**
     * Runs a job with a crash before and after each of its checkpoints and enqueues and its end, once each, and lets further attempts
     * finish it; fails when that shows outside. It first runs the job twice without a crash: for comparison, and to see that two runs
     * are the same.
     *
     * <pre>{@code
     * jobs.crashEverywhere("charge-card", new Order("o-7", 1200), bank::takeCharges);
     * }</pre>
     *
     * <p>A crash ends the process of the attempt: the call throws an {@link Error}, and so does every further call of that attempt that
     * would write or read in Longshore; the lease expires, the clock moves, and a next attempt starts. A {@code finally} block of the handler
     * still runs, which a real crash would not let it. The job may have 10 attempts more than usual. All runs have the same job id and
     * start from no jobs; no schedule makes jobs in them. After it, the deployment has no jobs.
     *
     * @param takeEffects returns what the outside of Longshore has got since its last call, and removes it there, keys of repeated calls
     *     included: {@code () -> { List<Charge> all = List.copyOf(charges); charges.clear(); return all; }}. Compared with {@code equals}
     * @throws AssertionError that names each place after which the effects, the enqueued jobs or the end are others than without a crash
     */
    public void crashEverywhere(String task, Object payload, Supplier<?> takeEffects) {
        crashEverywhere(task, payload, options -> options, takeEffects);
    }

    /** As above, for a job that is enqueued with options; its {@code maxAttempts} are the task's and 10 more all the same. */
    public void crashEverywhere(
            String task, Object payload, UnaryOperator<EnqueueOptions> options, Supplier<?> takeEffects) {
        new CrashEverywhere(this, deployment, task, payload, options, takeEffects).run();
    }

    @Override
    public String toString() {
        return "LongshoreTest with the tasks "
                + deployment.tasks().all().stream().map(one -> one.name()).collect(Collectors.joining(", "));
    }
}
