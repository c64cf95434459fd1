package dev.longshore.client;

import java.util.List;

/** Pools: how full each is, and pauses. */
public final class Queues {
    private final Transport transport;

    Queues(Transport transport) {
        this.transport = transport;
    }

    /** All of them. */
    public List<Queue> list() {
        return transport
                .send(Call.of("GET", "/v1/queues"), Answers.Queues.class)
                .queues();
    }

    /** No more jobs of the pool start; those that run continue to their end. */
    public PauseState pause(String pool) {
        return transport.send(Call.of("POST", Call.path("queues", pool, "pause")), PauseState.class);
    }

    /** Its jobs start again. */
    public PauseState resume(String pool) {
        return transport.send(Call.of("POST", Call.path("queues", pool, "resume")), PauseState.class);
    }
}
