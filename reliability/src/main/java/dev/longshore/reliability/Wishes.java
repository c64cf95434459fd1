package dev.longshore.reliability;

import dev.longshore.reliability.SimulatedTasks.Orders;
import java.util.List;
import java.util.Map;

/** What is asked for in {@link Flows} and its parts. */
final class Wishes {
    private Wishes() {}

    static Map<String, Object> brief() {
        return Stage.wish("job", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 0));
    }

    static Map<String, Object> delayed(int seconds) {
        Map<String, Object> wish = brief();
        wish.put("delaySeconds", seconds);
        return wish;
    }

    static List<Map<String, Object>> batch() {
        List<Map<String, Object>> wishes = List.of(
                Stage.wish("one", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 0)),
                Stage.wish("two", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 0)),
                Stage.wish("three", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 0)));
        wishes.forEach(wish -> wish.put("idempotencyKey", "of " + wish.get("tags")));
        return wishes;
    }

    static Map<String, Object> lengthy() {
        return Stage.wish("job", SimulatedTasks.LONG, orders("return", 0, 0, 90, 0));
    }

    static Map<String, Object> parent() {
        return Stage.wish("job", SimulatedTasks.BRIEF, orders("return", 0, 0, 1, 2));
    }

    static Map<String, Object> failing(int times) {
        return Stage.wish("job", SimulatedTasks.BRIEF, orders("return", times, 0, 1, 0));
    }

    static Map<String, Object> snoozing() {
        return Stage.wish("job", SimulatedTasks.BRIEF, orders("return", 0, 1, 1, 0));
    }

    static Map<String, Object> continuing() {
        return Stage.wish("job", SimulatedTasks.BRIEF, orders("continue", 0, 0, 1, 0));
    }

    static Map<String, Object> patient() {
        return Stage.wish("job", SimulatedTasks.PATIENT, orders("return", 1, 0, 1, 0));
    }

    static Map<String, Object> discarded() {
        return Stage.wish("job", SimulatedTasks.BRIEF, orders("discard", 0, 0, 1, 0));
    }

    /** Dies at once, and not a second time. */
    static Map<String, Object> curable() {
        return Stage.wish("job", SimulatedTasks.BRIEF, orders("discard once", 0, 0, 1, 0));
    }

    static Map<String, Object> garbled() {
        return Stage.wish("job", SimulatedTasks.GARBLED, orders("return", 0, 0, 1, 0));
    }

    /** Kills its worker in the first attempt only. */
    static Map<String, Object> crashing(int attempts) {
        Map<String, Object> wish = Stage.wish("job", SimulatedTasks.BRIEF, orders("crash once", 0, 0, 1, 0));
        wish.put("maxAttempts", attempts);
        return wish;
    }

    static Map<String, Object> expiring(Stage stage) {
        Map<String, Object> wish = brief();
        wish.put("expiresAt", stage.world.now().plusSeconds(60).toString());
        return wish;
    }

    static Orders orders(String ending, int failures, int snoozes, int seconds, int children) {
        return new Orders("job", ending, failures, snoozes, seconds, children);
    }
}
