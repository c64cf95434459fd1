package dev.longshore.reliability;

import dev.longshore.reliability.SimulatedTasks.Orders;
import java.util.List;
import java.util.Map;

/** The requests that {@link Flows} and its parts send. */
final class SampleRequests {
    private SampleRequests() {}

    static Map<String, Object> brief() {
        return Stage.request("job", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 0));
    }

    static Map<String, Object> delayed(int seconds) {
        Map<String, Object> request = brief();
        request.put("delaySeconds", seconds);
        return request;
    }

    static List<Map<String, Object>> batch() {
        List<Map<String, Object>> requests = List.of(
                Stage.request("one", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 0)),
                Stage.request("two", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 0)),
                Stage.request("three", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 0)));
        requests.forEach(request -> request.put("idempotencyKey", "of " + request.get("tags")));
        return requests;
    }

    static Map<String, Object> lengthy() {
        return Stage.request("job", SimulatedTasks.LONG, orders("return", 0, 0, 90, 0));
    }

    static Map<String, Object> parent() {
        return Stage.request("job", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 2));
    }

    static Map<String, Object> failing(int times) {
        return Stage.request("job", SimulatedTasks.BRIEF, orders("return", times, 0, 1, 0));
    }

    static Map<String, Object> snoozing() {
        return Stage.request("job", SimulatedTasks.BRIEF, orders("return", 0, 1, 1, 0));
    }

    static Map<String, Object> continuing() {
        return Stage.request("job", SimulatedTasks.BRIEF, orders("continue", 0, 0, 1, 0));
    }

    static Map<String, Object> patient() {
        return Stage.request("job", SimulatedTasks.PATIENT, orders("return", 1, 0, 1, 0));
    }

    static Map<String, Object> discarded() {
        return Stage.request("job", SimulatedTasks.BRIEF, orders("discard", 0, 0, 1, 0));
    }

    /** Dies at once, and not a second time. */
    static Map<String, Object> curable() {
        return Stage.request("job", SimulatedTasks.BRIEF, orders("discard once", 0, 0, 1, 0));
    }

    static Map<String, Object> garbled() {
        return Stage.request("job", SimulatedTasks.GARBLED, orders("return", 0, 0, 1, 0));
    }

    /** Kills its worker in the first attempt only. */
    static Map<String, Object> crashing(int attempts) {
        Map<String, Object> request = Stage.request("job", SimulatedTasks.BRIEF, orders("crash once", 0, 0, 1, 0));
        request.put("maxAttempts", attempts);
        return request;
    }

    static Map<String, Object> expiring(Stage stage) {
        Map<String, Object> request = brief();
        request.put("expiresAt", stage.world.now().plusSeconds(60).toString());
        return request;
    }

    static Orders orders(String ending, int failures, int snoozes, int seconds, int children) {
        return new Orders("job", ending, failures, snoozes, seconds, children);
    }
}
