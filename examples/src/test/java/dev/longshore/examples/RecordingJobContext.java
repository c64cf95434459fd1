package dev.longshore.examples;

import dev.longshore.task.JobContext;
import dev.longshore.task.Json;
import dev.longshore.task.PayloadType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/** A job in a test: remembers what the handler reported, across attempts, and lets the test set the rest. */
final class RecordingJobContext implements JobContext, InstantSource {
    static final String ID = "0199b2c0-1f5e-7c3a-9c1d-5a0f6a1b2c3d";

    final List<Integer> progress = new ArrayList<>();
    final List<String> progressTexts = new ArrayList<>();
    final List<String> checkpoints = new ArrayList<>();
    final List<String> enqueued = new ArrayList<>();
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    boolean cancelRequested;
    Supplier<Duration> timeLeft = () -> Duration.ofMinutes(1);
    int failOnCheckpoint = Integer.MAX_VALUE;
    private final String task;
    private int attempt = 1;

    RecordingJobContext(String task) {
        this.task = task;
    }

    /** The job's next attempt. */
    RecordingJobContext again() {
        attempt++;
        failOnCheckpoint = Integer.MAX_VALUE;
        return this;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public String id() {
        return ID;
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
        return 5;
    }

    @Override
    public long fence() {
        return 100L + attempt;
    }

    @Override
    public Duration timeLeft() {
        return timeLeft.get();
    }

    @Override
    public Map<String, String> meta() {
        return Map.of();
    }

    @Override
    public Optional<String> traceparent() {
        return Optional.empty();
    }

    @Override
    public void progress(int percent) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("progress " + percent);
        }
        progress.add(percent);
    }

    @Override
    public void progress(int percent, String text) {
        progress(percent);
        progressTexts.add(text);
    }

    @Override
    public void checkpoint(Object cursor) {
        Json json = Json.of(cursor);
        if (json.utf8Length() > 16 * 1024) {
            throw new IllegalArgumentException("a checkpoint of " + json.utf8Length() + " bytes");
        }
        if (checkpoints.size() + 1 >= failOnCheckpoint) {
            throw new IllegalStateException("the worker dies before checkpoint " + failOnCheckpoint);
        }
        checkpoints.add(json.text());
    }

    @Override
    public <T> Optional<T> checkpoint(Class<T> type) {
        return checkpoints.isEmpty()
                ? Optional.empty()
                : Optional.of(PayloadType.of(type).readIgnoringUnknownFields(new Json(checkpoints.getLast())));
    }

    @Override
    public boolean cancelRequested() {
        return cancelRequested;
    }

    @Override
    public String enqueue(String other, Object payload, Duration delay) {
        enqueued.add(other + " " + Json.of(payload).text());
        return ID.substring(0, ID.length() - 1) + enqueued.size();
    }

    @Override
    public Logger logger() {
        return NOPLogger.NOP_LOGGER;
    }
}
