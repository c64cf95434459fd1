package dev.longshore.keeper;

import dev.longshore.job.BodyStore;
import dev.longshore.job.Deadline;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.LoggedMetric;
import dev.longshore.job.Parallel;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.ledger.HourTally;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.ledger.LedgerStore;
import dev.longshore.job.ledger.LedgerStore.AuditProgress;
import dev.longshore.job.ledger.LedgerStore.Expected;
import dev.longshore.job.ledger.LedgerStore.Unfinished;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes over the rows, hour by hour of their ids: counts them for the ledger, and hands what should run and does not to
 * {@link Mender}. An hour is counted when it is over, then at most once an hour until it is closed, or at once when an
 * operator asks. An audit that runs out of time keeps how far it is; one that dies is begun again from there.
 */
final class Audit {
    private static final int PAGE = 1_000;
    private static final int MOST_OPEN = 10_000;

    /** Shards that are read at a time: a page of each is in memory. */
    private static final int AT_ONCE = 16;

    /** From which age on the payload of a job that has not ended is renewed at each count: half of what it stays. */
    private static final Duration RENEWED_FROM = BodyStore.LONGEST_STAY.dividedBy(2);

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
     * @param mended how many jobs it sent or held again
     */
    record Report(int hours, long mended) {}

    /** Counts what is to be counted until it is through or the deadline is over. */
    Report audit(Deadline deadline) {
        return new Run(deadline).run();
    }

    /** One tick's part of an audit. */
    private final class Run {
        private final Deadline deadline;
        private final Backlogs backlogs = new Backlogs(engines.queue());
        private AuditProgress progress;
        private int hours;
        private long mended;

        Run(Deadline deadline) {
            this.deadline = deadline;
            Instant since = LedgerHour.hourOf(now().minus(LOOKS_BACK));
            this.progress = ledger.progress().orElseGet(() -> new AuditProgress(0, since, since, null, null, null));
        }

        Report run() {
            Instant request = ledger.requested()
                    .filter(asked -> progress.served() == null || asked.isAfter(progress.served()))
                    .orElse(null);
            boolean through =
                    finishCount() && countNewHours(request) && countOpenHours(request) && countExpectedHours();
            if (through && (hours > 0 || request != null)) {
                keep(progress.finished(now(), request));
            }
            if (isBehind()) {
                LOG.warn(
                        "The audit is behind: it got through all hours at {} for the last time", progress.finishedAt());
                LoggedMetric.UNBALANCED_LEDGER.count();
            }
            return new Report(hours, mended);
        }

        /** It gets through once an hour, when it counts the hour that is over. */
        private boolean isBehind() {
            Instant finished = progress.finishedAt();
            return finished != null && now().isAfter(finished.plus(LATE));
        }

        private boolean finishCount() {
            Unfinished count = progress.count();
            if (count == null) {
                return true;
            }
            if (Duration.between(count.at(), now()).compareTo(HourTally.LONGEST_COUNT) < 0) {
                return count(count);
            }
            LOG.warn(
                    "The count of {} was begun at {} and is too old to be finished; it begins anew",
                    count.hour(),
                    count.at());
            return keep(progress.with(null));
        }

        private boolean countNewHours(@Nullable Instant request) {
            while (isToBeCounted(progress.upTo(), request)) {
                if (!count(Unfinished.begin(progress.upTo(), now()))) {
                    return false;
                }
            }
            return true;
        }

        private boolean isToBeCounted(Instant hour, @Nullable Instant request) {
            return request == null
                    ? !hour.plus(Duration.ofHours(1))
                            .plus(LedgerHour.FIRST_COUNT)
                            .isAfter(now())
                    : !hour.isAfter(now());
        }

        private boolean countOpenHours(@Nullable Instant request) {
            Instant until = request == null ? now() : now().plus(Duration.ofDays(1));
            for (Instant hour : ledger.open(until, MOST_OPEN)) {
                Optional<LedgerHour> entry = ledger.hour(hour); // the index may lag behind it
                if (entry.isPresent()
                        && isToBeCountedAgain(entry.get(), request)
                        && !count(Unfinished.begin(hour, now()))) {
                    return false;
                }
            }
            return true;
        }

        /** Hours, closed ones among them, in which a job was made late: a child's id, say, is of its parent's time. */
        private boolean countExpectedHours() {
            for (Expected expected : ledger.expected(now(), MOST_OPEN)) {
                if (lacksCount(expected) && !count(Unfinished.begin(expected.hour(), now()))) {
                    return false;
                }
                ledger.met(expected);
            }
            return true;
        }

        /** An hour that was never counted is first counted later than it is expected. */
        private boolean lacksCount(Expected expected) {
            return expected.hour().isBefore(progress.upTo())
                    && ledger.hour(expected.hour())
                            .filter(entry -> !entry.at().isBefore(expected.until()))
                            .isEmpty();
        }

        private boolean isToBeCountedAgain(LedgerHour entry, @Nullable Instant request) {
            Instant next = entry.next();
            return next != null
                    && (!next.isAfter(now()) || (request != null && entry.at().isBefore(request)));
        }

        /** Counts an hour; answers whether the audit may go on. */
        private boolean count(Unfinished begun) {
            if (deadline.isOver()) {
                return false;
            }
            LedgerHour before = ledger.hour(begun.hour()).orElse(null);
            Instant compared = before == null ? null : before.at();
            if (begun.reached().isEmpty()) {
                begun = new Unfinished(begun.hour(), begun.at(), compared, Map.of(), HourTally.NOTHING);
            } else if (!Objects.equals(begun.compared(), compared)) {
                LOG.info("Another audit has counted {} meanwhile", begun.hour());
                return keep(progress.with(null));
            }
            Mender mender = new Mender(engines, backlogs);
            Unfinished count = walk(begun, before, mender);
            long sent = mender.mend(deadline);
            mended += sent;
            HourTally tally = count.tally().mended(sent);
            if (count.reached().size() < engines.jobs().dayShards().count()
                    || count.reached().values().stream().anyMatch(last -> !last.isEmpty())) {
                keep(progress.with(new Unfinished(count.hour(), count.at(), compared, count.reached(), tally)));
                return false;
            }
            LedgerHour entry = LedgerHour.counted(count.hour(), count.at(), tally, before);
            if (!ledger.put(entry, compared)) {
                LOG.info("Another audit was faster with {}", count.hour());
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
            return passed(begun.hour());
        }

        /** The hour has its entry: nothing is left of its count, and if it was a new one, the next hour is the next. */
        private boolean passed(Instant hour) {
            AuditProgress next = progress.with(null);
            if (hour.equals(progress.upTo())) {
                next = next.upTo(hour.plus(Duration.ofHours(1)));
            }
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

        /** The shards of the hour's day side by side, each from where it was left. */
        private Unfinished walk(Unfinished begun, @Nullable LedgerHour before, Mender mender) {
            List<String> left = engines.jobs().dayShards().all().stream()
                    .filter(shard -> !"".equals(begun.reached().get(shard)))
                    .toList();
            List<Walked> walks = Parallel.each(left, AT_ONCE, shard -> {
                String last = begun.reached().get(shard);
                return walk(begun, shard, last == null ? null : new JobId(last), before, mender);
            });
            Map<String, String> reached = new HashMap<>(begun.reached());
            HourTally tally = begun.tally();
            for (int i = 0; i < left.size(); i++) {
                Walked walked = walks.get(i);
                tally = tally.plus(walked.tally());
                if (walked.reached() != null) {
                    reached.put(left.get(i), walked.reached());
                }
            }
            return new Unfinished(begun.hour(), begun.at(), begun.compared(), reached, tally);
        }

        /** @param reached as in {@link Unfinished#reached}; null when there was no time for a single page */
        private record Walked(HourTally tally, @Nullable String reached) {}

        private Walked walk(
                Unfinished count, String shard, @Nullable JobId from, @Nullable LedgerHour before, Mender mender) {
            HourTally tally = HourTally.NOTHING;
            JobId after = from;
            while (!deadline.isOver()) {
                JobStore.Page rows = engines.jobs().hour(count.hour(), shard, after, page);
                for (Job job : rows.jobs()) {
                    tally = tally.plus(HourTally.of(job, count.at(), before));
                    mender.look(job);
                    renewPayload(job);
                }
                after = rows.next();
                if (after == null) {
                    return new Walked(tally, "");
                }
            }
            return new Walked(tally, after == null ? null : after.text());
        }

        /** Without it the payload of a job that waits for more than a year, by a pause say, would end before the job. */
        private void renewPayload(Job job) {
            boolean waitsForLong = job.keptUntil() == null && job.createdAt().isBefore(now().minus(RENEWED_FROM));
            if (waitsForLong && !deadline.isOver()) {
                engines.jobs().renewPayload(job, now());
            }
        }

        private Instant now() {
            return engines.clock().instant();
        }
    }
}
