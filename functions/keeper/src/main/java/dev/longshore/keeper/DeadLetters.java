package dev.longshore.keeper;

import dev.longshore.job.Change;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobMessage;
import dev.longshore.job.JobQueue;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.UnknownPoolException;
import dev.longshore.job.deadletter.Quarantine.Quarantined;
import dev.longshore.job.delivery.Delivery;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles one message of a dead-letter queue. The job's row says what it means: a death, a crash, or bad luck. */
final class DeadLetters {
    /** Delay before a message is sent again that was received too often while its job waited: the workers may be down. */
    static final Duration PAUSE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final Engines engines;
    private final TaskCatalog tasks;
    private final Deaths deaths;

    DeadLetters(Engines engines, TaskCatalog tasks) {
        this.engines = engines;
        this.tasks = tasks;
        this.deaths = new Deaths(engines, tasks);
    }

    Verdict handle(Delivery delivery) {
        Optional<JobMessage> message = JobMessage.read(delivery.body());
        Optional<JobId> id = message.flatMap(JobMessage::jobId);
        if (message.isEmpty() || id.isEmpty()) {
            return quarantine(delivery);
        }
        if (message.get().isFromNewerCode()) {
            return leaveFor(PAUSE, delivery);
        }
        Optional<Job> job = engines.jobs().find(id.get());
        if (job.isEmpty()) {
            LOG.warn("Job {} has a dead letter and no row: it expired or was withdrawn; dropping the letter", id.get());
            return Verdict.DELETE;
        }
        return handle(job.get(), delivery);
    }

    private Verdict handle(Job job, Delivery delivery) {
        if (job.isFromNewerCode()) {
            return leaveFor(PAUSE, delivery);
        }
        Instant now = engines.clock().instant();
        return switch (job.state()) {
            case SUCCEEDED, CANCELLED -> Verdict.DELETE;
            case UNKNOWN -> leaveFor(PAUSE, delivery);
            case DEAD -> deaths.handle(job);
            case RUNNING -> handleRunning(job, now, delivery);
            case SCHEDULED, QUEUED, RETRYING ->
                job.isExpired(now) ? die(engines.lifecycle().expire(job), job, delivery) : sendAgain(job, now);
        };
    }

    private Verdict handleRunning(Job job, Instant now, Delivery delivery) {
        Duration left = job.leaseLeft(now);
        if (left.isPositive()) {
            return leaveFor(left, delivery);
        }
        return job.isLastAttempt() ? die(engines.lifecycle().killCrashed(job), job, delivery) : rescue(job, delivery);
    }

    private Verdict rescue(Job job, Delivery delivery) {
        Duration wait = backoff(job);
        if (engines.jobs().apply(job.id(), engines.lifecycle().rescue(job, wait)) instanceof Change.Outcome.Done done) {
            send(done.job(), wait);
            LOG.warn(
                    "Job {} is rescued after its worker died in attempt {} of {}",
                    job.id(),
                    job.attempt(),
                    job.maxAttempts());
            return Verdict.DELETE;
        }
        return leaveFor(Duration.ofSeconds(1), delivery); // it has just moved; look again
    }

    private Verdict die(Change kill, Job job, Delivery delivery) {
        return engines.jobs().apply(job.id(), kill) instanceof Change.Outcome.Done done
                ? deaths.handle(done.job())
                : leaveFor(Duration.ofSeconds(1), delivery);
    }

    /** Its receives were used up and not its attempts: throttling, a deployment, a worker that cannot start. */
    private Verdict sendAgain(Job job, Instant now) {
        if (!job.isHeld()) {
            Duration due = job.waitsFor(now);
            send(job, due.compareTo(PAUSE) > 0 ? due : PAUSE);
            LOG.warn(
                    "Job {} is sent to pool {} again: its message was received too often, its attempts are not used up",
                    job.id(),
                    job.pool());
        }
        return Verdict.DELETE;
    }

    private void send(Job job, Duration delay) {
        try {
            engines.queue().send(job.pool(), new JobQueue.Outgoing(JobMessage.of(job), delay, job.fairKey()));
        } catch (UnknownPoolException e) {
            LOG.atWarn().setCause(e).log("The due index holds job {}", job.id());
            engines.jobs()
                    .apply(
                            job.id(),
                            engines.lifecycle()
                                    .hold(
                                            job,
                                            HoldReason.DUE,
                                            engines.clock().instant().plus(delay)));
        }
    }

    private Duration backoff(Job job) {
        RetryPolicy policy =
                tasks.find(job.task()).<RetryPolicy>map(Task::retry).orElseGet(RetryPolicy::exponential);
        Duration wait = policy.backoff(job.attempt(), engines.random());
        return wait.compareTo(JobQueue.LONGEST_DELAY) > 0 ? JobQueue.LONGEST_DELAY : wait;
    }

    private Verdict quarantine(Delivery delivery) {
        Instant now = engines.clock().instant();
        engines.quarantine()
                .keep(new Quarantined(
                        delivery.messageId(),
                        delivery.pool(),
                        delivery.body(),
                        now,
                        now.plus(Lifecycle.DEAD_RETENTION)));
        LOG.error(
                "Message {} of pool {} is no job's message; it is in quarantine",
                delivery.messageId(),
                delivery.pool());
        return Verdict.DELETE;
    }

    /** A letter that is gone needs no answer: another receiver of it reads the row as well. */
    private Verdict leaveFor(Duration time, Delivery delivery) {
        if (!delivery.hide(time)) {
            LOG.warn("Dead letter {} is gone", delivery.messageId());
        }
        return Verdict.RETRY;
    }
}
