package dev.longshore.reliability;

import dev.longshore.job.Body;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.reliability.SimulatedTasks.Orders;
import dev.longshore.reliability.Violation.Kind;
import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Payloads and results arrive: each handler gets its job's payload, and both can be read at the end. */
final class Contents {
    private Contents() {}

    static void check(History history, List<Violation> found) {
        checkPayloads(history, found);
        Set<JobId> purged = purged(history);
        for (Job job : history.rows().values()) {
            if (purged.contains(job.id())) {
                continue; // its payload is gone with it
            }
            if (job.deadReason() == DeadReason.PAYLOAD_MISSING
                    || !history.payloads().containsKey(job.id())) {
                found.add(new Violation(Kind.LOST_CONTENTS, job.id(), "its payload is not there"));
            }
            if (job.state() == JobState.SUCCEEDED && !job.task().startsWith(TaskCatalog.RESERVED)) {
                checkResult(job, history.results().get(job.id()), found);
            }
        }
    }

    private static Set<JobId> purged(History history) {
        return history.events().stream()
                .filter(event -> event instanceof Event.Changed changed
                        && changed.change().equals("purge"))
                .map(event -> ((Event.Changed) event).after().id())
                .collect(Collectors.toSet());
    }

    /** A handler gets the payload its job was created with, or the one that an operator gave it since. */
    private static void checkPayloads(History history, List<Violation> found) {
        Map<JobId, Json> payloads = new HashMap<>();
        Map<JobId, Long> replaced = new HashMap<>();
        for (Event event : history.events()) {
            switch (event) {
                case Event.Created created -> payloads.put(created.job().id(), created.payload());
                case Event.Changed changed
                when changed.change().equals("replaceWaiting") ->
                    payloads.put(changed.after().id(), replacement(changed.after()));
                case Event.Changed changed
                when changed.change().equals("redriveWithPayload") ->
                    replaced.putIfAbsent(changed.after().id(), changed.after().fence());
                case Event.Started started -> {
                    Orders got = started.orders();
                    boolean isReplaced = started.fence() > replaced.getOrDefault(started.id(), Long.MAX_VALUE);
                    boolean right = isReplaced
                            ? got.origin().startsWith(Operators.REPLACED)
                            : isRight(got, payloads.get(started.id()));
                    if (!right) {
                        found.add(
                                new Violation(Kind.LOST_CONTENTS, started.id(), "its handler got the payload " + got));
                    }
                }
                default -> {}
            }
        }
    }

    /** What a request gave a waiting job in the place of its payload; of a payload outside the row, that it is one of those. */
    private static Json replacement(Job replaced) {
        return replaced.payload() instanceof Body.Inline(Json json) ? json : Json.of(UniqueClient.ORIGIN);
    }

    private static boolean isRight(Orders got, @Nullable Json payload) {
        return Json.of(UniqueClient.ORIGIN).equals(payload)
                ? got.origin().startsWith(UniqueClient.ORIGIN)
                : Json.of(got).equals(payload);
    }

    /** The result of a simulated handler is its fence. */
    private static void checkResult(Job job, @Nullable Json result, List<Violation> found) {
        if (!Json.of(job.fence()).equals(result)) {
            found.add(
                    new Violation(Kind.LOST_CONTENTS, job.id(), "its result is " + result + " and not " + job.fence()));
        }
    }
}
