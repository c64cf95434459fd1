package dev.longshore.keeper;

import dev.longshore.job.BodyMissingException;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Fingerprint;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.Redacted;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.DeathHook;
import dev.longshore.task.Json;
import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles a death: logs it, calls the task's hook, and marks it as handled in the row. */
final class Deaths {
    private static final Logger LOG = LoggerFactory.getLogger(Deaths.class);
    private static final JobError UNKNOWN = new JobError("Unknown", "no error was kept");

    private final Engines engines;
    private final TaskCatalog tasks;

    Deaths(Engines engines, TaskCatalog tasks) {
        this.engines = engines;
        this.tasks = tasks;
    }

    /** At least once for each death; a hook that throws is called again when the message comes back. */
    Verdict handle(Job job) {
        if (job.deathHandled()) {
            return Verdict.DELETE;
        }
        JobError error = Objects.requireNonNullElse(job.error(), UNKNOWN);
        String reason = Objects.requireNonNullElse(job.deadReason(), DeadReason.EXHAUSTED)
                .wireName();
        String fingerprint = Objects.requireNonNullElseGet(job.fingerprint(), () -> Fingerprint.of(job.task(), error));
        LOG.atError()
                .addKeyValue("job", job.id())
                .addKeyValue("task", job.task())
                .addKeyValue("attempt", job.attempt())
                .addKeyValue("deadReason", reason)
                .addKeyValue("errorType", error.type())
                .addKeyValue("fingerprint", fingerprint)
                .log(DeadLetterFunction.DEATH);
        Optional<Task<?, ?>> task = tasks.find(job.task());
        Optional<DeathHook> hook = task.flatMap(Task::onDead);
        if (hook.isPresent()) {
            try {
                hook.get()
                        .died(new DeathHook.DeadJob(
                                job.id().text(),
                                task.<String>map(Task::name).orElse(job.task()),
                                job.attempt(),
                                reason,
                                error.type(),
                                error.message(),
                                fingerprint,
                                payload(job)));
            } catch (Exception e) {
                LOG.atError()
                        .setCause(Redacted.of(e))
                        .log("The onDead hook of task {} failed for job {}; it is called again", job.task(), job.id());
                return Verdict.RETRY;
            }
        }
        engines.jobs().apply(job.id(), engines.lifecycle().markDeathHandled(job));
        return Verdict.DELETE;
    }

    /** JSON null when the payload is gone: that is why the job died, or it was deleted since. */
    private Json payload(Job job) {
        try {
            return engines.jobs().payload(job);
        } catch (BodyMissingException e) {
            LOG.atWarn().setCause(e).log("The onDead hook of task {} gets no payload", job.task());
            return new Json("null");
        }
    }
}
