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
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the hours that are to be counted ({@link CountSchedule}), by the time of the jobs' ids, and writes their entries of the
 * ledger. {@link HourWalk} reads the rows, and {@link Rescuer} rescues the stuck jobs among them. An audit that runs out of time
 * keeps how far it is; one that dies is done again from there.
 */
final class Audit {
    private static final int PAGE = 1_000;
    private static final int MOST_OPEN = 10_000;

    /** Where the first audit of a new table begins: a client's own id may be a day old. */
    private static final Duration LOOKS_BACK = Duration.ofHours(25);

    /** An hour, and another one by which the ledger of the API is late ({@code docs/ledger.md}). */
    private static final Duration LATE = Duration.ofHours(2);

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final Engines engines;
    private final LedgerStore ledger;
    private final int page;

    Audit(Engines engines) {
        this(engines, PAGE);
    }

    /** @param page how many rows to read at once */
    Audit(Engines engines, int page) {
        this.engines = engines;
        this.page = page;
        this.ledger = engines.ledger();
    }

    /**
     * What an audit did.
     *
     * @param hours how many hours it counted to their end
     * @param rescued how many stuck jobs it sent or held again
     */
    record Report(int hours, long rescued) {}

    /** Counts what is to be counted until it is through or the deadline is over. */
    Report audit(Deadline deadline) {
        return new Run(deadline).run();
    }

    /** One tick's part of an audit. */
    private final class Run {
        private final Deadline deadline;
        private final Backlogs backlogs = new Backlogs(engines.queue());
        private final @Nullable Instant request;
        private AuditProgress progress;
        private int hours;
        private long rescued;

        Run(Deadline deadline) {
            this.deadline = deadline;
            this.progress =
                    ledger.progress().orElseGet(() -> AuditProgress.from(LedgerHour.hourOf(now().minus(LOOKS_BACK))));
            this.request = ledger.requested()
                    .filter(at -> progress.served() == null || at.isAfter(progress.served()))
                    .orElse(null);
        }

        Report run() {
            boolean through = finishCount() && countNewHours() && countOpenHours() && countExpectedHours();
            if (through && (hours > 0 || request != null)) {
                keep(progress.finished(now(), request));
            }
            if (isBehind()) {
                LOG.warn("The audit is behind: it last counted all hours that were due at {}", progress.finishedAt());
                LoggedMetric.UNBALANCED_LEDGER.count();
            }
            return new Report(hours, rescued);
        }

        /** It gets through once an hour, when it counts the hour that is over. */
        private boolean isBehind() {
            Instant finished = progress.finishedAt();
            return finished != null && now().isAfter(finished.plus(LATE));
        }

        // ---- which hours are to be counted; each answers whether the audit may continue

        private boolean finishCount() {
            Unfinished count = progress.unfinished();
            if (count == null) {
                return true;
            }
            LedgerHour before = entry(count.hour());
            boolean isFresh = now().isBefore(count.at().plus(LedgerHour.LONGEST_COUNT));
            if (isFresh && Objects.equals(count.compared(), before == null ? null : before.at())) {
                return count(count, before);
            }
            LOG.warn(
                    "The count of {} from {} is dropped: it takes too long, or another audit has counted the hour",
                    count.hour(),
                    count.at());
            return keep(progress.with(null));
        }

        private boolean countNewHours() {
            while (isNewHourDue()) {
                if (!count(progress.upTo(), entry(progress.upTo()))) {
                    return false;
                }
            }
            return true;
        }

        private boolean isNewHourDue() {
            Instant hour = progress.upTo();
            return !(request == null ? CountSchedule.firstCount(hour) : hour).isAfter(now());
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
                boolean isNew = !expected.hour().isBefore(progress.upTo()); // it is counted later than expected
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
                        "{} jobs of {} are missing: rows that were counted before are gone",
                        entry.missing(),
                        entry.hour());
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
}
