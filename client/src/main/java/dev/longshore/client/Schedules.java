package dev.longshore.client;

import java.util.stream.Stream;

/** Jobs by the clock. */
public final class Schedules {
    private final Transport transport;

    Schedules(Transport transport) {
        this.transport = transport;
    }

    /**
     * Makes the schedule, or changes the one of that name.
     *
     * @param name 1 to 64 of a-z, 0-9 and {@code -}
     */
    public Schedule put(String name, ScheduleRequest request) {
        Call call = Call.of("PUT", Call.path("schedules", name))
                .body(request.fields().values(), "The schedule");
        return transport.send(call, Schedule.class);
    }

    /** One of them. */
    public Schedule get(String name) {
        return transport.send(Call.of("GET", Call.path("schedules", name)), Schedule.class);
    }

    /** All of them by name, without payloads. */
    public Stream<Schedule> list() {
        return Pages.stream(cursor -> {
            Call call = Call.of("GET", "/v1/schedules").query("limit", 100).query("cursor", cursor);
            Answers.Schedules page = transport.send(call, Answers.Schedules.class);
            return new Page<>(page.schedules(), page.cursor());
        });
    }

    /** Deletes it. Jobs that were made ahead of their time are cancelled; others stay. */
    public void delete(String name) {
        transport.send(Call.of("DELETE", Call.path("schedules", name)));
    }

    /** Makes one job at once, also while the schedule is paused. Not repeated when its answer is lost: that would make a second job. */
    public Job run(String name) {
        return transport.send(
                Call.of("POST", Call.path("schedules", name, "run")).once(), Job.class);
    }

    /** It makes no jobs by itself. */
    public Schedule pause(String name) {
        return transport.send(Call.of("POST", Call.path("schedules", name, "pause")), Schedule.class);
    }

    /** It continues with its next instant. */
    public Schedule resume(String name) {
        return transport.send(Call.of("POST", Call.path("schedules", name, "resume")), Schedule.class);
    }
}
