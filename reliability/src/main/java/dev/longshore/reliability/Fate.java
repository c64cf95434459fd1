package dev.longshore.reliability;

import java.time.Duration;

/** What befalls one call to an engine, before it takes effect or after. */
sealed interface Fate {
    /** Nothing. */
    record Fine() implements Fate {}

    /** Its caller hears of a failure. */
    record Failed() implements Fate {}

    /** Its answer is lost, and after a pause its client makes the same call again, as the SDK does. */
    record Repeated(Duration after) implements Fate {}

    /** Its caller stands still, and goes on later as if nothing had been. */
    record Frozen(Duration time) implements Fate {}

    /** Its caller's whole sandbox is gone. */
    record Crashed() implements Fate {}

    Fate FINE = new Fine();
    Fate FAILED = new Failed();
    Fate CRASHED = new Crashed();

    /** Decides over the fate of calls. */
    interface Weather {
        Fate before(Sandbox caller, String call);

        Fate after(Sandbox caller, String call);

        /** Whether a call fails that is made under a lock, where nobody can freeze or crash. */
        default boolean failsUnderALock(Sandbox caller, String call) {
            return false;
        }

        /** Whether a request of many messages is taken only in part. */
        default boolean takesOnlySome() {
            return false;
        }

        /** Whether the index answers as it did the last time it was asked. */
        default boolean indexLags() {
            return false;
        }

        Weather FAIR = new Weather() {
            @Override
            public Fate before(Sandbox caller, String call) {
                return FINE;
            }

            @Override
            public Fate after(Sandbox caller, String call) {
                return FINE;
            }
        };
    }
}
