package dev.longshore.api;

import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.ledger.CountSchedule;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.ledger.LedgerStore.AuditProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The requests about the ledger: whether every job that was accepted is accounted for. */
final class LedgerRequests {
    private static final Duration USUAL = Duration.ofDays(1);
    private static final Duration LONGEST = Duration.ofDays(31);

    /** How much later than planned an hour may be counted before the answer becomes red: the audit does not run. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final Engines engines;

    LedgerRequests(Engines engines) {
        this.engines = engines;
    }

    // ---- GET /v1/ledger

    HttpResponse read(HttpRequest request, String none, ApiKey caller) {
        Instant now = engines.clock().instant();
        TimeRange range = TimeRange.of(request.query(), now, USUAL, LONGEST);
        List<LedgerHour> hours = engines.ledger().hours(LedgerHour.hourOf(range.from()), range.to());
        Optional<AuditProgress> audit = engines.ledger().progress();
        String why = whyNotBalanced(range, hours, audit, now);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("balanced", why == null);
        answer.put("explanation", why == null ? "Every job that was accepted is accounted for" : why);
        answer.put("from", range.from());
        answer.put("to", range.to());
        audit.map(AuditProgress::finishedAt).ifPresent(finished -> answer.put("auditedAt", finished));
        engines.ledger().lastTick().ifPresent(ticked -> answer.put("tickedAt", ticked));
        engines.ledger()
                .requested()
                .filter(asked -> audit.map(AuditProgress::served)
                        .filter(served -> !served.isBefore(asked))
                        .isEmpty())
                .ifPresent(asked -> answer.put("auditRequestedAt", asked));
        answer.put("totals", totals(hours));
        answer.put(
                "hours",
                fromFirstJob(hours, range, audit).map(LedgerRequests::entry).toList());
        return HttpResponse.json(200, answer);
    }

    /**
     * The first audit of a deployment counts the day before it too, in which a client's own id may lie. Those hours, and all
     * later ones before the first job, say nothing and are left out.
     */
    private Stream<LedgerHour> fromFirstJob(List<LedgerHour> hours, TimeRange range, Optional<AuditProgress> audit) {
        Instant first = LedgerHour.hourOf(range.from());
        Instant since = audit.map(AuditProgress::since).orElse(first);
        return hadJobs(since, first) ? hours.stream() : hours.stream().dropWhile(hour -> hour.accepted() == 0);
    }

    /** Whether a job was accepted before; of a deployment that is older than a range may be, it is believed unread. */
    private boolean hadJobs(Instant since, Instant until) {
        return since.isBefore(until)
                && (since.isBefore(until.minus(LONGEST))
                        || engines.ledger().hours(since, until).stream().anyMatch(hour -> hour.accepted() > 0));
    }

    private static @Nullable String whyNotBalanced(
            TimeRange range, List<LedgerHour> hours, Optional<AuditProgress> audit, Instant now) {
        if (audit.isEmpty()) {
            return "No audit has run yet; the dispatcher makes one each hour, or now after POST /v1/ledger/audit";
        }
        long missing = sum(hours, LedgerHour::missing);
        if (missing > 0) {
            long when = hours.stream().filter(hour -> hour.missing() > 0).count();
            return missing + " jobs of " + when
                    + " hours are missing: an earlier audit counted their rows, and they are"
                    + " gone before their retention; look at what else may delete from the table, and restore them from"
                    + " its point-in-time recovery";
        }
        Optional<Instant> overdue = overdue(range, hours, audit.get(), now);
        return overdue.map(hour -> "The hour " + hour + " should have been counted by now; is the dispatcher running?")
                .orElse(null);
    }

    /** The first hour of the range that the audit is late with. */
    private static Optional<Instant> overdue(
            TimeRange range, List<LedgerHour> hours, AuditProgress audit, Instant now) {
        Instant late = now.minus(PATIENCE);
        Instant uncounted = LedgerHour.hourOf(range.from());
        uncounted = uncounted.isBefore(audit.upTo()) ? audit.upTo() : uncounted;
        if (uncounted.isBefore(range.to())
                && CountSchedule.firstCount(uncounted).isBefore(late)) {
            return Optional.of(uncounted);
        }
        return hours.stream()
                .filter(hour -> hour.next() != null && hour.next().isBefore(late))
                .map(LedgerHour::hour)
                .findFirst();
    }

    private static Map<String, Object> totals(List<LedgerHour> hours) {
        Map<String, Object> totals = new LinkedHashMap<>();
        totals.put("accepted", sum(hours, LedgerHour::accepted));
        totals.put("succeeded", sum(hours, LedgerHour::succeeded));
        totals.put("dead", sum(hours, LedgerHour::dead));
        totals.put("cancelled", sum(hours, LedgerHour::cancelled));
        totals.put("waiting", sum(hours, LedgerHour::waiting));
        totals.put("running", sum(hours, LedgerHour::running));
        totals.put("missing", sum(hours, LedgerHour::missing));
        totals.put("mended", sum(hours, LedgerHour::rescued));
        return totals;
    }

    private static long sum(List<LedgerHour> hours, ToLongFunction<LedgerHour> number) {
        return hours.stream().mapToLong(number).sum();
    }

    private static Map<String, Object> entry(LedgerHour hour) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("hour", hour.hour());
        json.putAll(totals(List.of(hour)));
        json.put("countedAt", hour.at());
        json.put("closed", hour.closed());
        return json;
    }

    // ---- POST /v1/ledger/audit

    HttpResponse audit(HttpRequest request, String none, ApiKey caller) {
        JsonBody.requireEmpty(request);
        Instant now = engines.clock().instant();
        engines.ledger().request(now);
        return HttpResponse.json(202, Map.of("requestedAt", now));
    }
}
