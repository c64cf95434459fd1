package dev.longshore.reliability;

import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.reliability.Violation.Kind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Never two live jobs of one unique key: of requests that replace, never two that no worker has started. */
final class UniqueChecks {
    private UniqueChecks() {}

    static void check(History history, List<Violation> found) {
        Map<String, Map<JobId, Job>> live = new HashMap<>();
        for (Event event : history.events()) {
            switch (event) {
                case Event.Created created -> see(created.job(), live, found);
                case Event.Changed changed -> {
                    if (changed.before().uniqueKey() != null) {
                        jobs(changed.before(), live).remove(changed.before().id());
                    }
                    see(changed.after(), live, found);
                }
                case Event.Withdrawn withdrawn
                when withdrawn.job().uniqueKey() != null ->
                    jobs(withdrawn.job(), live).remove(withdrawn.job().id());
                case Event.Duplicate answer
                when !history.rows().containsKey(answer.id()) ->
                    found.add(new Violation(Kind.LOST, answer.id(), "was the answer to a duplicate"));
                default -> {}
            }
        }
    }

    private static void see(Job job, Map<String, Map<JobId, Job>> live, List<Violation> found) {
        if (job.uniqueKey() == null || !isLive(job)) {
            return;
        }
        Map<JobId, Job> jobs = jobs(job, live);
        jobs.put(job.id(), job);
        if (jobs.size() > 1) {
            found.add(new Violation(Kind.NOT_UNIQUE, job.id(), "has its unique key beside " + jobs.keySet()));
        }
    }

    private static Map<JobId, Job> jobs(Job job, Map<String, Map<JobId, Job>> live) {
        return live.computeIfAbsent(job.uniqueKey(), any -> new LinkedHashMap<>());
    }

    private static boolean isLive(Job job) {
        return UniqueClient.REPLACED.equals(job.uniqueKey())
                ? job.state().isWaiting() && job.fence() == 0
                : !job.state().isTerminal();
    }
}
