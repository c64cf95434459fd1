package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobQueue;
import dev.longshore.job.JobQueue.Depth;
import dev.longshore.memory.SettableClock;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Backoffs wait in the due index while too many messages of a pool are in flight. */
class InFlightGaugeTest {
    private final SettableClock clock = SettableClock.atNoon();
    private Depth depth = new Depth(0, 0, 0, 0, null);
    private int looks;
    private final InFlightGauge gauge = new InFlightGauge(queue(), clock);

    private JobQueue queue() {
        return (JobQueue) Proxy.newProxyInstance(
                JobQueue.class.getClassLoader(), new Class<?>[] {JobQueue.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("depth");
                    looks++;
                    return depth;
                });
    }

    @Test
    void itIsHighAboveSixtyThousandMessagesInFlight() {
        depth = new Depth(0, InFlightGauge.HIGH, 0, 0, null);
        assertThat(afterManyFailures()).isFalse();

        clock.advance(Duration.ofMinutes(1));
        depth = new Depth(0, InFlightGauge.HIGH + 1, 0, 0, null);
        assertThat(afterManyFailures()).isTrue();
    }

    @Test
    void messagesThatWaitOrAreDelayedOrDeadAreNotInFlight() {
        depth = new Depth(1_000_000, 0, 1_000_000, 1_000_000, null);

        assertThat(afterManyFailures()).isFalse();
    }

    @Test
    void whatWasHighStaysSoUntilALookSaysOtherwise() {
        depth = new Depth(0, 70_000, 0, 0, null);
        afterManyFailures();
        depth = new Depth(0, 0, 0, 0, null);

        clock.advance(Duration.ofMinutes(1));
        assertThat(gauge.isHigh("default")).isTrue();
        assertThat(afterManyFailures()).isFalse();
    }

    @Test
    void theQueueIsAskedOnlyWhenFailuresAreManyAndOnceAMinute() {
        gauge.isHigh("default");
        assertThat(looks).isZero();

        afterManyFailures();
        afterManyFailures();
        assertThat(looks).isEqualTo(1);
    }

    private boolean afterManyFailures() {
        boolean high = false;
        for (int failure = 0; failure < InFlightGauge.MANY_FAILURES; failure++) {
            high = gauge.isHigh("default");
        }
        return high;
    }
}
