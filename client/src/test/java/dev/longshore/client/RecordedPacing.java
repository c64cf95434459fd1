package dev.longshore.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Waits take no time and are kept. */
final class RecordedPacing implements Pacing {
    final List<Duration> waits = new ArrayList<>();
    private long slept;

    @Override
    public long now() {
        return 1_795_000_000_000L + slept;
    }

    @Override
    public long elapsed() {
        return slept;
    }

    @Override
    public void sleep(Duration duration) {
        waits.add(duration);
        slept += duration.toMillis();
    }

    @Override
    public double random() {
        return 0.5;
    }
}
