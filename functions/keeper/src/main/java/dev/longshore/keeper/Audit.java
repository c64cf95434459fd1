package dev.longshore.keeper;

import dev.longshore.job.Deadline;
import dev.longshore.job.LoggedMetric;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.ledger.CountSchedule;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.ledger.LedgerStore;
import dev.longshore.job.ledger.LedgerStore.AuditProgress;
import dev.longshore.job.ledger.LedgerStore.Expected;
import dev.longshore.job.ledger.LedgerStore.Unfinished;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tick's audit: counts the hours that are to be counted ({@link CountSchedule}), by the time of the jobs' ids, and writes
 * their entries of the ledger. {@link HourWalk} reads the rows, and {@link Rescuer} rescues the stuck jobs among them. An audit
 * that runs out of time keeps how far it is; one that dies is done again from there.
 */
final class Audit {
    private static final int PAGE = 1_000;
    private static final int MOST_OPEN = 10_000;

    /** The audit gets through once an hour; after another one the ledger of the API is late ({@code docs/ledger.md}). */
    private static final Duration LATE = Duration.ofHours(2);

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final Engines engines;
    private final LedgerStore ledger;
    private final Deadline deadline;
    private final int page;
    private final Backlogs backlogs;
    private final @Nullable Instant request;
    private AuditProgress progress;
    private int hours;
    private long rescued;

    Audit(Engines engines, Deadline deadline) {
        this(engines, deadline, PAGE);
    }

    /** @param page how many rows to read at once */
    Audit(Engines engines, Deadline deadline, int page) {
        this.engines = engines;
        this.ledger = engines.ledger();
        this.deadline = deadline;
        this.page = page;
        this.backlogs = new Backlogs(engines.queue());
        this.progress = ledger.progress().orElseGet(() -> AuditProgress.from(CountSchedule.firstHour(now())));
        this.request = ledger.requested().filter(progress::lacks).orElse(null);
    }

    /**
     * What an audit did.
     *
     * @param hours how many hours it counted to their end
     * @param rescued how many stuck jobs it sent or held again
     */
    record Report(int hours, long rescued) {}

    /** Counts what is to be counted until it is through or the deadline is over. */
    Report run() {
        boolean through = finishCount() && countNewHours() && countOpenHours() && countExpectedHours();
        if (through && (hours > 0 || request != null)) {
            keep(progress.finished(now(), request));
        }
        Instant finished = progress.finishedAt();
        if (finished != null && now().isAfter(finished.plus(LATE))) {
            LOG.warn("The audit is behind: it last counted all hours that were due at {}", finished);
            LoggedMetric.UNBALANCED_LEDGER.count();
        }
        return new Report(hours, rescued);
    }

    // ---- which hours are to be counted; each method answers whether the audit may continue

    private boolean finishCount() {
        Unfinished count = progress.unfinished();
        if (count == null) {
            return true;
        }
        LedgerHour before = entry(count.hour());
        if (count.canContinue(before, now())) {
            return count(count, before);
        }
        LOG.warn(
                "The count of {} from {} begins anew: it takes too long, or another audit has counted the hour",
                count.hour(),
                count.at());
        return keep(progress.with(null));
    }

    private boolean countNewHours() {
        while (!firstCount(progress.upTo()).isAfter(now())) {
            if (!count(progress.upTo(), entry(progress.upTo()))) {
                return false;
            }
        }
        return true;
    }

    /** A request has the current hour counted too. */
    private Instant firstCount(Instant hour) {
        return request == null ? CountSchedule.firstCount(hour) : hour;
    }

    private boolean countOpenHours() {
        Instant until = request == null ? now() : now().plus(Duration.ofDays(1));
        for (Instant hour : ledger.open(until, MOST_OPEN)) {
            LedgerHour entry = entry(hour); // the index may lag behind it
            if (entry != null && isDueAgain(entry) && !count(hour, entry)) {
                return false;
            }
        }
        return true;
    }

    private boolean isDueAgain(LedgerHour entry) {
        boolean isRequested = request != null && entry.at().isBefore(request);
        return entry.next() != null && (isRequested || !entry.next().isAfter(now()));
    }

    /** Hours, closed ones among them, in which a job was made late: a child's id, for example, is of its parent's time. */
    private boolean countExpectedHours() {
        for (Expected expected : ledger.expected(now(), MOST_OPEN)) {
            LedgerHour entry = entry(expected.hour());
            boolean isCounted = entry != null && !entry.at().isBefore(expected.until());
            boolean isNew = !expected.hour().isBefore(progress.upTo()); // its first count comes later than expected
            if (!isCounted && !isNew && !count(expected.hour(), entry)) {
                return false;
            }
            ledger.met(expected);
        }
        return true;
    }

    // ---- one count

    private boolean count(Instant hour, @Nullable LedgerHour before) {
        return count(Unfinished.begin(hour, now(), before), before);
    }

    private boolean count(Unfinished begun, @Nullable LedgerHour before) {
        if (deadline.isOver()) {
            return false;
        }
        Rescuer rescuer = new Rescuer(engines, backlogs);
        Unfinished count = new HourWalk(engines, page, rescuer, deadline).walk(begun, before);
        int jobs = rescuer.rescue(deadline);
        rescued += jobs;
        count = count.plusRescued(jobs);
        if (!count.isComplete(engines.jobs().dayShards())) {
            keep(progress.with(count));
            return false;
        }
        return put(LedgerHour.counted(count.hour(), count.at(), count.tally(), before), before);
    }

    private boolean put(LedgerHour entry, @Nullable LedgerHour before) {
        if (!ledger.put(entry, before == null ? null : before.at())) {
            LOG.info("Another audit was faster with {}", entry.hour());
            return false;
        }
        hours++;
        if (entry.missing() > 0) {
            LoggedMetric.UNBALANCED_LEDGER.count();
        }
        if (entry.missing() > (before == null ? 0 : before.missing())) {
            LOG.error(
                    "{} jobs of {} are missing: rows that were counted before are gone", entry.missing(), entry.hour());
        }
        AuditProgress next = progress.counted(entry.hour());
        return next.equals(progress) || keep(next);
    }

    private boolean keep(AuditProgress next) {
        if (!ledger.keep(next)) {
            LOG.info("Another audit is at work; leaving it to that one");
            return false;
        }
        progress = next.kept();
        return true;
    }

    private @Nullable LedgerHour entry(Instant hour) {
        return ledger.hour(hour).orElse(null);
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
