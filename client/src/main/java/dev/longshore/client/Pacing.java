package dev.longshore.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Time and chance, as the client's waits use them. Tests give one whose time they set. */
public interface Pacing {
    /** Milliseconds since 1970, for new ids. */
    long now();

    /** A clock that only moves forward, in milliseconds, for time-outs. */
    long elapsed();

    /** Waits. */
    void sleep(Duration duration) throws InterruptedException;

    /** From 0 to below 1, for waits that differ between clients. */
    double random();

    /** The machine's. */
    static Pacing system() {
        return new Pacing() {
            @Override
            public long now() {
                return System.currentTimeMillis();
            }

            @Override
            public long elapsed() {
                return System.nanoTime() / 1_000_000;
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                Thread.sleep(duration.toMillis());
            }

            @Override
            public double random() {
                return ThreadLocalRandom.current().nextDouble();
            }
        };
    }
}
