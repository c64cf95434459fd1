package dev.longshore.testkit;

import dev.longshore.job.Progress;
import dev.longshore.task.JobSignal;
import dev.longshore.task.Json;
import dev.longshore.task.PayloadException;
import dev.longshore.task.PayloadType;
import dev.longshore.task.TaskHandler;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a handler alone, with a {@code JobContext} that the test makes up, and keeps what the handler reports:
 *
 * <pre>{@code
 * HandlerRun<Order, Receipt> run = HandlerRun.of(new ShipOrder(carrier)).attempt(3);
 * HandlerEnd<Receipt> end = run.run(new Order("o-7"));
 * assertThat(end).retriesIn(Duration.ofMinutes(5));
 * assertThat(run.progress()).containsExactly(50);
 * }</pre>
 *
 * <p>It is one job: what a run keeps by {@code checkpoint} is there in the next one, as is what it enqueued. Each run has a
 * higher fence, and a further attempt unless the run before snoozed or continued. A {@link LongshoreTest} tests what follows from a
 * handler's end: waits, retries, other jobs.
 *
 * <p>Not for several threads.
 *
 * @param <I> the payload
 * @param <O> the result
 */
public final class HandlerRun<I, O extends @Nullable Object> {
    private final TaskHandler<I, O> handler;
    private final @Nullable Class<I> type;
    private final MadeUpJob job = new MadeUpJob();
    private boolean counts;
    private boolean interrupts;

    /**
     * A job that the handler enqueued.
     *
     * @param id as {@code JobContext.enqueue} returned it
     * @param delay zero for at once
     */
    public record Enqueued(String id, String task, Json payload, Duration delay) {
        /** The payload, read as this type. */
        public <T> T payload(Class<T> type) {
            return PayloadType.of(type).read(payload);
        }
    }

    private HandlerRun(TaskHandler<I, O> handler, @Nullable Class<I> type) {
        this.handler = handler;
        this.type = type;
    }

    /** Runs this handler; its payloads are read as the class of the value that {@link #run} gets. */
    public static <I, O extends @Nullable Object> HandlerRun<I, O> of(TaskHandler<I, O> handler) {
        return new HandlerRun<>(handler, null);
    }

    /** Runs this handler; its payloads are read as the type in the catalogue, as those of an interface with several records must be. */
    public static <I, O extends @Nullable Object> HandlerRun<I, O> of(TaskHandler<I, O> handler, Class<I> payload) {
        return new HandlerRun<>(handler, payload);
    }

    /** Which attempt the next run is, from 1. */
    public HandlerRun<I, O> attempt(int attempt) {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt takes 1 or more, and got " + attempt);
        }
        job.attempt = attempt;
        job.maxAttempts = Math.max(job.maxAttempts, attempt);
        counts = false;
        return this;
    }

    /** After how many failed attempts the job is DEAD. 10 when not set, or more where {@link #attempt} says so. */
    public HandlerRun<I, O> maxAttempts(int attempts) {
        if (attempts < job.attempt) {
            throw new IllegalArgumentException(
                    "maxAttempts takes at least the next attempt's number, " + job.attempt + ", and got " + attempts);
        }
        job.maxAttempts = attempts;
        return this;
    }

    /** The task's name, {@code task-under-test} when not set. */
    public HandlerRun<I, O> task(String name) {
        job.task = name;
        return this;
    }

    /** Adds a pair to the job's {@code meta}. */
    public HandlerRun<I, O> meta(String name, String value) {
        job.meta.put(name, value);
        return this;
    }

    /** The W3C trace context of the request that enqueued the job; none when not set. */
    public HandlerRun<I, O> traceparent(String traceparent) {
        job.traceparent = traceparent;
        return this;
    }

    /** The time that is left at each call of {@code timeLeft()}. 30 s when not set. */
    public HandlerRun<I, O> timeLeft(Duration left) {
        return timeLeft(() -> left);
    }

    /** As above, computed anew at each call. */
    public HandlerRun<I, O> timeLeft(Supplier<Duration> left) {
        job.timeLeft = left;
        return this;
    }

    /** What an earlier attempt kept. */
    public HandlerRun<I, O> checkpoint(Object cursor) {
        job.keep(MadeUpJob.cursor(cursor));
        return this;
    }

    /** The job's cancellation is requested. */
    public HandlerRun<I, O> cancelRequested() {
        job.cancelRequested = true;
        return this;
    }

    /**
     * In the next run, the process crashes before its checkpoint of this number, from 1: the call throws an {@link Error}, as does every
     * further call of that run that would read or write in Longshore, and nothing more is kept. {@link LongshoreTest#crashEverywhere} tries every place;
     * this one is for a test of what the next attempt does after a certain one.
     */
    public HandlerRun<I, O> crashBeforeCheckpoint(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("crashBeforeCheckpoint takes 1 or more, and got " + number);
        }
        job.crashBefore = number;
        return this;
    }

    /** In the next run, the handler's thread is interrupted from the start, as a worker does at a time-out. */
    public HandlerRun<I, O> interrupted() {
        interrupts = true;
        return this;
    }

    /**
     * Runs the handler once. The payload is written as JSON and read again, as between the API and a worker.
     *
     * @throws IllegalArgumentException when the payload cannot be read again, with the JSON pointer of the mistake
     */
    public HandlerEnd<O> run(I payload) {
        @SuppressWarnings("unchecked") // the class of a value of I
        Class<I> itsClass = (Class<I>) Objects.requireNonNull(payload).getClass();
        return run(Json.of(payload), type == null ? itsClass : type);
    }

    /**
     * Runs the handler once, with a payload as a client writes it. Needs {@link #of(TaskHandler, Class)}.
     *
     * @throws IllegalArgumentException when the payload cannot be read, with the JSON pointer of the mistake
     */
    public HandlerEnd<O> runJson(String payload) {
        if (type == null) {
            throw new IllegalStateException("runJson needs the payload's type: HandlerRun.of(handler, Order.class)");
        }
        return run(Json.parse(payload), type);
    }

    private HandlerEnd<O> run(Json payload, Class<I> as) {
        I input;
        try {
            input = PayloadType.of(as).read(payload);
        } catch (PayloadException e) {
            throw new IllegalArgumentException(
                    "The payload cannot be read as " + as.getSimpleName() + ": /payload" + e.pointer() + " "
                            + e.getMessage(),
                    e);
        }
        if (counts) {
            job.attempt++;
        }
        HandlerEnd<O> end = end(input);
        counts = !(end instanceof HandlerEnd.Snoozed<O> || end instanceof HandlerEnd.Continues<O>);
        return end;
    }

    private HandlerEnd<O> end(I input) {
        boolean interrupted = interrupts;
        interrupts = false;
        job.start();
        try {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            HandlerEnd<O> end = handle(input);
            return job.end() ? new HandlerEnd.Crashed<>() : end;
        } finally {
            if (interrupted) {
                Thread.interrupted(); // the thread is the test's
            }
        }
    }

    private HandlerEnd<O> handle(I input) {
        try {
            O result = handler.handle(input, job);
            int length = result == null ? 0 : Json.of(result).utf8Length();
            return length > TaskHandler.LARGEST_RESULT
                    ? new HandlerEnd.Discarded<>("the result has " + length + " bytes of JSON, and "
                            + TaskHandler.LARGEST_RESULT
                            + " are allowed; write what is large into the file store and return its name")
                    : new HandlerEnd.Returned<>(result);
        } catch (JobSignal.RetryIn retry) {
            return new HandlerEnd.RetriesIn<>(retry.delay(), String.valueOf(retry.getMessage()));
        } catch (JobSignal.Discard discard) {
            return new HandlerEnd.Discarded<>(String.valueOf(discard.getMessage()));
        } catch (JobSignal.Snooze snooze) {
            return new HandlerEnd.Snoozed<>(snooze.delay());
        } catch (JobSignal.Continue next) {
            job.keep(next.cursor());
            return new HandlerEnd.Continues<>(next.cursor());
        } catch (JobSignal.Cancelled cancelled) {
            return job.cancelRequested
                    ? new HandlerEnd.Cancelled<>()
                    : new HandlerEnd.Discarded<>("the handler threw cancelled(), and no cancellation was requested");
        } catch (Throwable error) {
            return new HandlerEnd.Failed<>(error);
        }
    }

    /** The reported progress of all runs, in per cent. */
    public List<Integer> progress() {
        return job.progress.stream().map(Progress::percent).toList();
    }

    /** The text of the last reported progress; null for none. */
    public @Nullable String progressText() {
        return job.progress.isEmpty() ? null : job.progress.getLast().text();
    }

    /** The texts that all runs reported with their progress; a progress without a text adds none. */
    public List<String> progressTexts() {
        return List.copyOf(job.progressTexts);
    }

    /** The checkpoints of all runs, read as this type. */
    public <T> List<T> checkpoints(Class<T> type) {
        return job.checkpoints.stream()
                .map(json -> PayloadType.of(type).readIgnoringUnknownFields(json))
                .toList();
    }

    /** The jobs that the runs enqueued; a call that a later run repeats makes no second one. */
    public List<Enqueued> enqueued() {
        return List.copyOf(job.enqueued.values());
    }

    /** Which attempt the last run was, from 1. */
    public int attempt() {
        return job.attempt;
    }

    /** The job's id. */
    public String id() {
        return job.id();
    }
}
