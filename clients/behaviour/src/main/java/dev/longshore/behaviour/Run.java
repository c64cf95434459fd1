package dev.longshore.behaviour;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One row of the table while a client runs it: the faults that are left, and the requests so far. */
final class Run {
    private final String id;
    private final List<Planned> plan = new ArrayList<>();
    private final List<Received> requests = new ArrayList<>();

    private static final class Planned {
        final Fault fault;
        int left;

        Planned(Fault fault) {
            this.fault = fault;
            this.left = fault.count();
        }
    }

    /**
     * A request as the front received it.
     *
     * @param path without the run's prefix and the query; of an upload {@code /uploads}
     * @param headers by lower-case name; of a header with a secret only that it is there
     * @param idempotency the header Idempotency-Key, or else the keys and ids of the body's jobs; null when there is none
     * @param jobs how many jobs it has; 0 when it enqueues none
     * @param fault what was injected
     */
    record Received(
            String method,
            String path,
            Map<String, String> headers,
            @Nullable String idempotency,
            int jobs,
            Fault.Kind fault) {}

    Run(String id, List<Fault> faults) {
        this.id = id;
        faults.forEach(fault -> plan.add(new Planned(fault)));
    }

    String id() {
        return id;
    }

    /** The tag that this run's jobs have. */
    String tag() {
        return "run-" + id;
    }

    /** Takes the first fault that is left for such a request; null when there is none. */
    synchronized @Nullable Fault next(String method, String path) {
        for (Planned planned : plan) {
            if (planned.left > 0 && planned.fault.isFor(method, path)) {
                planned.left--;
                return planned.fault;
            }
        }
        return null;
    }

    synchronized void add(Received request) {
        requests.add(request);
    }

    synchronized List<Received> requests() {
        return List.copyOf(requests);
    }

    /** How many faults were not injected. */
    synchronized int left() {
        return plan.stream().mapToInt(planned -> planned.left).sum();
    }
}
