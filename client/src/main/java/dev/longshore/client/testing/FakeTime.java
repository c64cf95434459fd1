package dev.longshore.client.testing;

import dev.longshore.client.Pacing;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that waits move forward. */
final class FakeTime implements Pacing {
    private final AtomicLong slept = new AtomicLong();

    @Override
    public long now() {
        return System.currentTimeMillis() + slept.get();
    }

    @Override
    public long elapsed() {
        return slept.get();
    }

    @Override
    public void sleep(Duration duration) {
        slept.addAndGet(duration.toMillis());
    }

    @Override
    public double random() {
        return 0.5;
    }
}
