package dev.longshore.reliability;

import dev.longshore.job.JobId;
import dev.longshore.reliability.Violation.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Each acknowledged request is one job of its own, and each job has a request. */
final class Acceptance {
    /** The schedule's new definition may make another job of the instant, and a key is free once its job is purged. */
    private static final Set<String> FREES = Set.of("cancelUnstarted", "purge");

    private Acceptance() {}

    static void check(History history, List<Violation> found) {
        Map<String, Integer> asked = new HashMap<>();
        Map<String, JobId> there = new HashMap<>();
        Map<JobId, String> origins = new HashMap<>();
        int rows = 0;
        for (Event event : history.events()) {
            switch (event) {
                case Event.Asked request -> asked.merge(request.origin(), 1, Integer::sum);
                case Event.Created created -> {
                    rows++;
                    JobId id = created.job().id();
                    origins.put(id, created.origin());
                    int requests = asked.getOrDefault(created.origin(), 0);
                    if (requests == 0) {
                        found.add(new Violation(Kind.INVENTED, id, "there is no request for " + created.origin()));
                    }
                    if (created.origin().startsWith(Recorder.runOf(""))) {
                        asked.put(created.origin(), requests - 1); // each of these requests is a job of its own
                        continue;
                    }
                    JobId first = there.put(created.origin(), id);
                    if (first != null && !first.equals(id)) {
                        found.add(new Violation(
                                Kind.DOUBLED,
                                id,
                                created.origin() + " is one request, and is the job " + first + " too"));
                    }
                }
                case Event.Changed changed
                when FREES.contains(changed.change()) ->
                    there.values().remove(changed.after().id());
                case Event.Withdrawn withdrawn -> {
                    rows--;
                    there.values().remove(withdrawn.job().id());
                }
                default -> {}
            }
        }
        for (Event event : history.events()) {
            if (event instanceof Event.Acknowledged answer && !history.rows().containsKey(answer.id())) {
                found.add(new Violation(Kind.LOST, answer.id(), "was acknowledged to " + answer.origin()));
            } else if (event instanceof Event.Acknowledged answer
                    && !answer.origin().equals(origins.get(answer.id()))) {
                found.add(new Violation(
                        Kind.LOST, answer.id(), answer.origin() + " was given the job of " + origins.get(answer.id())));
            }
        }
        if (rows != history.rows().size()) {
            found.add(new Violation(
                    Kind.UNBALANCED,
                    null,
                    rows + " jobs were accepted, and " + history.rows().size() + " are there"));
        }
    }
}
