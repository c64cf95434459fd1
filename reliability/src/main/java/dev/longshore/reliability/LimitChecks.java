package dev.longshore.reliability;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.reliability.Violation.Kind;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts how many claims of a limit hold at once, from the recorded rows alone: at each claim, no more leases of its limit and key last
 * than the limit has slots.
 */
final class LimitChecks {
    private LimitChecks() {}

    static void check(History history, List<Violation> found) {
        Map<String, Map<JobId, Instant>> leases = new HashMap<>();
        for (Event event : history.events()) {
            if (event instanceof Event.Changed changed) {
                slots(changed.after()).forEach((limit, most) -> {
                    Map<JobId, Instant> ofLimit = leases.computeIfAbsent(limit, any -> new LinkedHashMap<>());
                    keepLease(changed.after(), ofLimit);
                    long lasting = ofLimit.values().stream()
                            .filter(until -> until.isAfter(changed.at()))
                            .count();
                    if (changed.change().equals("claim") && lasting > most) {
                        found.add(new Violation(
                                Kind.OVER_LIMIT,
                                changed.after().id(),
                                lasting + " leases of the limit " + limit + " last, which has " + most + " slots: "
                                        + ofLimit.keySet()));
                    }
                });
            }
        }
    }

    private static void keepLease(Job job, Map<JobId, Instant> leases) {
        if (job.state() == JobState.RUNNING && job.leaseUntil() != null) {
            leases.put(job.id(), job.leaseUntil());
        } else {
            leases.remove(job.id());
        }
    }

    /** The limits of a job, each with how many it lets run at once. */
    private static Map<String, Integer> slots(Job job) {
        return switch (job.task()) {
            case SimulatedTasks.NARROW ->
                Map.of("narrow " + job.limitKey(), 1, SimulatedTasks.COMMON, SimulatedTasks.COMMON_SLOTS);
            case SimulatedTasks.BROAD -> Map.of(SimulatedTasks.COMMON, SimulatedTasks.COMMON_SLOTS);
            default -> Map.of();
        };
    }
}
