package dev.longshore.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.task.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plays EventBridge's rule: calls the dispatcher at the start and then every minute. */
final class Ticker implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("tick").factory());

    private Ticker() {}

    static Ticker start(RequestStreamHandler dispatcher) {
        Ticker ticker = new Ticker();
        var _ = ticker.timer.scheduleAtFixedRate(() -> tick(dispatcher), 0, 60, TimeUnit.SECONDS);
        return ticker;
    }

    private static void tick(RequestStreamHandler dispatcher) {
        byte[] event = Json.of(Map.of(
                        "version", "0",
                        "source", "aws.events",
                        "detail-type", "Scheduled Event",
                        "time", Instant.now().toString(),
                        "detail", Map.of()))
                .utf8();
        try {
            LocalInvocation.invoke(dispatcher, "longshore-dispatcher", TIMEOUT, event);
        } catch (IOException | RuntimeException e) {
            LOG.atError().setCause(e).log("A tick of the dispatcher failed; the next one is in a minute");
        }
    }

    /** Starts no more ticks. */
    void stop() {
        timer.shutdown();
    }

    /** Waits until a tick that runs has ended, for at most this long. */
    void drain(Duration longest) throws InterruptedException {
        if (!timer.awaitTermination(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn(
                    "A tick of the dispatcher is interrupted after {} s; the next start does the rest",
                    longest.toSeconds());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
