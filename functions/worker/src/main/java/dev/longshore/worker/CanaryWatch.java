package dev.longshore.worker;

import dev.longshore.job.Fingerprint;
import dev.longshore.job.HistoryEntry;
import dev.longshore.job.Job;
import dev.longshore.job.JobState;
import dev.longshore.job.engines.Engines;
import dev.longshore.task.JobContext;
import dev.longshore.worker.DeadSweep.Chosen;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches how the jobs of a canary's wave end. The redrive stops when one of them is dead again, whatever the error, or when
 * an attempt of one failed with the same error as before.
 */
final class CanaryWatch {
    /** The first look, and the least time between two. */
    static final Duration FIRST_LOOK = Duration.ofSeconds(5);

    /** How long a wave may take to end. */
    static final Duration PATIENCE = Duration.ofHours(1);

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private final Engines engines;

    CanaryWatch(Engines engines) {
        this.engines = engines;
    }

    /** Why the redrive must stop; empty when the wave has ended well. Snoozes the job while the wave has not ended. */
    Optional<String> trouble(DeadSweep sweep, JobContext job) {
        List<Chosen> wave = sweep.position().batch();
        int waiting = 0;
        for (Chosen canary : wave) {
            Optional<Job> row = sweep.find(canary);
            if (row.isPresent() && isDeadAgain(row.get())) {
                return Optional.of(deadAgain(canary, row.get()));
            }
            if (row.isPresent() && failsAsBefore(canary, row.get())) {
                return Optional.of("job " + canary.id() + ", redriven in a wave of " + wave.size()
                        + ", fails as before (fingerprint " + canary.fingerprint() + "); the rest is still dead");
            }
            if (row.isPresent() && !row.get().state().isTerminal()) {
                waiting++;
            }
        }
        if (waiting == 0) {
            return Optional.empty();
        }
        Duration watched = watched(sweep.position().watchedSince());
        if (watched.compareTo(PATIENCE) >= 0) {
            return Optional.of(waiting + " of " + wave.size() + " jobs have not ended within " + PATIENCE.toMinutes()
                    + " minutes; look at them, then request a redrive again");
        }
        throw job.snooze(nextLook(watched));
    }

    /** A job that an operator purged meanwhile is DEAD, too, and does not count. */
    private boolean isDeadAgain(Job row) {
        return row.state() == JobState.DEAD && !row.isPurged(engines.clock().instant());
    }

    private static String deadAgain(Chosen canary, Job row) {
        boolean same = row.fingerprint() != null && row.fingerprint().equals(canary.fingerprint());
        return "job " + canary.id() + " is dead again, of " + (same ? "the same error" : "another error")
                + " (fingerprint " + row.fingerprint() + "); the rest is still dead";
    }

    private static boolean failsAsBefore(Chosen canary, Job row) {
        return row.state() == JobState.RETRYING
                && hasFailedSinceItsRedrive(row.history())
                && row.error() != null
                && Fingerprint.of(row.task(), row.error()).equals(canary.fingerprint());
    }

    /** A snooze is RETRYING too, and leaves the error of the last death in the row. */
    private static boolean hasFailedSinceItsRedrive(List<HistoryEntry> history) {
        for (HistoryEntry step : history.reversed()) {
            if (step.state() == JobState.QUEUED) {
                return false;
            }
            if (step.state() == JobState.RETRYING && step.error() != null) {
                return true;
            }
        }
        return false;
    }

    private Duration watched(@Nullable Instant since) {
        Instant now = engines.clock().instant();
        return since == null ? Duration.ZERO : Duration.between(since, now);
    }

    /** At growing intervals, since each look adds an entry to the job's history. */
    private static Duration nextLook(Duration watched) {
        Duration half = watched.dividedBy(2);
        if (half.compareTo(FIRST_LOOK) < 0) {
            return FIRST_LOOK;
        }
        return half.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : half;
    }
}
