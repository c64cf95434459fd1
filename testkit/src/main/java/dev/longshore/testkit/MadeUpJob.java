package dev.longshore.testkit;

import dev.longshore.job.Body;
import dev.longshore.job.JobId;
import dev.longshore.job.Progress;
import dev.longshore.job.Sha256;
import dev.longshore.task.JobContext;
import dev.longshore.task.JobSignal;
import dev.longshore.task.Json;
import dev.longshore.task.PayloadException;
import dev.longshore.task.PayloadType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link JobContext} of a {@link HandlerRun}: it has the limits of a real one, and keeps what the handler reports. Synchronized,
 * since a handler may use it from threads that it starts and joins.
 */
final class MadeUpJob implements JobContext {
    /** 2026-03-10T12:00:00Z, as the kit's clock. */
    private static final long CREATED = 1_773_144_000_000L;

    final List<Progress> progress = new ArrayList<>();
    final List<String> progressTexts = new ArrayList<>();
    final List<Json> checkpoints = new ArrayList<>();
    final Map<String, HandlerRun.Enqueued> enqueued = new LinkedHashMap<>();
    final Map<String, String> meta = new LinkedHashMap<>();
    String task = "task-under-test";
    int attempt = 1;
    int maxAttempts = 10;
    boolean cancelRequested;
    Supplier<Duration> timeLeft = () -> Duration.ofSeconds(30);

    /** Before which checkpoint of the next run its process crashes; 0 for none. */
    int crashBefore;

    @Nullable
    String traceparent;

    private final String id = JobId.of(CREATED, 1, 1).text();
    private long fence;
    private int enqueues;
    private int checkpointsOfRun;
    private boolean crashed;
    private @Nullable Json checkpoint;
    private @Nullable Json atStart;

    /** Another claim of the job. */
    synchronized void start() {
        fence++;
        enqueues = 0;
        checkpointsOfRun = 0;
        atStart = checkpoint;
    }

    /**
     * The claim is over.
     *
     * @return whether its process crashed
     */
    synchronized boolean end() {
        boolean crash = crashed;
        crashed = false;
        crashBefore = 0;
        return crash;
    }

    synchronized void keep(Json cursor) {
        if (!crashed) {
            checkpoint = cursor;
        }
    }

    private void requireAlive() {
        if (crashed) {
            throw new CrashPlan.Crash();
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String task() {
        return task;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public int maxAttempts() {
        return maxAttempts;
    }

    @Override
    public synchronized long fence() {
        return fence;
    }

    @Override
    public synchronized Duration timeLeft() {
        requireAlive();
        return timeLeft.get();
    }

    @Override
    public Map<String, String> meta() {
        return Map.copyOf(meta);
    }

    @Override
    public Optional<String> traceparent() {
        return Optional.ofNullable(traceparent);
    }

    @Override
    public synchronized void progress(int percent) {
        report(new Progress(
                percent, progress.isEmpty() ? null : progress.getLast().text()));
    }

    @Override
    public synchronized void progress(int percent, String text) {
        report(new Progress(percent, text.isEmpty() ? null : text));
        if (!text.isEmpty()) {
            progressTexts.add(text);
        }
    }

    private void report(Progress reached) {
        requireAlive();
        progress.add(reached);
    }

    @Override
    public synchronized void checkpoint(Object cursor) {
        requireAlive();
        Json json = cursor(cursor);
        checkpointsOfRun++;
        if (checkpointsOfRun == crashBefore) {
            crashed = true;
            throw new CrashPlan.Crash();
        }
        if (!json.equals(checkpoint)) {
            enqueues = 0;
        }
        checkpoint = json;
        checkpoints.add(json);
    }

    @Override
    public synchronized JobSignal continueWith(Object cursor) {
        Json json = cursor(cursor);
        if (json.equals(atStart)) {
            throw new IllegalArgumentException(
                    "The handler would continue from the cursor that this run started with, for ever;"
                            + " give continueWith a cursor that is further on");
        }
        return JobContext.super.continueWith(json);
    }

    static Json cursor(Object cursor) {
        Json json = Json.of(cursor);
        if (json.utf8Length() > LARGEST_CHECKPOINT) {
            throw new IllegalArgumentException("A checkpoint has at most " + LARGEST_CHECKPOINT
                    + " bytes of JSON, and this one has " + json.utf8Length()
                    + "; keep what is large in a file, and its name here");
        }
        return json;
    }

    @Override
    public synchronized <T> Optional<T> checkpoint(Class<T> type) {
        requireAlive();
        Json last = checkpoint;
        if (last == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(PayloadType.of(type).readIgnoringUnknownFields(last));
        } catch (PayloadException e) {
            throw new IllegalStateException(
                    "The checkpoint cannot be read as " + type.getSimpleName() + ": " + e.pointer() + " "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public synchronized boolean cancelRequested() {
        requireAlive();
        return cancelRequested;
    }

    @Override
    public synchronized String enqueue(String other, Object payload, Duration delay) {
        requireAlive();
        Json json = Json.of(payload);
        if (json.utf8Length() > Body.LARGEST) {
            throw new IllegalArgumentException(
                    "A payload has at most " + Body.LARGEST + " bytes of JSON, and this one has " + json.utf8Length()
                            + "; put what is large into the file store, and its name here");
        }
        String call = id + "/" + enqueues++ + (checkpoint == null ? "" : "/" + checkpoint.text());
        ByteBuffer bits = ByteBuffer.wrap(Sha256.of(call));
        String child = JobId.of(CREATED, bits.getLong(), bits.getLong()).text();
        enqueued.putIfAbsent(child, new HandlerRun.Enqueued(child, other, json, delay));
        return child;
    }

    @Override
    public Logger logger() {
        return LoggerFactory.getLogger("longshore.task." + task);
    }
}
