package dev.longshore.reliability;

import java.time.Duration;

/** What happens to one call of an engine, before it takes effect or after. */
sealed interface Fault {
    /** Nothing. */
    record Fine() implements Fault {}

    /** Its caller gets an exception. */
    record Failed() implements Fault {}

    /** Its answer is lost, and after a pause its client makes the same call again, as the SDK does. */
    record Repeated(Duration after) implements Fault {}

    /** Its caller freezes, and continues later without noticing it. */
    record Frozen(Duration time) implements Fault {}

    /** Its caller's whole sandbox ends. */
    record Crashed() implements Fault {}

    Fault FINE = new Fine();
    Fault FAILED = new Failed();
    Fault CRASHED = new Crashed();
}
