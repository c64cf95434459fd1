package dev.longshore.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a {@link WorkerProcess} reads out of its environment, beside what every function has ({@code LONGSHORE_TABLE} …) and
 * {@code LONGSHORE_WORKER}. The CDK construct sets all of it.
 *
 * @param pool {@code LONGSHORE_POOL}: the pool whose queue it polls
 * @param concurrency {@code LONGSHORE_CONCURRENCY}: how many jobs run at once; 1 to 1,000
 * @param drain {@code LONGSHORE_DRAIN_SECONDS}: how long running jobs may continue after SIGTERM; 0 to 90 s, and 90 s when not
 *     set. They are given back in the 25 s after that, and ECS kills a task 120 s after SIGTERM at the latest
 * @param receivedFile {@code LONGSHORE_RECEIVED_FILE}: written after each answer of the queue, for the health check
 */
record ProcessSettings(String pool, int concurrency, Duration drain, Path receivedFile) {
    private static final int LONGEST_DRAIN = 90;

    /** @throws IllegalStateException when a variable is missing or out of its range; it names the variable */
    static ProcessSettings read(Map<String, String> environment) {
        String pool = environment.get("LONGSHORE_POOL");
        if (pool == null || pool.isBlank()) {
            throw new IllegalStateException(
                    "The environment variable LONGSHORE_POOL is not set; it names the pool to poll");
        }
        return new ProcessSettings(
                pool,
                number(environment, "LONGSHORE_CONCURRENCY", 1, 1_000, 1),
                Duration.ofSeconds(number(environment, "LONGSHORE_DRAIN_SECONDS", 0, LONGEST_DRAIN, LONGEST_DRAIN)),
                Path.of(environment.getOrDefault("LONGSHORE_RECEIVED_FILE", "/tmp/longshore-received")));
    }

    private static int number(Map<String, String> environment, String name, int least, int most, int usual) {
        String text = environment.getOrDefault(name, Integer.toString(usual));
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalStateException(refusal(name, least, most, text), e);
        }
        throw new IllegalStateException(refusal(name, least, most, text));
    }

    private static String refusal(String name, int least, int most, String text) {
        return "The environment variable " + name + " takes " + least + " to " + most + ", and got " + text;
    }
}
