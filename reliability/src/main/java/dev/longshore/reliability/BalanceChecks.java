package dev.longshore.reliability;

import dev.longshore.job.Job;
import dev.longshore.job.JobState;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.reliability.Violation.Kind;
import dev.longshore.task.ScheduleSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What has to add up in the end: the instants of each schedule, and the hours of the ledger. */
final class BalanceChecks {
    private BalanceChecks() {}

    static void check(History history, List<Violation> found) {
        Set<String> changed = changed(history);
        for (Event event : history.events()) {
            if (event instanceof Event.Scheduled(var _, Schedule first) && !changed.contains(first.name())) {
                history.schedules().stream()
                        .filter(schedule -> schedule.name().equals(first.name()))
                        .forEach(last -> checkInstants(first, last, history, found));
            }
        }
        if (!history.ledger().isEmpty()) {
            checkLedger(history, found);
        }
    }

    /** The schedules that were changed after they were put: their instants are not those of one definition. */
    private static Set<String> changed(History history) {
        Map<String, Long> changes = history.events().stream()
                .filter(Event.ScheduleChanged.class::isInstance)
                .collect(Collectors.groupingBy(event -> ((Event.ScheduleChanged) event).name(), Collectors.counting()));
        changes.values().removeIf(times -> times == 1);
        return changes.keySet();
    }

    /**
     * Each instant that the schedule has passed made its job or was skipped; with nothing to skip for, it made its job. What
     * a tick makes before it dies is skipped by the next one, where the policy says so, and is there all the same.
     */
    private static void checkInstants(Schedule first, Schedule last, History history, List<Violation> found) {
        List<Instant> passed = Recorder.instants(first)
                .takeWhile(instant -> instant.isBefore(last.next()))
                .toList();
        Set<String> origins = history.rows().values().stream()
                .flatMap(job -> Recorder.scheduled(job.meta()).stream())
                .collect(Collectors.toSet());
        long made = passed.stream()
                .filter(instant -> origins.contains(Recorder.originOf(last.name(), instant)))
                .count();
        boolean skipsNone = last.spec().overlap() == ScheduleSpec.Overlap.ALLOW
                && last.spec().catchUp() == ScheduleSpec.CatchUp.ALL;
        if (made + last.skipped() < passed.size() || (skipsNone && last.skipped() > 0)) {
            found.add(new Violation(
                    Kind.UNBALANCED,
                    null,
                    "the schedule " + last.name() + " (" + last.spec().overlap() + ", "
                            + last.spec().catchUp() + ") has passed " + passed.size() + " instants, made " + made
                            + " jobs and skipped " + last.skipped()));
        }
    }

    /** Each hour's entry is what its rows are, and nothing is missing, waiting or running. */
    private static void checkLedger(History history, List<Violation> found) {
        Map<Instant, List<Job>> rows = history.rows().values().stream()
                .collect(Collectors.groupingBy(
                        job -> LedgerHour.hourOf(job.id().time()), TreeMap::new, Collectors.toList()));
        Map<Instant, LedgerHour> entries =
                history.ledger().stream().collect(Collectors.toMap(LedgerHour::hour, entry -> entry));
        Set<Instant> hours = new TreeSet<>(rows.keySet());
        hours.addAll(entries.keySet());
        for (Instant hour : hours) {
            LedgerHour entry = entries.get(hour);
            List<Job> jobs = rows.getOrDefault(hour, List.of());
            if (entry == null || !counts(entry).equals(counts(jobs))) {
                found.add(new Violation(
                        Kind.UNBALANCED,
                        null,
                        "the ledger's entry of " + hour + " is "
                                + (entry == null ? "not there" : counts(entry).toString()) + ", and its rows are "
                                + counts(jobs)));
            }
        }
    }

    private static List<Long> counts(LedgerHour entry) {
        return List.of(
                entry.accepted(),
                entry.succeeded(),
                entry.dead(),
                entry.cancelled(),
                entry.waiting() + entry.running(),
                entry.missing());
    }

    private static List<Long> counts(List<Job> jobs) {
        long succeeded = count(jobs, JobState.SUCCEEDED);
        long dead = count(jobs, JobState.DEAD);
        long cancelled = count(jobs, JobState.CANCELLED);
        return List.of((long) jobs.size(), succeeded, dead, cancelled, jobs.size() - succeeded - dead - cancelled, 0L);
    }

    private static long count(List<Job> jobs, JobState state) {
        return jobs.stream().filter(job -> job.state() == state).count();
    }
}
