package dev.longshore.job.engines;

import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobStore;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.Replacement;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.task.OnDuplicate;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Answers requests whose unique key another job has: with that job as it is, or with the request's payload and time in it. */
final class Duplicates {
    /** After this time no request withdraws the job that it made: no function of Lambda runs longer ("Lambda quotas"). */
    private static final Duration LONGEST_REQUEST = Duration.ofMinutes(15);

    private static final int TRIES = 8;

    private final JobStore jobs;

    Duplicates(JobStore jobs) {
        this.jobs = jobs;
    }

    /**
     * The job that answers the request: acknowledged, so that the request that made it does not withdraw it, or replaced.
     *
     * @return empty when that job no longer has the key; then the request makes a job of its own
     */
    Optional<Job> answer(NewJob job, Job holder) {
        if (replaces(job)) {
            return replace(job, holder);
        }
        if (!mayBeWithdrawn(holder, job.createdAt())) {
            return Optional.of(holder);
        }
        return switch (jobs.apply(holder.id(), new Lifecycle(job.createdAt(), job.token()).acknowledge())) {
            case Change.Outcome.Done(Job acknowledged) -> Optional.of(acknowledged);
            case Change.Outcome.Refused(Job current) ->
                current.state().isTerminal() ? Optional.empty() : Optional.of(current);
            case Change.Outcome.Missing() -> Optional.empty();
        };
    }

    private Optional<Job> replace(NewJob job, Job holder) {
        Job current = holder;
        for (int tries = 0; tries < TRIES; tries++) {
            switch (jobs.apply(current.id(), Replacement.replaceWaiting(current, job))) {
                case Change.Outcome.Done(Job replaced) -> {
                    return Optional.of(replaced);
                }
                case Change.Outcome.Refused(Job changed) -> {
                    if (!changed.isWaitingReadably() || changed.fence() > 0) {
                        return Optional.empty(); // started, or ended
                    }
                    current = changed; // another request replaced it, or it was held or released
                }
                case Change.Outcome.Missing() -> {
                    return Optional.empty();
                }
            }
        }
        throw new StoreUnavailableException(
                "The waiting job changes too fast to be replaced; try again",
                new IllegalStateException("others were quicker " + TRIES + " times"));
    }

    /**
     * Whether the job that answers a request is sent: its first message may not have been, and with another time the job
     * needs another one.
     */
    boolean wantsNudge(NewJob job, Job answer) {
        return replaces(job) || mayBeWithdrawn(answer, job.createdAt());
    }

    private static boolean mayBeWithdrawn(Job job, Instant now) {
        return job.isWaitingReadably()
                && job.fence() == 0
                && job.createdAt().plus(LONGEST_REQUEST).isAfter(now);
    }

    private static boolean replaces(NewJob job) {
        return Objects.requireNonNull(job.unique(), "only a unique job has duplicates")
                        .onDuplicate()
                == OnDuplicate.REPLACE;
    }
}
