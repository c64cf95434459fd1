package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TickerTest {
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<String> end = new AtomicReference<>("none");

    private Ticker ticking() throws InterruptedException {
        Ticker ticker = Ticker.start((event, response, context) -> {
            running.countDown();
            try {
                release.await();
                end.set("finished");
            } catch (InterruptedException e) {
                end.set("interrupted");
            }
            ended.countDown();
        });
        running.await();
        return ticker;
    }

    @Test
    void tickThatRunsIsAwaitedWhenTheRuntimeStops() throws InterruptedException {
        Ticker ticker = ticking();

        ticker.stop();
        release.countDown();
        ticker.drain(Duration.ofMinutes(1));
        ticker.close();

        assertThat(end).hasValue("finished");
    }

    @Test
    void tickThatTakesTooLongIsInterrupted() throws InterruptedException {
        Ticker ticker = ticking();

        ticker.stop();
        ticker.drain(Duration.ZERO);
        ticker.close();
        ended.await();

        assertThat(end).hasValue("interrupted");
    }
}
