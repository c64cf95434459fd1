package dev.longshore.worker;

import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.delivery.Delivery;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.delivery.DeliveryBatch;
import dev.longshore.job.delivery.Source;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.pause.Pausable;
import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker does with one message: read it, claim its job, run the handler, write the outcome. Only then is the message
 * deleted.
 */
final class JobWorker {
    /** How long a message of newer code, or of an unknown task, is hidden: a deployment may be in progress. */
    static final Duration UNKNOWN_YET = Duration.ofMinutes(1);

    /**
     * How long to hide the message of a job that a pause holds, when this worker has not read that pause. By then it has read
     * the pause and deletes the message, or the pause is over and the release of the job is written.
     */
    static final Duration UNTIL_RELEASED = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(JobWorker.class);

    private final Engines engines;
    private final TaskCatalog tasks;
    private final TaskCatalog maintenance; // Longshore's own tasks: redrive and purge of many jobs
    private final Workplace workplace;
    private final RetryingWrites writes; // tries a change three times under one token
    private final Redelivery redelivery; // hides a message for a time, and answers RETRY
    private final DecisionWriter decisions;
    private final PauseWatch pauses;
    private final Slots slots; // of the limits of tasks
    private final StuckHandlers stuckHandlers;
    private final Drain drain;
    private final @Nullable Runnable endSandbox;

    /**
     * @param drain begins when this worker has to stop
     * @param endSandbox ends this process, which Lambda then replaces; null where something else ends the
     *     process, or it does more than this work
     */
    JobWorker(Engines engines, TaskCatalog tasks, Waiter waiter, Drain drain, @Nullable Runnable endSandbox) {
        this.engines = engines;
        this.tasks = tasks;
        this.maintenance = Maintenance.tasks(engines, tasks);
        this.workplace = Workplace.of(engines, tasks, waiter, drain);
        this.writes = workplace.writes();
        this.redelivery = workplace.redelivery();
        this.decisions = new DecisionWriter(engines, writes, redelivery);
        this.pauses = new PauseWatch(engines.pauses(), engines.clock());
        this.slots = new Slots(engines);
        this.stuckHandlers = workplace.stuckHandlers();
        this.drain = drain;
        this.endSandbox = endSandbox;
    }

    /**
     * Works on all messages of a batch at once, and writes the response to it. A sandbox in which a handler of an earlier batch
     * could not be stopped gives the batch back and ends: that handler would take processor and memory from each job to come.
     *
     * @param deadline when the invocation has to have its outcomes written
     */
    void work(DeliveryBatch batch, Instant deadline, OutputStream response) throws IOException {
        if (endSandbox != null && stuckHandlers.count() > 0) {
            LOG.error(
                    "{} handlers still run after they were interrupted; ending this sandbox, since nothing else ends them",
                    stuckHandlers.count());
            process(batch, delivery -> redelivery.after(Duration.ZERO, delivery), response);
            endSandbox.run(); // before the response is sent: the messages are visible again already
            return;
        }
        process(batch, delivery -> work(delivery, deadline), response);
    }

    /** The queue of a pool's jobs, for a process that polls it. */
    Source jobsOf(String pool) {
        return new Source(engines.queue(), pool, false);
    }

    /** Whether a handler that could not be stopped takes processor and memory from each job to come. */
    boolean hasStuckHandlers() {
        return stuckHandlers.count() > 0;
    }

    private void process(DeliveryBatch batch, Function<Delivery, Verdict> work, OutputStream response)
            throws IOException {
        batch.process(workplace.waiter().threads().name("message-", 0).factory(), work, response);
    }

    /** @param deadline when the invocation has to have its outcomes written */
    Verdict work(Delivery delivery, Instant deadline) {
        Optional<JobMessage> message = JobMessage.read(delivery.body());
        Optional<JobId> id = message.flatMap(JobMessage::jobId);
        if (message.isEmpty() || id.isEmpty()) {
            return handOver(delivery);
        }
        if (message.get().isFromNewerCode()) {
            return redelivery.after(UNKNOWN_YET, delivery);
        }
        String name = message.get().task();
        Optional<Task<?, ?>> task = find(name);
        List<String> names = task.<List<String>>map(Task::names).orElse(List.of(name));
        Optional<Pausable> pause = pauses.holding(names, delivery.pool()); // it may name the task by an alias
        if (pause.isPresent()) {
            return holdFor(pause.get(), names, task, id.get(), delivery);
        }
        return task.isPresent()
                ? claim(id.get(), task.get(), delivery, deadline)
                : waitForItsTask(id.get(), name, delivery);
    }

    private Verdict claim(JobId id, Task<?, ?> task, Delivery delivery, Instant deadline) {
        Lease lease = Lease.of(task, engines.clock(), deadline);
        if (lease.isTooShort() || drain.hasBegun()) {
            return redelivery.after(Duration.ZERO, delivery); // this worker is about to end; no attempt is used
        }
        if (!task.limits().isEmpty()) {
            return claimInSlots(id, task, lease, delivery);
        }
        return switch (writes.apply(id, engines.lifecycle().claim(id, lease.end()))) {
            case Change.Outcome.Done(Job job) when isOfAnotherTask(job, task) -> exchangeMessage(job, task, delivery);
            case Change.Outcome.Done(Job job) -> run(job, task, lease, slots.none(), delivery);
            case Change.Outcome.Refused(Job current) -> leave(current, delivery);
            case Change.Outcome.Missing() -> dropRowless(id);
        };
    }

    private boolean isOfAnotherTask(Job job, Task<?, ?> task) {
        return find(job.task()).filter(task::equals).isEmpty();
    }

    // ---- a task with limits: the row is read, the slots are taken for its next claim, and then that claim is made

    private Verdict claimInSlots(JobId id, Task<?, ?> task, Lease lease, Delivery delivery) {
        Optional<Job> found = engines.jobs().find(id);
        if (found.isEmpty()) {
            return dropRowless(id);
        }
        Job job = found.get();
        if (isOfAnotherTask(job, task) && job.isWaitingReadably()) {
            return leaveToItsOwnMessage(job);
        }
        if (!engines.lifecycle().isClaimable(job)) {
            return leaveLine(job, task, delivery);
        }
        return switch (slots.take(job, task, lease.end())) {
            case Slots.Admission.Taken(HeldSlots taken) -> claimNext(job, task, lease, taken, delivery);
            case Slots.Admission.Waits waits -> holdFor(waits, job, delivery);
            case Slots.Admission.Busy busy ->
                redelivery.after(busy.comesAgain(engines.clock().instant(), delivery.receiveCount()), delivery);
        };
    }

    private Verdict claimNext(Job read, Task<?, ?> task, Lease lease, HeldSlots taken, Delivery delivery) {
        return switch (writes.apply(read.id(), engines.lifecycle().claim(read, lease.end()))) {
            case Change.Outcome.Done(Job job)
            when isOfAnotherTask(job, task) -> {
                Verdict verdict = exchangeMessage(job, task, delivery);
                taken.end();
                yield verdict;
            }
            case Change.Outcome.Done(Job job) -> run(job, task, lease, taken, delivery);
            case Change.Outcome.Refused(Job current) -> {
                if (current.fence() <= read.fence()) {
                    taken.giveBack(); // with a higher fence another worker has made this claim, and has these slots
                }
                yield leave(current, delivery);
            }
            case Change.Outcome.Missing() -> {
                taken.giveBack();
                yield dropRowless(read.id());
            }
        };
    }

    /** The job has its place in the line of a limit, and needs no message until it gets a slot. */
    private Verdict holdFor(Slots.Admission.Waits waits, Job job, Delivery delivery) {
        Change hold = engines.lifecycle()
                .hold(job, HoldReason.limit(waits.key()), waits.waiter().since());
        return switch (writes.apply(job.id(), hold)) {
            case Change.Outcome.Done _ ->
                engines.clock().instant().isAfter(waits.holdBefore())
                        ? redelivery.after(Duration.ZERO, delivery)
                        : Verdict.DELETE;
            case Change.Outcome.Refused(Job current) -> leave(current, delivery);
            case Change.Outcome.Missing() -> dropRowless(job.id());
        };
    }

    /** The job does not come for a slot: it runs already, has ended or expired, or waits for something else. */
    private Verdict leaveLine(Job job, Task<?, ?> task, Delivery delivery) {
        if (job.state() != JobState.RUNNING) {
            slots.leave(job, task);
        }
        return leave(job, delivery);
    }

    private Optional<Task<?, ?>> find(String name) {
        return tasks.find(name).or(() -> maintenance.find(name));
    }

    /**
     * The message is older than the row: it names the task that the job had before an operator redrove it as another. The
     * attempt is given back, and a message of the job's own task takes the place of this one.
     *
     * @param named the task that the message names
     */
    private Verdict exchangeMessage(Job job, Task<?, ?> named, Delivery delivery) {
        Task<?, ?> task = find(job.task()).orElse(named);
        return decisions.write(
                new AttemptEnd(task, job, null, new AttemptResult.AnotherTask(), delivery.receiveCount()), delivery);
    }

    /**
     * The pool or the task is paused: the job is held, and its message, which could not wait for long, is deleted.
     *
     * @param names of the task that the message names
     */
    private Verdict holdFor(
            Pausable pause, List<String> names, Optional<Task<?, ?>> task, JobId id, Delivery delivery) {
        Optional<Job> job = engines.jobs().find(id);
        if (job.isEmpty()) {
            return dropRowless(id);
        }
        boolean isPaused = names.contains(job.get().task())
                && delivery.pool().equals(job.get().pool());
        if (!isPaused && job.get().isWaitingReadably()) {
            return leaveToItsOwnMessage(job.get());
        }
        HoldReason reason = HoldReason.paused(pause);
        Change hold =
                engines.lifecycle().hold(job.get(), reason, engines.clock().instant());
        return switch (writes.apply(id, hold)) {
            case Change.Outcome.Done(Job held) -> {
                task.ifPresent(limited -> slots.leave(held, limited)); // others may run meanwhile
                yield Verdict.DELETE;
            }
            case Change.Outcome.Refused(Job current) -> leave(current, delivery);
            case Change.Outcome.Missing() -> dropRowless(id);
        };
    }

    /**
     * The message is older than a redrive, and names the task or the pool that the job had before. It says nothing about the
     * job as it is now, which gets a message of its own.
     */
    private Verdict leaveToItsOwnMessage(Job job) {
        return leaveToDispatcher(job, engines.clock().instant());
    }

    private static Verdict dropRowless(JobId id) {
        LOG.warn("Job {} has a message and no row: it expired or was withdrawn; dropping the message", id);
        return Verdict.DELETE;
    }

    private <I> Verdict run(Job job, Task<I, ?> task, Lease lease, HeldSlots taken, Delivery delivery) {
        RunningJob running = new RunningJob(job, lease, workplace);
        Attempt<I> attempt = new Attempt<>(task, running, taken, delivery, workplace);
        try (var _ = LogFields.of(job);
                var _ = drain.watch(attempt)) { // a drain interrupts the attempt and gives its job back
            AttemptResult result = attempt.run();
            LOG.atInfo()
                    .addKeyValue("result", result.getClass().getSimpleName())
                    .addKeyValue(
                            "runMillis",
                            Duration.between(lease.start(), engines.clock().instant())
                                    .toMillis())
                    .log("attempt ended");
            AttemptEnd end = new AttemptEnd(task, job, running.lastProgress(), result, delivery.receiveCount());
            Verdict verdict = decisions.write(end, delivery);
            taken.endAfter(result);
            return verdict;
        }
    }

    /** What happens to the message of a job that could not be claimed or held: it runs, is not due, is held, has expired or ended. */
    private Verdict leave(Job current, Delivery delivery) {
        Instant now = engines.clock().instant();
        if (current.isFromNewerCode()) {
            return redelivery.after(UNKNOWN_YET, delivery);
        }
        if (current.state() == JobState.DEAD && !current.deathHandled()) {
            return decisions.sendToDeadLetters(delivery); // its death is written, but maybe not handled
        }
        if (current.state().isTerminal()) {
            return Verdict.DELETE;
        }
        if (current.state() == JobState.RUNNING) {
            return leaveToItsHolder(current, now, delivery);
        }
        if (current.isExpired(now)) {
            return decisions.killUnclaimed(current, engines.lifecycle().expire(current), delivery);
        }
        if (current.isHeldByPause()) {
            return redelivery.after(UNTIL_RELEASED, delivery);
        }
        return leaveUntilDue(current, now, delivery);
    }

    private Verdict leaveToItsHolder(Job current, Instant now, Delivery delivery) {
        Duration left = current.leaseLeft(now);
        if (left.isPositive()) {
            return redelivery.after(left, delivery);
        }
        if (current.isLastAttempt()) {
            return decisions.killUnclaimed(current, engines.lifecycle().killCrashed(current), delivery);
        }
        // the lease is over but nothing claimed the job, usually because it is paused; as RETRYING it can be held when
        // the message comes back
        return writes.apply(current.id(), engines.lifecycle().rescue(current, Duration.ZERO))
                        instanceof Change.Outcome.Done(Job rescued)
                ? redelivery.afterOrHold(Duration.ZERO, rescued, delivery)
                : redelivery.after(Duration.ZERO, delivery);
    }

    /**
     * The job is not due by this clock: its message waits for up to 15 minutes; for longer, the job waits in the due index. It may
     * still be there, since the dispatcher sends the message first and releases the job after it.
     */
    private Verdict leaveUntilDue(Job current, Instant now, Delivery delivery) {
        if (!JobQueue.isBeyondDelay(now, current.due())) {
            return redelivery.afterOrHold(current.waitsFor(now).plusSeconds(1), current, delivery);
        }
        return leaveToDispatcher(current, now);
    }

    /** The due index holds the job, if nothing else does, and the dispatcher sends it a message when its time comes. */
    private Verdict leaveToDispatcher(Job job, Instant now) {
        if (!job.isHeld()) {
            writes.apply(job.id(), engines.lifecycle().hold(job, HoldReason.DUE, now.plus(job.waitsFor(now))));
        }
        return Verdict.DELETE;
    }

    /** In a deployment old code may not have a task yet; after {@link Lifecycle#DEPLOYMENT_GRACE} no code will. */
    private Verdict waitForItsTask(JobId id, String task, Delivery delivery) {
        Instant now = engines.clock().instant();
        Optional<Job> found = engines.jobs().find(id);
        if (found.isEmpty()) {
            return dropRowless(id);
        }
        Job job = found.get();
        if (job.state().isTerminal()) {
            return leave(job, delivery);
        }
        if (!job.task().equals(task) && job.isWaitingReadably()) {
            return leaveToItsOwnMessage(job);
        }
        if (!job.state().isWaiting() || now.isBefore(job.due().plus(Lifecycle.DEPLOYMENT_GRACE))) {
            LOG.warn("Job {} is of the task {}, which this worker does not know; leaving it for a minute", id, task);
            return redelivery.afterOrHold(UNKNOWN_YET, job, delivery);
        }
        JobError error = new JobError(
                "UnknownTask",
                "no worker has had the task " + task + " for " + Lifecycle.DEPLOYMENT_GRACE.toMinutes()
                        + " minutes; add it to the catalogue and retry the job");
        Change kill = engines.lifecycle().killUnrunnable(job, DeadReason.UNKNOWN_TASK, error);
        return decisions.killUnclaimed(job, kill, delivery);
    }

    /** The message is unreadable; the dead-letter function puts its bytes into quarantine. */
    private Verdict handOver(Delivery delivery) {
        LOG.error("Message {} is no job's message; handing it to the dead letters", delivery.messageId());
        return decisions.sendToDeadLetters(delivery);
    }
}
