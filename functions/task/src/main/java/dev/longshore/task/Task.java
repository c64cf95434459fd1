package dev.longshore.task;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A named kind of work: its handler, the type of its payloads and its policy. Made by {@link TaskCatalog#add}; each
 * setting answers the task itself, and may be made until the catalogue is first used.
 *
 * @param <I> the payload
 * @param <O> the result
 */
public final class Task<I, O extends @Nullable Object> {
    /** One attempt's longest time: a pool on Fargate runs it. A pool on Lambda has {@link PoolPlan#LONGEST_IN_LAMBDA}. */
    public static final Duration LONGEST_TIMEOUT = Duration.ofHours(12);

    /** How long a job is kept that has ended, when its task does not say. */
    public static final Duration USUAL_RETENTION = Duration.ofDays(7);

    /** The longest chain of jobs when a task does not say. */
    public static final int USUAL_LONGEST_CHAIN = 1_000;

    private static final int MOST_LONGEST_CHAIN = 1_000_000;

    static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}[a-z0-9]|[a-z]");

    private final String name;
    private final TaskHandler<I, O> handler;
    private final PayloadShape shape;
    private final PayloadForms<I> forms;
    private final Map<String, ScheduleSpec> schedules = new LinkedHashMap<>();
    private final Set<String> takenScheduleNames;
    private final Map<String, Task<?, ?>> takenNames;
    private final SharedLimits sharedLimits;
    private final List<String> aliases = new ArrayList<>();
    private final SortedMap<String, NamedLimit> limits = new TreeMap<>();
    private Duration timeout = Duration.ofSeconds(30);
    private RetryPolicy retry = RetryPolicy.exponential();
    private String pool = "default";
    private Duration retention = USUAL_RETENTION;
    private Duration cancelGrace = Duration.ofSeconds(30);
    private int longestChain = USUAL_LONGEST_CHAIN;
    private @Nullable Integer memoryMiB;
    private @Nullable Json example;
    private @Nullable DeathHook onDead;
    private @Nullable Unique unique;

    /**
     * @param takenNames the tasks of the whole catalogue by their names and aliases, which are unique in it
     * @param takenScheduleNames the schedules of the whole catalogue: their names are unique in it
     * @param sharedLimits those of the whole catalogue
     */
    Task(
            String name,
            Class<I> payload,
            TaskHandler<I, O> handler,
            Map<String, Task<?, ?>> takenNames,
            Set<String> takenScheduleNames,
            SharedLimits sharedLimits) {
        this.name = requireName(name, "a task's name");
        this.takenNames = takenNames;
        this.takenScheduleNames = takenScheduleNames;
        this.sharedLimits = sharedLimits;
        this.handler = handler;
        PayloadType<I> type = PayloadType.of(payload);
        this.shape = type.shape();
        this.forms = new PayloadForms<>(type);
    }

    /**
     * Gives the task a name that it had before. Messages, jobs, schedules, requests, filters and pauses under that name reach
     * this task. A job keeps the name that it was enqueued under; remove the alias when no job and no schedule has it any more.
     *
     * @throws IllegalArgumentException when the name is malformed, reserved, or a name or alias of a task in the catalogue
     */
    public Task<I, O> alias(String formerName) {
        requireName(formerName, "an alias of task " + name);
        if (formerName.startsWith(TaskCatalog.RESERVED)) {
            throw new IllegalArgumentException("The alias " + formerName + " of task " + name + " begins with "
                    + TaskCatalog.RESERVED + ", as the names of Longshore's own tasks do; leave it out");
        }
        Task<?, ?> taken = takenNames.putIfAbsent(formerName, this);
        if (taken != null) {
            throw new IllegalArgumentException("The alias " + formerName + " of task " + name + " is a name of task "
                    + taken.name + " already; names and aliases are unique in a catalogue");
        }
        aliases.add(formerName);
        return this;
    }

    /**
     * How long one attempt may take before it is interrupted; 1 s to {@link #LONGEST_TIMEOUT}. 30 s when not set.
     *
     * <p>Above {@link PoolPlan#LONGEST_IN_LAMBDA} its pool has to be on Fargate: the synthesis checks. A function that gets
     * such a job all the same interrupts it at the end of its own time, and the error says so.
     */
    public Task<I, O> timeout(Duration timeout) {
        this.timeout = Durations.requireWithin(
                timeout, Duration.ofSeconds(1), LONGEST_TIMEOUT, "The time-out of task " + name);
        return this;
    }

    /** What happens after a failure. Exponential backoff and 10 attempts when not set. */
    public Task<I, O> retry(RetryPolicy retry) {
        this.retry = retry;
        return this;
    }

    /** The pool whose workers run this task. {@code default} when not set. */
    public Task<I, O> pool(String pool) {
        requireName(pool, "a pool's name");
        if (pool.endsWith("-dlq")) {
            throw new IllegalArgumentException(
                    "The pool " + pool + " of task " + name + " ends in -dlq, as the dead-letter queues of pools do");
        }
        this.pool = pool;
        return this;
    }

    /**
     * How long a finished job and its result are kept; 1 to 365 days. 7 days when not set. A day at least, so that the
     * ledger has seen a job's end before the job is deleted ({@code docs/ledger.md}).
     */
    public Task<I, O> retention(Duration retention) {
        this.retention = Durations.requireWithin(
                retention, Duration.ofDays(1), Duration.ofDays(365), "The retention of task " + name);
        return this;
    }

    /**
     * How long a handler may continue after it could see the cancellation request; then it is interrupted, and
     * the job is CANCELLED. 0 s to {@link #LONGEST_TIMEOUT}. 30 s when not set.
     *
     * <p>The job's row is read every 20 s while it runs, and when the handler calls {@link JobContext#cancelRequested}. For
     * an attempt that ends within 20 s it is not read, which costs nothing.
     */
    public Task<I, O> cancelGrace(Duration grace) {
        this.cancelGrace =
                Durations.requireWithin(grace, Duration.ZERO, LONGEST_TIMEOUT, "The cancel grace of task " + name);
        return this;
    }

    /**
     * How many jobs may lead to a job of this task, each enqueued by the handler of the one before: 1 to 1,000,000, and {@value
     * #USUAL_LONGEST_CHAIN} when not set. A handler that would enqueue a job of this task beyond it gets a {@link
     * ChainTooLongException}, which ends its own job DEAD. So a handler that enqueues its own task for ever by mistake ends;
     * Lambda's own guard, after about 16 jobs, is off for workers ("Use Lambda recursive loop detection to prevent infinite
     * loops", AWS Lambda Developer Guide).
     *
     * <p>The count is of {@link JobContext#enqueue}. It begins at 0 with a job that a request, a schedule or an operator makes,
     * also with one that a handler makes by a request of its own to the API.
     */
    public Task<I, O> longestChain(int jobs) {
        if (jobs < 1 || jobs > MOST_LONGEST_CHAIN) {
            throw new IllegalArgumentException(
                    "The longest chain of task " + name + " takes 1 to 1,000,000 jobs, and got " + jobs
                            + "; work that never ends is a schedule's, every(…)");
        }
        this.longestChain = jobs;
        return this;
    }

    /**
     * At most one job at a time for each key: {@code unique(Unique.by("customerId"))}. Every request, schedule and handler that
     * enqueues a job of this task is held to it; a request's own {@code uniqueKey} takes the place of the payload's fields.
     * Jobs are not unique when not set.
     *
     * @throws IllegalArgumentException when the payload has no such field
     */
    public Task<I, O> unique(Unique unique) {
        unique.requireFieldsOf(shape, name);
        this.unique = unique;
        return this;
    }

    /**
     * How many jobs of this task may run at once, beside the limits that it {@link #uses}. The limit has the task's name.
     *
     * @throws IllegalArgumentException when the catalogue has a shared limit of that name
     */
    public Task<I, O> limit(Limit limit) {
        sharedLimits.requireFree(name);
        limits.put(name, new NamedLimit(name, limit));
        return this;
    }

    /**
     * Counts the jobs of this task for limits of several tasks: a job starts when each of them, and its own, has a slot.
     *
     * @throws IllegalArgumentException when the catalogue has no limit of a name; {@link TaskCatalog#limit} comes first
     */
    public Task<I, O> uses(String... limitNames) {
        for (String limit : limitNames) {
            limits.put(limit, sharedLimits.require(limit, name));
        }
        return this;
    }

    /**
     * What one run needs at most, beside the worker's own {@value PoolPlan#OWN_MEMORY} MiB: 1 to {@value
     * PoolPlan#MOST_MEMORY}, in a pool on Lambda to {@value PoolPlan#MOST_IN_LAMBDA}. The memory of its pool's function and how many
     * jobs that takes at once follow from it. {@value PoolPlan#USUAL_MEMORY} when not set.
     */
    public Task<I, O> memoryMiB(int most) {
        if (most < 1 || most > PoolPlan.MOST_MEMORY) {
            throw new IllegalArgumentException("The memory of task " + name + " takes 1 to " + PoolPlan.MOST_MEMORY
                    + " MiB, and got " + most + "; a task of Fargate has 122,880 at most, and a worker needs "
                    + PoolPlan.OWN_MEMORY + " of them itself");
        }
        this.memoryMiB = most;
        return this;
    }

    /**
     * A payload to show in forms and documentation.
     *
     * @throws IllegalArgumentException when it is none that the task takes
     */
    public Task<I, O> example(I payload) {
        Json written = Json.of(payload);
        try {
            shape.check(written);
        } catch (PayloadException e) {
            throw new IllegalArgumentException(
                    "The example of task " + name + " is none that it takes: " + e.pointer() + " " + e.getMessage(), e);
        }
        this.example = written;
        return this;
    }

    /**
     * Reads payloads that an older version of the code has enqueued: what does not fit the current type, an unknown or
     * missing field included, is read as {@code older} and converted. Of several, the one that was named first is tried
     * first. See {@link #decode} for the order.
     */
    public <P> Task<I, O> alsoReads(Class<P> older, Function<P, I> convert) {
        forms.add(PayloadType.of(older), convert);
        return this;
    }

    /**
     * Makes a job at the times of a cron expression: {@code every("0 3 * * *", ZoneId.of("Europe/Berlin"))}. The schedule
     * has the task's name; its jobs have the payload {@code {}}.
     *
     * @throws IllegalArgumentException when the expression cannot be read, or the task cannot read {@code {}}
     */
    public Task<I, O> every(String cron, ZoneId zone) {
        return every(ScheduleSpec.cron(cron, zone));
    }

    /**
     * Makes a job at equal distances: {@code every(Duration.ofMinutes(90))}; see {@link ScheduleSpec#interval(Duration)}. The schedule
     * has the task's name; its jobs have the payload {@code {}}.
     *
     * @throws IllegalArgumentException when the interval is shorter than a minute, or the task cannot read {@code {}}
     */
    public Task<I, O> every(Duration interval) {
        return every(ScheduleSpec.interval(interval));
    }

    /** Makes jobs on a schedule that has the task's name. */
    public Task<I, O> every(ScheduleSpec spec) {
        return every(name, spec);
    }

    /**
     * Makes jobs on a schedule of its own name; a task may have several.
     *
     * @throws IllegalArgumentException when the catalogue has a schedule of that name, or the task cannot read the payload
     */
    public Task<I, O> every(String schedule, ScheduleSpec spec) {
        requireName(schedule, "a schedule's name");
        try {
            shape.check(spec.payload());
            decode(spec.payload());
        } catch (PayloadException e) {
            throw new IllegalArgumentException(
                    "The schedule " + schedule + " has a payload that the task " + name + " cannot read: "
                            + (e.pointer().isEmpty() ? "it" : e.pointer()) + " " + e.getMessage()
                            + "; say ScheduleSpec.cron(…).payload(…)",
                    e);
        }
        if (!takenScheduleNames.add(schedule)) {
            throw new IllegalArgumentException("There is a schedule " + schedule
                    + " already; names are unique in a catalogue, so give this one another: every(\"" + name
                    + "-weekly\", …)");
        }
        schedules.put(schedule, spec);
        return this;
    }

    /**
     * Runs {@code hook} when a job of this task is DEAD: in the dead-letter function, at least once for each death. In AWS that
     * function runs out of the worker's jar, which needs {@code longshore-keeper} for it; the synthesis checks.
     */
    public Task<I, O> onDead(DeathHook hook) {
        this.onDead = hook;
        return this;
    }

    public Optional<DeathHook> onDead() {
        return Optional.ofNullable(onDead);
    }

    public String name() {
        return name;
    }

    /** Its name, and the names that it had before. */
    public List<String> names() {
        return Stream.concat(Stream.of(name), aliases.stream()).toList();
    }

    public TaskHandler<I, O> handler() {
        return handler;
    }

    public Duration timeout() {
        return timeout;
    }

    public RetryPolicy retry() {
        return retry;
    }

    public String pool() {
        return pool;
    }

    public Duration retention() {
        return retention;
    }

    public Duration cancelGrace() {
        return cancelGrace;
    }

    public int longestChain() {
        return longestChain;
    }

    /** Its own limit and the shared ones that it uses, by name: the order in which a job takes its slots. */
    public List<NamedLimit> limits() {
        return List.copyOf(limits.values());
    }

    /** What API, dashboard and CDK need to know of this task; data only. */
    public TaskDescription description() {
        Duration longestBackoff = IntStream.range(1, retry.maxAttempts())
                .mapToObj(retry::longestBackoff)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        return new TaskDescription(
                name,
                pool,
                timeout.toMillis(),
                retry.maxAttempts(),
                longestBackoff.toMillis(),
                retention.toSeconds(),
                memoryMiB,
                shape,
                example,
                schedules,
                aliases,
                limits(),
                unique);
    }

    /**
     * The payload as the handler takes it. It is read as the first of these that it fits: the current type; the older ones
     * ({@link #alsoReads}); then the same with unknown fields passed over: in a deployment old workers meet new payloads.
     *
     * @throws PayloadException when it fits none, with the mistakes in it as the current type
     */
    public I decode(Json payload) {
        return forms.decode(payload);
    }

    static String requireName(String name, String what) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot be " + what
                    + ": 1 to 64 of a-z, 0-9 and -, a letter first and no - last, as in process-video");
        }
        return name;
    }
}
