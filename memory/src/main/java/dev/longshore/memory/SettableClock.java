package dev.longshore.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that only a test moves: a day of retries passes in a millisecond. */
public final class SettableClock implements InstantSource {
    private final AtomicReference<Instant> now;

    public SettableClock(Instant start) {
        now = new AtomicReference<>(start);
    }

    /** A clock at some ordinary Tuesday noon. */
    public static SettableClock atNoon() {
        return new SettableClock(Instant.parse("2026-03-10T12:00:00Z"));
    }

    /**
     * A clock at noon of the machine's day, for tests on engines that go by the machine's clock too: DynamoDB Local removes rows
     * whose end that clock has passed, and an ordinary Tuesday is long ago.
     */
    public static SettableClock atNoonToday() {
        return new SettableClock(Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(12)));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    public Instant advance(Duration by) {
        return now.updateAndGet(before -> before.plus(by));
    }

    public void set(Instant to) {
        now.set(to);
    }
}
