package dev.longshore.reliability;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.Lifecycle;
import dev.longshore.reliability.SimulatedTasks.Orders;
import dev.longshore.reliability.Violation.Kind;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Once a change of a schedule is answered, no job starts that its old definition made for a later time. */
final class ScheduleChanges {
    private ScheduleChanges() {}

    static void check(History history, List<Violation> found) {
        Map<JobId, Job> created = new HashMap<>();
        Map<String, Event.ScheduleChanged> changes = new HashMap<>();
        for (Event event : history.events()) {
            switch (event) {
                case Event.Created it -> created.put(it.job().id(), it.job());
                case Event.ScheduleChanging it -> changes.remove(it.name());
                case Event.ScheduleChanged it -> changes.put(it.name(), it);
                case Event.Started started -> {
                    Job job = Objects.requireNonNull(created.get(started.id()), "a handler starts for a job");
                    Event.ScheduleChanged change = changes.get(job.meta().get("schedule"));
                    if (change != null && isOutdated(job, started.orders(), change)) {
                        found.add(new Violation(
                                Kind.OUTDATED,
                                job.id(),
                                "started with " + started.orders() + ", and since " + change.at() + " the schedule "
                                        + change.name() + " makes " + change.makes()));
                    }
                }
                default -> {}
            }
        }
    }

    /** A job whose time had come by the clock of the API may start, as may one that an operator gave another payload. */
    private static boolean isOutdated(Job job, Orders orders, Event.ScheduleChanged change) {
        Instant later = change.at().plus(Lifecycle.CLOCK_SKEW);
        boolean isOperators = orders.origin().startsWith(Operators.REPLACED);
        return job.due().isAfter(later) && !isOperators && !orders.equals(change.makes());
    }
}
