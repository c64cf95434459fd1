package dev.longshore.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A named kind of work: its handler, the type of its payloads and its policy. Made by {@link TaskCatalog#add}; each
 * setting answers the task itself, and may be made until the catalogue is first used.
 *
 * @param <I> the payload
 * @param <O> the result
 */
public final class Task<I, O extends @Nullable Object> {
    /** One attempt's longest time: Lambda's 15 minutes less the 15 s in which an outcome is written. */
    public static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(885);

    static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}[a-z0-9]|[a-z]");

    private final String name;
    private final TaskHandler<I, O> handler;
    private final PayloadShape shape;
    private final List<Form<I>> forms = new ArrayList<>();
    private Duration timeout = Duration.ofSeconds(30);
    private RetryPolicy retry = RetryPolicy.exponential();
    private String pool = "default";
    private Duration retention = Duration.ofDays(7);
    private @Nullable Json example;
    private @Nullable DeathHook onDead;

    /** One way to read a payload: its own type, and how that becomes the handler's. */
    private record Form<I>(Class<?> type, PayloadShape shape, Function<Object, I> toInput) {
        I read(Json payload) {
            shape.checkKnownFields(payload); // Jackson would leave a missing component null
            return toInput.apply(payload.as(type));
        }
    }

    Task(String name, Class<I> payload, TaskHandler<I, O> handler) {
        this.name = requireName(name, "a task's name");
        this.handler = handler;
        this.shape = PayloadShape.of(payload);
        forms.add(new Form<>(payload, shape, payload::cast));
    }

    /** How long one attempt may take before it is cut off; 1 s to {@link #LONGEST_TIMEOUT}. 30 s when not set. */
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
     * ledger has seen a job's end before the job is forgotten ({@code docs/ledger.md}).
     */
    public Task<I, O> retention(Duration retention) {
        this.retention = Durations.requireWithin(
                retention, Duration.ofDays(1), Duration.ofDays(365), "The retention of task " + name);
        return this;
    }

    /** A payload to show in forms and documentation. */
    public Task<I, O> example(I payload) {
        this.example = Json.of(payload);
        return this;
    }

    /**
     * Reads payloads that an older version of the code has enqueued: what does not decode as the current type is decoded
     * as {@code older} and converted.
     */
    public <P> Task<I, O> alsoReads(Class<P> older, Function<P, I> convert) {
        forms.add(new Form<>(older, PayloadShape.of(older), payload -> convert.apply(older.cast(payload))));
        return this;
    }

    /** What is done when a job of this task has died. */
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
                shape,
                example);
    }

    /**
     * The payload as the handler takes it; unknown fields are passed over, since an older worker may meet a newer
     * payload in the middle of a deployment.
     *
     * @throws PayloadException when it decodes neither as the current type nor as an older one
     */
    public I decode(Json payload) {
        PayloadException refusal = null;
        for (Form<I> form : forms) {
            try {
                return form.read(payload);
            } catch (PayloadException e) {
                refusal = refusal == null ? e : refusal;
            }
        }
        throw refusal == null ? new IllegalStateException("task " + name + " reads no payload at all") : refusal;
    }

    static String requireName(String name, String what) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot be " + what
                    + ": 1 to 64 of a-z, 0-9 and -, a letter first and no - last, as in process-video");
        }
        return name;
    }
}
