package dev.longshore.testkit;

import dev.longshore.job.JobId;
import dev.longshore.job.Progress;
import dev.longshore.job.Sha256;
import dev.longshore.task.JobContext;
import dev.longshore.task.JobSignal;
import dev.longshore.task.Json;
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

/** The {@link JobContext} of a {@link HandlerRun}: it has the limits of a real one, and keeps what the handler reports. */
final class MadeUpJob implements JobContext {
    /** 2026-03-10T12:00:00Z, as the kit's clock. */
    private static final long CREATED = 1_773_144_000_000L;

    final List<Progress> progress = new ArrayList<>();
    final List<Json> checkpoints = new ArrayList<>();
    final Map<String, HandlerRun.Enqueued> enqueued = new LinkedHashMap<>();
    final Map<String, String> meta = new LinkedHashMap<>();
    String task = "task-under-test";
    int attempt = 1;
    int maxAttempts = 10;
    boolean cancelRequested;
    Supplier<Duration> timeLeft = () -> Duration.ofSeconds(30);
    private final String id = JobId.of(CREATED, 1, 1).text();
    private long fence;
    private int calls;
    private @Nullable Json checkpoint;
    private @Nullable Json atStart;

    /** Another claim of the job. */
    void start() {
        fence++;
        calls = 0;
        atStart = checkpoint;
    }

    void keep(Json cursor) {
        checkpoint = cursor;
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
    public long fence() {
        return fence;
    }

    @Override
    public Duration timeLeft() {
        return timeLeft.get();
    }

    @Override
    public Map<String, String> meta() {
        return Map.copyOf(meta);
    }

    @Override
    public Optional<String> traceparent() {
        return Optional.empty();
    }

    @Override
    public void progress(int percent) {
        progress.add(new Progress(
                percent, progress.isEmpty() ? null : progress.getLast().text()));
    }

    @Override
    public void progress(int percent, String text) {
        progress.add(new Progress(percent, text.isEmpty() ? null : text));
    }

    @Override
    public void checkpoint(Object cursor) {
        Json json = cursor(cursor);
        if (!json.equals(checkpoint)) {
            calls = 0;
        }
        checkpoint = json;
        checkpoints.add(json);
    }

    @Override
    public JobSignal continueWith(Object cursor) {
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
    public <T> Optional<T> checkpoint(Class<T> type) {
        return Optional.ofNullable(checkpoint).map(json -> PayloadType.of(type).readIgnoringUnknownFields(json));
    }

    @Override
    public boolean cancelRequested() {
        return cancelRequested;
    }

    @Override
    public String enqueue(String other, Object payload, Duration delay) {
        String call = id + "/" + calls++ + (checkpoint == null ? "" : "/" + checkpoint.text());
        ByteBuffer bits = ByteBuffer.wrap(Sha256.of(call));
        String child = JobId.of(CREATED, bits.getLong(), bits.getLong()).text();
        enqueued.putIfAbsent(child, new HandlerRun.Enqueued(child, other, Json.of(payload), delay));
        return child;
    }

    @Override
    public Logger logger() {
        return LoggerFactory.getLogger("longshore.task." + task);
    }
}
