package dev.longshore.client;

import java.util.List;

/** How many jobs of a task, or of several, run at once. */
public final class Limits {
    private final Transport transport;

    Limits(Transport transport) {
        this.transport = transport;
    }

    /** All of them by name. */
    public List<Limit> list() {
        return transport
                .send(Call.of("GET", "/v1/limits"), Answers.Limits.class)
                .limits();
    }

    /**
     * Sets how many jobs run at once, in place of the code's number and until {@link #reset}, also after deployments. Workers read it
     * within 5 s. Jobs above a lower number run to their end.
     *
     * @param concurrent 1 to 1,000
     * @throws NotFoundException when no task has a limit of this name
     * @throws RefusedException when the number is out of range
     */
    public Limit set(String name, int concurrent) {
        Call call = Call.of("PUT", Call.path("limits", name))
                .body(new Fields().with("concurrent", concurrent).values(), "The limit");
        return transport.send(call, Limit.class);
    }

    /**
     * Has the code's number count again. Does nothing where no other is set.
     *
     * @throws NotFoundException when no task has a limit of this name
     */
    public Limit reset(String name) {
        return transport.send(Call.of("DELETE", Call.path("limits", name)), Limit.class);
    }
}
