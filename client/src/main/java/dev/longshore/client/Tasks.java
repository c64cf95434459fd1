package dev.longshore.client;

import java.util.List;

/** What jobs there can be. */
public final class Tasks {
    private final Transport transport;

    Tasks(Transport transport) {
        this.transport = transport;
    }

    /** All of them. */
    public List<TaskInfo> list() {
        return transport.send(Call.of("GET", "/v1/tasks"), Answers.Tasks.class).tasks();
    }

    /** No more jobs of the task start; those that run continue to their end. */
    public PauseState pause(String task) {
        return transport.send(Call.of("POST", Call.path("tasks", task, "pause")), PauseState.class);
    }

    /** Its jobs start again. */
    public PauseState resume(String task) {
        return transport.send(Call.of("POST", Call.path("tasks", task, "resume")), PauseState.class);
    }
}
