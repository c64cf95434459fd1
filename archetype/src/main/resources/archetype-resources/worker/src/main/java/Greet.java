package ${package};

import dev.longshore.task.JobContext;
import dev.longshore.task.TaskHandler;

/** Greets a customer. */
final class Greet implements TaskHandler<Greet.Request, String> {
    /** @param name the customer's name */
    record Request(String name) {}

    @Override
    public String handle(Request request, JobContext job) {
        return "Hello " + request.name();
    }
}
