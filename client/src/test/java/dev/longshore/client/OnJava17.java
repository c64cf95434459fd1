package dev.longshore.client;

import java.time.Duration;
import java.util.Map;

/** What {@link Java17Test} runs on another JDK: enqueues a job, waits for it, closes the client. */
final class OnJava17 {
    record Receipt(int amount) {}

    private OnJava17() {}

    public static void main(String[] arguments) {
        String id;
        Receipt receipt;
        try (Longshore longshore =
                Longshore.builder().url(arguments[0]).key(ScriptedApi.KEY).build()) {
            id = longshore
                    .enqueueAsync("rehearse", Map.of("value", "hello"))
                    .join()
                    .id();
            receipt = longshore.await(id, Duration.ofSeconds(60)).result(Receipt.class);
        }
        System.out.println(Runtime.version().feature() + " " + id + " " + receipt);
    }
}
