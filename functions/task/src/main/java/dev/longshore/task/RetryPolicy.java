package dev.longshore.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How often a failed job is tried again, and how long it waits before that. Immutable; each method returns a changed copy
 * and refuses at once what contradicts an earlier setting.
 *
 * <pre>{@code
 * RetryPolicy.exponential().first(Duration.ofSeconds(2)).cap(Duration.ofMinutes(10)).maxAttempts(8)
 * }</pre>
 *
 * <p>The default is exponential backoff with full jitter: a wait drawn evenly between zero and {@code first × factor^n},
 * at most {@code cap} ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015), so that jobs which failed together
 * do not come back together. 10 attempts, 5 s at first, doubled each time, at most an hour.
 */
public final class RetryPolicy {
    /** The most attempts a job can have; SQS counts at most 1,000 receives, and an attempt may need several. */
    public static final int MOST_ATTEMPTS = 100;

    /** The longest wait between two attempts. */
    public static final Duration LONGEST_BACKOFF = Duration.ofDays(30);

    private static final int DEFAULT_ATTEMPTS = 10;
    private static final Duration DEFAULT_FIRST = Duration.ofSeconds(5);
    private static final Duration DEFAULT_CAP = Duration.ofHours(1);

    private sealed interface Curve {
        /** Exponential; durations that were not set are derived from those that were. */
        record Exponential(
                @Nullable Duration first, @Nullable Duration cap, double factor, boolean jitter) implements Curve {
            Duration effectiveCap() {
                if (cap != null) {
                    return cap;
                }
                return first != null && first.compareTo(DEFAULT_CAP) > 0 ? first : DEFAULT_CAP;
            }

            Duration effectiveFirst() {
                if (first != null) {
                    return first;
                }
                return DEFAULT_FIRST.compareTo(effectiveCap()) > 0 ? effectiveCap() : DEFAULT_FIRST;
            }

            Duration ceiling(int attempt) {
                double millis = (double) effectiveFirst().toMillis() * Math.pow(factor, attempt - 1.0);
                return millis < (double) effectiveCap().toMillis() ? Duration.ofMillis((long) millis) : effectiveCap();
            }
        }

        record Fixed(Duration always) implements Curve {}

        record Custom(IntFunction<Duration> waits) implements Curve {}
    }

    private final Curve curve;
    private final int maxAttempts;
    private final List<Class<? extends Throwable>> hopeless;

    private RetryPolicy(Curve curve, int maxAttempts, List<Class<? extends Throwable>> hopeless) {
        this.curve = curve;
        this.maxAttempts = maxAttempts;
        this.hopeless = hopeless;
    }

    /** Exponential backoff with full jitter. */
    public static RetryPolicy exponential() {
        return new RetryPolicy(new Curve.Exponential(null, null, 2, true), DEFAULT_ATTEMPTS, List.of());
    }

    /** The same wait before every attempt. */
    public static RetryPolicy fixed(Duration wait) {
        Durations.requireWithin(wait, Duration.ZERO, LONGEST_BACKOFF, "RetryPolicy.fixed");
        return new RetryPolicy(new Curve.Fixed(wait), DEFAULT_ATTEMPTS, List.of());
    }

    /**
     * A wait of your own making.
     *
     * @param waits takes the number of the attempt that failed, from 1; an answer below zero counts as zero, one above
     *     {@link #LONGEST_BACKOFF} as that
     */
    public static RetryPolicy custom(IntFunction<Duration> waits) {
        return new RetryPolicy(new Curve.Custom(Objects.requireNonNull(waits)), DEFAULT_ATTEMPTS, List.of());
    }

    /** One attempt, and no other. */
    public static RetryPolicy never() {
        return fixed(Duration.ZERO).maxAttempts(1);
    }

    /** @param attempts the first one included: 1 to {@value #MOST_ATTEMPTS} */
    public RetryPolicy maxAttempts(int attempts) {
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException(
                    "maxAttempts takes 1 to " + MOST_ATTEMPTS + " (the first attempt included), and got " + attempts);
        }
        return new RetryPolicy(curve, attempts, hopeless);
    }

    /** The longest wait before the second attempt; 1 ms to 30 days. Exponential policies only. */
    public RetryPolicy first(Duration first) {
        Curve.Exponential now = exponentialOr("first");
        Durations.requireWithin(first, Duration.ofMillis(1), LONGEST_BACKOFF, "first");
        if (now.cap() != null && first.compareTo(now.cap()) > 0) {
            throw new IllegalArgumentException("first (" + first + ") is longer than the cap of every wait ("
                    + now.cap() + "): lower first or raise cap");
        }
        return with(new Curve.Exponential(first, now.cap(), now.factor(), now.jitter()));
    }

    /** The longest wait before any attempt; 1 ms to 30 days. Exponential policies only. */
    public RetryPolicy cap(Duration cap) {
        Curve.Exponential now = exponentialOr("cap");
        Durations.requireWithin(cap, Duration.ofMillis(1), LONGEST_BACKOFF, "cap");
        if (now.first() != null && cap.compareTo(now.first()) < 0) {
            throw new IllegalArgumentException(
                    "cap (" + cap + ") is shorter than the first wait (" + now.first() + "): raise cap or lower first");
        }
        return with(new Curve.Exponential(now.first(), cap, now.factor(), now.jitter()));
    }

    /** By what each wait is longer than the one before: 1 to 10. Exponential policies only. */
    public RetryPolicy factor(double factor) {
        Curve.Exponential now = exponentialOr("factor");
        if (!(factor >= 1 && factor <= 10)) {
            throw new IllegalArgumentException("factor takes 1 to 10, and got " + factor);
        }
        return with(new Curve.Exponential(now.first(), now.cap(), factor, now.jitter()));
    }

    /** Every wait at its longest instead of a random part of it. Exponential policies only. */
    public RetryPolicy withoutJitter() {
        Curve.Exponential now = exponentialOr("withoutJitter");
        return with(new Curve.Exponential(now.first(), now.cap(), now.factor(), false));
    }

    /** Errors after which no attempt makes sense: a job that fails with one of them, or a subclass, is DEAD at once. */
    @SafeVarargs
    public final RetryPolicy discardOn(Class<? extends Throwable>... errors) {
        List<Class<? extends Throwable>> all = new ArrayList<>(hopeless);
        for (Class<? extends Throwable> error : errors) {
            all.add(error);
        }
        return new RetryPolicy(curve, maxAttempts, List.copyOf(all));
    }

    public int maxAttempts() {
        return maxAttempts;
    }

    /** Whether a job that failed with {@code error} may be tried again; a {@link HandlerUnavailableException} always may. */
    public boolean retries(Throwable error) {
        return error instanceof HandlerUnavailableException
                || hopeless.stream().noneMatch(type -> type.isInstance(error));
    }

    /**
     * The wait after a failed attempt.
     *
     * @param attempt the number of the attempt that failed, from 1
     * @return zero to {@link #LONGEST_BACKOFF}
     */
    public Duration backoff(int attempt, RandomGenerator random) {
        return switch (curve) {
            case Curve.Exponential exponential -> {
                Duration ceiling = exponential.ceiling(attempt);
                yield exponential.jitter() ? Duration.ofMillis(random.nextLong(ceiling.toMillis() + 1)) : ceiling;
            }
            case Curve.Fixed fixed -> fixed.always();
            case Curve.Custom custom -> within(custom.waits().apply(attempt));
        };
    }

    /** The longest wait that {@link #backoff} can answer after this attempt; what a deployment must allow for. */
    public Duration longestBackoff(int attempt) {
        return switch (curve) {
            case Curve.Exponential exponential -> exponential.ceiling(attempt);
            case Curve.Fixed fixed -> fixed.always();
            case Curve.Custom custom -> within(custom.waits().apply(attempt));
        };
    }

    private static Duration within(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : wait;
    }

    private Curve.Exponential exponentialOr(String setting) {
        if (curve instanceof Curve.Exponential exponential) {
            return exponential;
        }
        throw new IllegalArgumentException(setting + " belongs to RetryPolicy.exponential(); this policy is "
                + (curve instanceof Curve.Fixed ? "fixed" : "custom"));
    }

    private RetryPolicy with(Curve other) {
        return new RetryPolicy(other, maxAttempts, hopeless);
    }
}
