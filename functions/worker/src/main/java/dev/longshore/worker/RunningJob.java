package dev.longshore.worker;

import dev.longshore.job.Body;
import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.Progress;
import dev.longshore.job.Sha256;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.Uniqueness;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Enqueuer;
import dev.longshore.task.ChainTooLongException;
import dev.longshore.task.DuplicateJobException;
import dev.longshore.task.JobContext;
import dev.longshore.task.JobSignal;
import dev.longshore.task.Json;
import dev.longshore.task.OnDuplicate;
import dev.longshore.task.PayloadException;
import dev.longshore.task.PayloadType;
import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@link JobContext} of one attempt, while its handler runs. */
final class RunningJob implements JobContext {
    private static final Duration BETWEEN_WRITES = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(RunningJob.class);

    private final Job row;
    private final Lease lease;
    private final Engines engines;
    private final TaskCatalog tasks;
    private final RetryingWrites writes;
    private final Drain drain;
    private final Enqueuer enqueuer;
    private final AtomicInteger enqueued = new AtomicInteger();

    private volatile boolean open = true;
    private volatile @Nullable Instant cancelSeen;
    private volatile @Nullable Progress progress;
    private volatile @Nullable Json checkpoint;
    private volatile Instant progressWritten = Instant.MIN;
    private volatile Instant cancelAsked = Instant.MIN;

    RunningJob(Job row, Lease lease, Workplace workplace) {
        this.row = row;
        this.lease = lease;
        this.engines = workplace.engines();
        this.tasks = workplace.tasks();
        this.writes = workplace.writes();
        this.drain = workplace.drain();
        this.enqueuer = new Enqueuer(engines);
        this.checkpoint = row.checkpoint();
        this.progress = row.progress() == null ? null : new Progress(row.progress(), row.progressText());
        refresh(row);
    }

    /** The job as it was claimed. */
    Job row() {
        return row;
    }

    Lease lease() {
        return lease;
    }

    /** What progress the handler reported last. */
    @Nullable
    Progress lastProgress() {
        return progress;
    }

    /** Picks up a cancellation request from a freshly read row. */
    void refresh(Job current) {
        if (cancelSeen == null && current.cancelRequestedAt() != null) {
            cancelSeen = engines.clock().instant();
        }
    }

    /** Whether a cancellation request was read. */
    boolean cancelSeen() {
        return cancelSeen != null;
    }

    /** When the handler is interrupted: at its time-out, or earlier once a cancellation request was read. */
    Instant deadline() {
        return lease.deadline(cancelSeen);
    }

    /** The handler was interrupted; its further calls are refused. */
    void close() {
        open = false;
    }

    @Override
    public String id() {
        return row.id().text();
    }

    @Override
    public String task() {
        return tasks.find(row.task()).<String>map(Task::name).orElse(row.task());
    }

    @Override
    public int attempt() {
        return row.attempt();
    }

    @Override
    public int maxAttempts() {
        return row.maxAttempts();
    }

    @Override
    public long fence() {
        return row.fence();
    }

    @Override
    public Duration timeLeft() {
        Duration left = Duration.between(engines.clock().instant(), drain.endOr(deadline()));
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public Map<String, String> meta() {
        return row.meta();
    }

    @Override
    public Optional<String> traceparent() {
        return Optional.ofNullable(row.traceparent());
    }

    @Override
    public void progress(int percent) {
        Progress last = progress;
        report(new Progress(percent, last == null ? null : last.text()));
    }

    @Override
    public void progress(int percent, String text) {
        report(new Progress(percent, text.isEmpty() ? null : text));
    }

    private void report(Progress reached) {
        progress = reached;
        Instant now = engines.clock().instant();
        if (!open || now.isBefore(progressWritten.plus(BETWEEN_WRITES))) {
            return;
        }
        progressWritten = now;
        try {
            if (engines.jobs().apply(row.id(), Lifecycle.progress(row, reached)) instanceof Change.Outcome.Done done) {
                refresh(done.job());
            }
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("Progress of job {} was not written; the next one will be", id());
        }
    }

    @Override
    public void checkpoint(Object cursor) {
        Json json = cursor(cursor);
        requireOpen();
        if (!(writes.apply(row.id(), Lifecycle.checkpoint(row, json)) instanceof Change.Outcome.Done done)) {
            throw new IllegalStateException(
                    "Job " + id() + " was claimed elsewhere: fence " + row.fence() + " is no longer the last");
        }
        if (!json.equals(checkpoint)) {
            enqueued.set(0);
        }
        checkpoint = json;
        refresh(done.job());
    }

    @Override
    public JobSignal continueWith(Object cursor) {
        Json json = cursor(cursor);
        if (json.equals(row.checkpoint())) {
            throw new IllegalArgumentException(
                    "Job " + id() + " would continue from the cursor that this invocation started with, for ever;"
                            + " give continueWith a cursor that is further on");
        }
        return JobContext.super.continueWith(json);
    }

    private static Json cursor(Object cursor) {
        Json json = Json.of(cursor);
        if (json.utf8Length() > LARGEST_CHECKPOINT) {
            throw new IllegalArgumentException(
                    "A checkpoint has at most " + LARGEST_CHECKPOINT + " bytes of JSON, and this one has "
                            + json.utf8Length() + "; keep what is large in a file, and its name here");
        }
        return json;
    }

    @Override
    public <T> Optional<T> checkpoint(Class<T> type) {
        Json last = checkpoint;
        if (last == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(PayloadType.of(type).readIgnoringUnknownFields(last));
        } catch (PayloadException e) {
            throw new IllegalStateException(
                    "The checkpoint of job " + id() + " cannot be read as " + type.getSimpleName() + ": " + e.pointer()
                            + " " + e.getMessage(),
                    e);
        }
    }

    @Override
    public boolean cancelRequested() {
        Instant now = engines.clock().instant();
        if (cancelSeen == null && open && !now.isBefore(cancelAsked.plus(BETWEEN_WRITES))) {
            cancelAsked = now;
            engines.jobs().find(row.id()).ifPresent(this::refresh);
        }
        return cancelSeen();
    }

    @Override
    public String enqueue(String name, Object payload, Duration delay) {
        requireOpen();
        Task<?, ?> other =
                tasks.find(name).orElseThrow(() -> new IllegalArgumentException("The catalogue has no task " + name));
        Json json = Json.of(payload);
        if (json.utf8Length() > Body.LARGEST) {
            throw new IllegalArgumentException(
                    "A payload has at most " + Body.LARGEST + " bytes of JSON, and this one has " + json.utf8Length()
                            + "; put what is large into the file store, and its name here");
        }
        requireReadable(other, json);
        requireWithinChain(other);
        Instant now = engines.clock().instant();
        NewJob job = NewJob.of(
                        childId(enqueued.getAndIncrement()),
                        other.name(),
                        other.pool(),
                        other.retry().maxAttempts(),
                        json,
                        now,
                        new WriteTokens(engines.random()).next())
                .at(delay.isZero() ? null : now.plus(delay))
                .unique(Uniqueness.of(other.description(), json))
                .enqueuedBy(row);
        Creation creation = enqueuer.enqueue(job);
        if (creation instanceof Creation.Duplicate(Job holder)
                && job.unique() != null
                && job.unique().onDuplicate() == OnDuplicate.REJECT) {
            throw new DuplicateJobException(other.name(), holder.id().text());
        }
        return creation.job().id().text();
    }

    private static void requireReadable(Task<?, ?> task, Json payload) {
        try {
            task.description().payload().check(payload);
        } catch (PayloadException e) {
            throw new IllegalArgumentException(
                    "The task " + task.name() + " cannot read this payload: " + e.pointer() + " " + e.getMessage(), e);
        }
    }

    private void requireWithinChain(Task<?, ?> other) {
        int depth = row.chainDepth() + 1;
        if (depth > other.longestChain()) {
            throw new ChainTooLongException(other.name(), depth, other.longestChain());
        }
    }

    /**
     * The same for the same call of a later attempt: made of this job's id and epoch, the last checkpoint, the number of calls
     * since, and the same time in all attempts. An attempt that continues from a checkpoint counts from there. The epoch
     * distinguishes the jobs of another payload; it is left out while it is 0, as in ids made before there were epochs.
     */
    private JobId childId(int index) {
        Json last = checkpoint;
        String epoch = row.epoch() == 0 ? "" : "#" + row.epoch();
        String call = id() + epoch + "/" + index + (last == null ? "" : "/" + last.text());
        ByteBuffer bits = ByteBuffer.wrap(Sha256.of(call));
        Instant time = row.runAt() == null ? row.createdAt() : row.runAt();
        return JobId.of(time.toEpochMilli(), bits.getLong(), bits.getLong());
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException(
                    "Attempt " + attempt() + " of job " + id() + " was interrupted; it can do nothing more");
        }
    }

    @Override
    public Logger logger() {
        return LoggerFactory.getLogger("longshore.task." + task());
    }
}
