package dev.longshore.testkit;

import dev.longshore.job.DeadReason;
import dev.longshore.job.HistoryEntry;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.task.Json;
import dev.longshore.task.PayloadType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A job of a {@link LongshoreTest}. Each method reads the job as it is now. */
public final class TestJob {
    private final Deployment deployment;
    private final JobId id;

    TestJob(Deployment deployment, JobId id) {
        this.deployment = deployment;
        this.id = id;
    }

    public String id() {
        return id.text();
    }

    public String task() {
        return row().task();
    }

    /** The state as the API shows it: a SCHEDULED job whose time has come is QUEUED. */
    public JobState state() {
        return row().stateAt(deployment.now());
    }

    /** How many attempts have counted so far, the running one included. */
    public int attempts() {
        return row().attempt();
    }

    /** What the handler returned, read as this type; empty while there is none, and when it returned null. */
    public <T> Optional<T> result(Class<T> type) {
        return Optional.ofNullable(deployment.memory().jobs().result(row())).map(json -> json.as(type));
    }

    /** The payload, read as this type. */
    public <T> T payload(Class<T> type) {
        return PayloadType.of(type).readIgnoringUnknownFields(payload());
    }

    /** The payload as it was enqueued. */
    public Json payload() {
        return deployment.memory().jobs().payload(row());
    }

    /** The last failure, as type and message: {@code java.io.IOException: no route}. */
    public Optional<String> error() {
        return Optional.ofNullable(row().error()).map(error -> error.type() + ": " + error.message());
    }

    /** Why the job is DEAD, as the API has it: {@code exhausted}, {@code discarded}, … */
    public Optional<String> deadReason() {
        return Optional.ofNullable(row().deadReason()).map(DeadReason::wireName);
    }

    /** The last reported progress, in per cent. */
    public OptionalInt progress() {
        Integer percent = row().progress();
        return percent == null ? OptionalInt.empty() : OptionalInt.of(percent);
    }

    /** The last reported text of a progress. */
    public Optional<String> progressText() {
        return Optional.ofNullable(row().progressText());
    }

    /** The last checkpoint, read as this type; empty once the job has succeeded, since its row then keeps none. */
    public <T> Optional<T> checkpoint(Class<T> type) {
        return Optional.ofNullable(row().checkpoint())
                .map(json -> PayloadType.of(type).readIgnoringUnknownFields(json));
    }

    /** From when on it may start, or start again. */
    public Instant due() {
        return row().due();
    }

    public List<String> tags() {
        return row().tags();
    }

    public Map<String, String> meta() {
        return row().meta();
    }

    /** The jobs that its handler enqueued in all attempts, in the order of its calls; each once, although a later attempt repeats the call. */
    public List<TestJob> enqueued() {
        return deployment.rows().childrenOf(id).stream()
                .map(child -> new TestJob(deployment, child))
                .toList();
    }

    /** Its lifecycle so far, a line each: time, state, attempt, failure. */
    public String history() {
        Job job = row();
        String lines = job.history().stream().map(entry -> "  " + line(entry)).collect(Collectors.joining("\n"));
        String end = job.deadReason() == null
                ? ""
                : "\n  dead because: " + job.deadReason().wireName();
        return "job " + id + " of task " + job.task() + ", now " + state() + ", clock " + deployment.now() + "\n"
                + lines + end;
    }

    private static String line(HistoryEntry entry) {
        return entry.at() + " " + entry.state()
                + (entry.attempt() == null ? "" : ", attempt " + entry.attempt())
                + (entry.snoozed() ? ", not counted" : "")
                + (entry.by() == null ? "" : ", by an operator")
                + (entry.error() == null ? "" : ": " + entry.error());
    }

    JobId jobId() {
        return id;
    }

    Instant now() {
        return deployment.now();
    }

    Job row() {
        return deployment
                .memory()
                .jobs()
                .find(id)
                .orElseThrow(() -> new IllegalStateException("Job " + id
                        + " does not exist: it is of an earlier test, or its retention is over at "
                        + deployment.now()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TestJob job && id.equals(job.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "job " + id;
    }
}
