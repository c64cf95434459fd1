package dev.longshore.worker;

import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.delivery.Delivery;
import dev.longshore.job.delivery.Delivery.Verdict;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.HeldJobs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes an attempt's outcome to the job's row, and then deletes its message or has it delivered again. */
final class DecisionWriter {
    private static final Logger LOG = LoggerFactory.getLogger(DecisionWriter.class);

    private final Engines engines;
    private final RetryingWrites writes;
    private final Redelivery redelivery;
    private final HeldJobs heldJobs;
    private final InFlightGauge inFlight;

    DecisionWriter(Engines engines, RetryingWrites writes, Redelivery redelivery) {
        this.engines = engines;
        this.writes = writes;
        this.redelivery = redelivery;
        this.heldJobs = new HeldJobs(engines);
        this.inFlight = new InFlightGauge(engines.queue(), engines.clock());
    }

    Verdict write(AttemptEnd end, Delivery delivery) {
        return switch (end.result()) {
            case AttemptResult.LeaseLost() -> leaseLost(end.job());
            case AttemptResult.Cancelled() when !end.isCancelRequested() -> writeFromFreshRow(end, delivery);
            default -> decideAndWrite(end, delivery);
        };
    }

    /** Only the row as it is now says whether a cancellation was requested, and by whom. */
    private Verdict writeFromFreshRow(AttemptEnd end, Delivery delivery) {
        Optional<Job> current = engines.jobs().find(end.job().id()).filter(end::holds);
        return current.isPresent() ? decideAndWrite(end.with(current.get()), delivery) : leaseLost(end.job());
    }

    private Verdict decideAndWrite(AttemptEnd end, Delivery delivery) {
        Decider decider = new Decider(engines.lifecycle(), engines.random(), () -> inFlight.isHigh(delivery.pool()));
        Decision decision = decider.decide(end);
        return switch (writes.apply(end.job().id(), decision.change())) {
            case Change.Outcome.Done(Job written) -> follow(decision.next(), written, delivery);
            case Change.Outcome.Refused(Job current)
            when end.isCancelledMeanwhile(current) -> decideAndWrite(end.with(current), delivery);
            case Change.Outcome.Refused _, Change.Outcome.Missing _ -> leaseLost(end.job());
        };
    }

    private Verdict follow(Decision.Next next, Job written, Delivery delivery) {
        return switch (next) {
            case Decision.Next.Delete() -> Verdict.DELETE;
            case Decision.Next.Redeliver(Duration delay) -> redelivery.afterOrHold(delay, written, delivery);
            case Decision.Next.SendToDeadLetters() -> sendToDeadLetters(delivery);
            case Decision.Next.SendAnother() -> {
                heldJobs.tryRelease(List.of(written));
                yield Verdict.DELETE;
            }
        };
    }

    /** Ends a job that no claim of ours holds; when its state has changed meanwhile, the message comes back a second later. */
    Verdict killUnclaimed(Job job, Change kill, Delivery delivery) {
        return switch (writes.apply(job.id(), kill)) {
            case Change.Outcome.Done _ -> sendToDeadLetters(delivery);
            case Change.Outcome.Refused _ -> redelivery.after(Duration.ofSeconds(1), delivery);
            case Change.Outcome.Missing _ -> Verdict.DELETE;
        };
    }

    /**
     * The message goes to the dead letters of the pool that delivered it, which this worker's role may send to. The job's own
     * pool may be gone.
     */
    Verdict sendToDeadLetters(Delivery delivery) {
        delivery.toDeadLetters();
        return Verdict.DELETE;
    }

    /**
     * The outcome is not written. The message is kept, since another worker may depend on it; it is deleted once a claim
     * finds that the job has ended.
     */
    private static Verdict leaseLost(Job job) {
        LOG.warn(
                "The attempt of fence {} lost job {}: it was claimed elsewhere, its lease ended, or its row is gone; the"
                        + " outcome is not written",
                job.fence(),
                job.id());
        return Verdict.RETRY;
    }
}
